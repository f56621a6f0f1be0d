import type { Tlp } from '@tidewaiter/protocol/api'
import { refuse } from '../../error.ts'
import { normalValue } from '../../index/normal-value.ts'
import { openReader, type Reader, type Reading } from '../reading.ts'
import { guess } from './guess.ts'
import type { Json } from './json.ts'
import { isObject, listOf, textOf } from './stix-object.ts'
import { toTime } from './time.ts'
import { strictest, toTlp } from './tlp.ts'
import { type Named, typeNamed, whyUnobserved } from './type-words.ts'

type Part = Record<string, unknown>

/**
 * Events of MISP as it exports them (`misp-core-format`): one, a list, or the answer to a search. Where the source marks
 * what it means for detection (`to_ids`), only that is taken. Throws `indicator-file-refused` for anything else.
 */
export function readMisp(json: Json): Reading {
  const found = contentOf(json.value)
  if (found === undefined)
    throw refuse('indicator-file-refused', 'This is JSON, but not of MISP: it has neither Event nor Attribute.')
  const reader = openReader()
  for (const { event, attributes } of found) {
    const isMarked = attributes.some(({ to_ids }) => to_ids === true)
    if (!isMarked && attributes.length > 0)
      reader.warn({ line: json.lineOf(event), value: textOf(event.info) ?? 'Attribute', why: unmarked })
    for (const attribute of attributes)
      if (attribute.deleted !== true) take(reader, { event, attribute, line: json.lineOf(attribute), isMarked })
  }
  return reader.done()
}

const unmarked = 'Its source marks none of its values for detection (to_ids): all of them are taken.'

export function isMisp(value: unknown): boolean {
  return contentOf(value) !== undefined
}

interface Content {
  event: Part
  attributes: Part[]
}

function contentOf(value: unknown): Content[] | undefined {
  const response = isObject(value) && value.response !== undefined ? value.response : value
  const parts = listOf(response) ?? [response]
  const found = parts.flatMap((part) => {
    if (!isObject(part)) return []
    const event = isObject(part.Event) ? part.Event : part
    return listOf(event.Attribute) || listOf(event.Object) ? [{ event, attributes: attributesOf(event) }] : []
  })
  return found.length > 0 && found.length === parts.length ? found : undefined
}

function attributesOf(event: Part): Part[] {
  const objects = (listOf(event.Object) ?? []).filter(isObject)
  return [event, ...objects].flatMap(({ Attribute }) => (listOf(Attribute) ?? []).filter(isObject))
}

interface Found {
  event: Part
  attribute: Part
  line: number
  isMarked: boolean
}

function take(reader: Reader, found: Found): void {
  const { attribute, line, isMarked } = found
  const [type, value] = [textOf(attribute.type), textOf(attribute.value)]
  if (type === undefined || value === undefined) {
    reader.refuse({ line, value: textOf(attribute.uuid) ?? 'Attribute', why: 'It has no type or no value.' })
    return
  }
  if (isMarked && attribute.to_ids !== true) {
    reader.leaveOut({ line, value, why: 'Its source does not mean it for detection (to_ids).' })
    return
  }
  const parts = partsOf(type, value)
  if (parts.length === 0) reader.leaveOut({ line, value, why: whyUnobserved(type) })
  for (const part of parts) takePart(reader, found, part)
}

interface TypedText {
  type: Exclude<Named, 'unobserved'>
  text: string
}

/** Of a file its hash is sought, of an address or name with a port the address or name; `domain|ip` are two values. */
function partsOf(type: string, value: string): TypedText[] {
  const words = type.split('|')
  const bar = value.lastIndexOf('|')
  const texts = words.length === 1 ? [value] : [value.slice(0, bar), value.slice(bar + 1)]
  const parts = words.flatMap((word, at) => {
    const named = typeNamed(word)
    // A link leads to the report.
    const isSought = named !== undefined && named !== 'unobserved' && word !== 'link'
    return isSought ? [{ type: named, text: texts[at] ?? '' }] : []
  })
  return words.length === 1 ? parts : parts.filter(({ type }) => type !== 'file-name' && type !== 'port')
}

function takePart(reader: Reader, found: Found, { type, text }: TypedText): void {
  const { line } = found
  const said = describe(found)
  const guessed = type === 'guess' || normalValue(type, text) === undefined ? guess(text) : undefined
  const draft = guessed ?? (type === 'guess' ? undefined : { type, value: text })
  if (draft === undefined) reader.refuse({ line, value: text, why: 'What this is cannot be told.' })
  else reader.take({ ...said, line, type: draft.type, value: draft.value, as: text })
}

function describe({ event, attribute }: Found) {
  const tlp = tlpOf(attribute) ?? tlpOf(event)
  const validFrom = toTime((textOf(attribute.first_seen) ?? '').replace(/\+0000$/, 'Z'))
  const note = [textOf(event.info), textOf(attribute.comment), textOf(attribute.uuid)]
  return {
    note: note.filter((part) => part !== undefined && part !== '').join(' · '),
    ...(tlp !== undefined && { tlp }),
    ...(validFrom !== undefined && { validFrom }),
  }
}

function tlpOf({ Tag }: Part): Tlp | undefined {
  const names = (listOf(Tag) ?? []).flatMap((tag) => (isObject(tag) ? (textOf(tag.name) ?? []) : []))
  return strictest(names.flatMap((name) => (/^tlp:/i.test(name) ? (toTlp(name) ?? []) : [])))
}
