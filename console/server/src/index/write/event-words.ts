import type { Event } from '../../decode/decoder.ts'
import { cut, mostColumn } from '../clean.ts'
import { part, textOf } from '../part.ts'
import type { Privacy } from '../private-numbers.ts'
import { fold, markName, markOf, mostMarked, mostText } from '../words.ts'
import { eachMarked } from './marked.ts'
import { openMemory } from './remembered.ts'

/** Texts of an event in the order of `wordColumns`; null for none. */
export type EventWords = readonly [text: string, marks: string, command: Own, url: Own, agent: Own]
type Own = string | null

/** @param addresses keys of every address of the event */
export type ToWords = (event: Event, addresses: readonly string[]) => EventWords

/** Gathers what can be found of an event by its words. Private numbers are hidden in all of it. */
export function wordsMaker(privacy: Privacy): ToWords {
  const clean = (text: string) => privacy.hide(cut(text, mostText))
  const markOfValue = openMarks(privacy)
  return (event, addresses) => {
    let marks = ''
    eachMarked(event, (field, value) => {
      marks += `${markOfValue(field, value)} `
    })
    for (const key of addresses) marks += `${key} `
    const command = textOf(part(event.process)?.command_line)
    const url = textOf(part(event.url)?.original) ?? textOf(part(event.url)?.full)
    const agent = textOf(part(event.user_agent)?.original)
    if (command !== undefined) marks += `${markName('command')} `
    if (url !== undefined) marks += `${markName('url')} `
    if (agent !== undefined) marks += `${markName('agent')} `
    const text = withColumns(clean(event.event.original ?? leavesOf(event)), event, clean)
    return [fold(text), marks, own(command), own(url), own(agent)]
  }

  function own(text: string | undefined): string | null {
    return text === undefined ? null : fold(clean(text))
  }
}

const mostFields = 2000

function openMarks(privacy: Privacy) {
  const fields = new Map<string, (value: string) => string>()
  let memory = openMemory()
  return (field: string, value: string): string => {
    let mark = fields.get(field)
    if (mark === undefined) {
      // Names of fields below a group come from the host.
      if (fields.size >= mostFields) {
        fields.clear()
        memory = openMemory()
      }
      mark = memory.of((text) => markOf(field, privacy.hide(text)))
      fields.set(field, mark)
    }
    return mark(cut(value, mostMarked))
  }
}

/** Values that are searched by a column of their own: whoever asks for one asks for its words first (`query/meaning.ts`). */
function withColumns(text: string, event: Event, clean: (text: string) => string): string {
  const user = part(event.user)
  const process = part(event.process)
  let all = text
  const add = (value: unknown) => {
    if (typeof value !== 'string' || value === '') return
    const held = cut(value, mostColumn)
    if (!standsIn(text, held)) all += `\n${clean(held)}`
  }
  add(user?.name)
  add(part(user?.target)?.name)
  add(process?.name)
  add(process?.executable)
  add(part(process?.hash)?.sha256)
  add(part(event.service)?.name)
  add(part(event.file)?.path)
  return all
}

/** True when the value stands in the text and its first and last words are whole there. */
function standsIn(text: string, value: string): boolean {
  const from = text.indexOf(value)
  if (from < 0) return false
  const to = from + value.length
  const joinsBefore = isOfWord(text.charCodeAt(from - 1)) && isOfWord(value.charCodeAt(0))
  const joinsBehind = isOfWord(text.charCodeAt(to)) && isOfWord(value.charCodeAt(value.length - 1))
  return !joinsBefore && !joinsBehind
}

/** As `wordsOf` and the tokenizer cut, before case is folded; NaN beyond the ends is none. */
function isOfWord(code: number): boolean {
  return code >= 128 || (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90)
}

const mostLeaves = 1000
const mostDepth = 16

/** Everything an event says, for those whose source is no text. */
function leavesOf(event: Event): string {
  const { tidewaiter: _ours, ...said } = event
  const texts: string[] = []
  gather(said, texts, 0)
  return texts.join('\n')
}

function gather(value: unknown, texts: string[], depth: number): void {
  if (texts.length >= mostLeaves || depth > mostDepth) return
  const text = textOf(value)
  if (text !== undefined) texts.push(text)
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) gather(inner, texts, depth + 1)
}
