import type { Event } from './decoder.ts'

/** Lines of a log that say one thing together, in their order. Plain JSON: it is saved with the state of its source. */
export interface EntryLines {
  ids: string[]
  texts: string[]
}

/** What a line is: an entry by itself, or the first of one, or one that goes on from the line before or ends its entry. */
export type Part = 'only' | 'first' | 'next' | 'last'

/** Gathers lines that come one after the other. */
export interface EntryGatherer {
  /** The entries that are complete with this line. */
  push(id: string, text: string): EntryLines[]
  end(): EntryLines[]
  open(): EntryLines | undefined
}

/** What is open stays below 64 KiB as JSON with its ids, and its ids below 1 KiB in the row of the index. */
const most = { lines: 56, jsonCharacters: 36_000 }

/**
 * @param partOf `open` is the entry that the line may go on from: undefined where none is open. A line that goes on from
 *   nothing is an entry by itself, and so is what comes beyond the bounds.
 * @param before where the gatherer before this one stopped
 */
export function entryGatherer(
  partOf: (text: string, open: EntryLines | undefined) => Part,
  before?: EntryLines,
): EntryGatherer {
  let open = before
  let characters = before === undefined ? 0 : before.texts.reduce((sum, text) => sum + lengthOf(text), 0)

  function end(): EntryLines[] {
    const done = open === undefined ? [] : [open]
    open = undefined
    characters = 0
    return done
  }

  return {
    push(id, text) {
      const part = partOf(text, open)
      const goesOn = open !== undefined && (part === 'next' || part === 'last')
      const done = goesOn ? [] : end()
      if (!goesOn && part !== 'first') return [...done, { ids: [id], texts: [text] }]
      const length = lengthOf(text)
      if (characters + length > most.jsonCharacters) return [...done, ...end(), { ids: [id], texts: [text] }]
      open ??= { ids: [], texts: [] }
      open.ids.push(id)
      open.texts.push(text)
      characters += length
      return part === 'last' || open.ids.length === most.lines ? [...done, ...end()] : done
    },
    end,
    open: () => open,
  }
}

/** Characters that JSON writes longer than they are. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/

function lengthOf(text: string): number {
  // Longer than the bound whatever it holds.
  if (text.length > most.jsonCharacters) return text.length
  return escaped.test(text) ? JSON.stringify(text).length : text.length + 2
}

/** The event of an entry before anyone has read a meaning into it: its lines as they stood. */
export function entryEvent({ ids, texts }: EntryLines, dataset: string): Event {
  const original = texts.join('\n')
  const [record = ''] = ids
  return {
    event: { kind: 'event', dataset, category: ['host'], type: ['info'], original },
    message: original,
    tidewaiter: {
      record,
      ...(ids.length > 1 && { records: ids }),
      ...(original.includes('\uFFFD') && { encoding: 'binary' }),
    },
  }
}

/** The event of an entry that could not be read. */
export function unreadableEntry(entry: EntryLines, says: string): Event {
  const event = entryEvent(entry, 'text')
  event.event.kind = 'pipeline_error'
  event.error = { message: says }
  return event
}

/** A line as it was written: what Windows puts before its line feed belongs to no line. */
export function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}
