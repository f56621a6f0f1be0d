import { refuse } from '../../error.ts'
import { type Draft, openReader, type Reader, type Reading } from '../reading.ts'
import type { Json } from './json.ts'
import { type Markings, markingsOf, tlpOf } from './stix-marking.ts'
import { breachOf, isObject, listOf, type StixObject, stixTime, textOf } from './stix-object.ts'
import { parsePattern } from './stix-pattern.ts'
import { toValue } from './stix-value.ts'

/**
 * A STIX 2.1 bundle (or a list of objects, or one object): its indicators. Each value of a pattern becomes an indicator
 * of its own. An object that breaks the standard, and a pattern we cannot match exactly, are refused by name.
 * Throws `indicator-file-refused` when the file holds anything but STIX objects.
 */
export function readStix(json: Json): Reading {
  const reader = openReader()
  readObjects(reader, json, objectsOf(json.value))
  return reader.done()
}

function objectsOf(value: unknown): unknown[] {
  if (Array.isArray(value) && value.length > 0) return value
  if (!isObject(value)) throw noStix()
  // `objects` of a bundle may be left out (section 8).
  return listOf(value.objects) ?? (value.type === 'bundle' ? [] : [value])
}

function noStix() {
  return refuse('indicator-file-refused', 'This is JSON, but not a STIX bundle: it has no list of objects with a type.')
}

/** Takes the indicators among STIX objects. One thing that is none makes it another kind of file. */
export function readObjects(reader: Reader, { lineOf }: Pick<Json, 'lineOf'>, objects: readonly unknown[]): void {
  const all = objects.map((object) => {
    if (!isObject(object) || textOf(object.type) === undefined) throw noStix()
    return object
  })
  const markings = markingsOf(all)
  const newest = newestOf(all)
  const seen = new Set<string>()
  for (const object of all) {
    const line = lineOf(object)
    const id = textOf(object.id) ?? textOf(object.type) ?? 'object'
    const version = versionOf(object)
    const broken = breachOf(object)
    if (broken !== undefined) reader.refuse({ line, value: id, why: broken })
    else if (object.type === 'indicator' && !seen.has(version)) {
      if (newest.get(id) === version) take(reader, { object, line, id, markings })
      else reader.warn({ line, value: id, why: 'A later version of it is in the same file: only that one counts.' })
    }
    seen.add(version)
  }
}

/** The same version of an object may come twice; a later version is another one (STIX 2.1, 3.6). */
function versionOf({ id, modified }: StixObject): string {
  return `${textOf(id) ?? ''} ${stixTime(modified) ?? ''}`
}

/** The newest version of each object. */
function newestOf(objects: readonly StixObject[]): ReadonlyMap<string, string> {
  const newest = new Map<string, string>()
  for (const object of objects) {
    const id = textOf(object.id) ?? ''
    const version = versionOf(object)
    if (version > (newest.get(id) ?? '')) newest.set(id, version)
  }
  return newest
}

interface Found {
  object: StixObject
  line: number
  id: string
  markings: Markings
}

function take(reader: Reader, found: Found): void {
  const drafts = draftsOf(found)
  if (typeof drafts === 'string')
    reader.leaveOut({ line: found.line, value: textOf(found.object.pattern) ?? found.id, why: drafts })
  else for (const draft of drafts) reader.take(draft)
}

/** The values of an indicator, or why it cannot be taken. */
function draftsOf(found: Found): Draft[] | string {
  const { object, line } = found
  const { pattern_type: language = 'stix' } = object
  const text = textOf(object.pattern)
  if (object.revoked === true) return 'Its source has revoked it. If it is in the list, expire it.'
  if (language !== 'stix')
    return `pattern_type ${JSON.stringify(language).slice(0, 40)} is not supported: only stix is.`
  if (text === undefined) return 'It has no pattern.'
  if (object.valid_from === undefined) return 'valid_from is missing.'
  const pattern = parsePattern(text)
  if (!pattern.ok) return pattern.says
  const said = describe(found)
  const drafts: Draft[] = []
  for (const equality of pattern.anyOf) {
    const value = toValue(equality)
    // All or nothing: half of an OR would be sighted less often than its source meant, and nobody would know.
    if (value === undefined) return `${equality.path.slice(0, 100)} is nothing this console observes.`
    drafts.push({ ...said, ...value, line })
  }
  return drafts
}

function describe({ object, id, markings }: Found): Partial<Draft> {
  const tlp = tlpOf(object, markings)
  const [validFrom, validUntil] = [stixTime(object.valid_from), stixTime(object.valid_until)]
  const { confidence } = object
  const isPercent =
    typeof confidence === 'number' && Number.isInteger(confidence) && confidence >= 0 && confidence <= 100
  return {
    note: [textOf(object.name), textOf(object.description), id].filter((part) => part !== undefined).join(' · '),
    ...(isPercent && { confidence }),
    ...(tlp !== undefined && { tlp }),
    ...(validFrom !== undefined && { validFrom }),
    ...(validUntil !== undefined && { validUntil }),
  }
}
