import type { DecodeRecord, Decoder, Event, ReadMessage } from '../decoder.ts'
import { addMessage, textEvent, unreadable } from '../document.ts'
import { countIn, parseRow, type Row, textIn } from '../row.ts'
import { toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { readIso } from '../written.ts'
import { objects } from './cut.ts'

const dataset = 'macos-unified-log'

/**
 * What `log show` and `log stream` print of the unified log of macOS with `--style ndjson` or `--style json` (log(1)). What
 * a message hid as `<private>` is not in it.
 */
export function macosUnifiedLog(read: ReadMessage): Decoder {
  return {
    id: dataset,
    title: 'Unified log of macOS (`log show --style ndjson`)',
    reads: ({ source }) => source === dataset || source.startsWith(`${dataset}:`),
    detects,
    cut: objects,
    start(context) {
      const place = timeline(context)
      return { push: (record) => toEvents(record, place, read), end: () => [], state: () => undefined }
    },
  }
}

/** The first object within what is looked at has names that no other format has together. */
function detects(sample: Uint8Array): boolean {
  const text = toText(sample.subarray(0, 16_384))
  const at = text.indexOf('{')
  if (at < 0 || !/^\uFEFF?(?:Filtering the log data[^\n]*\n)?[\s[]*$/.test(text.slice(0, at))) return false
  const first = text.slice(at, at + 8192)
  return ['machTimestamp', 'eventMessage', 'processImagePath'].every((name) => first.includes(`"${name}"`))
}

function toEvents(record: DecodeRecord, place: Timeline, read: ReadMessage): Event[] {
  const text = toText(record.bytes)
    .trim()
    .replace(/^[\s,[]+/, '')
  if (text === '' || /^[\],\s]*$/.test(text)) return []
  const row = parseRow(text)
  if (row === undefined) {
    if (text.startsWith('Filtering the log data')) return [textEvent(record, dataset, text)]
    return [unreadable(record, dataset, { says: 'This is no entry of the unified log.', text })]
  }
  return [
    textIn(row, 'timestamp') === undefined ? footer(record, row, text) : entryEvent(record, row, { text, place, read }),
  ]
}

/** The last line counts what was printed before it. */
function footer(record: DecodeRecord, row: Row, text: string): Event {
  const count = countIn(row, 'count')
  if (count === undefined) return unreadable(record, dataset, { says: 'This entry has no time.', text })
  const event = textEvent(record, dataset, text)
  event.message = `${count} entries were printed${row.finished === 1 ? '' : ', and not all there were'}`
  event.event.action = 'log-printed'
  return event
}

interface Work {
  text: string
  place: Timeline
  read: ReadMessage
}

function entryEvent(record: DecodeRecord, row: Row, { text, place, read }: Work): Event {
  const event = textEvent(record, dataset, text)
  event.message = textIn(row, 'eventMessage') ?? ''
  addTime(event, textIn(row, 'timestamp') ?? '', place)
  const program = addProcess(event, row)
  const level = textIn(row, 'messageType')
  if (level !== undefined) event.log = { level: level.toLowerCase() }
  event.tidewaiter.unified_log = detailsOf(row)
  // The system could not keep up, and says how much it gave up.
  if (row.eventType === 'lossEvent') Object.assign(event.event, { action: 'log-entries-lost', outcome: 'failure' })
  const found = program === undefined ? undefined : read(event.message, program)
  if (found !== undefined) addMessage(event, found.id, found.message)
  return event
}

/** `2026-06-29 15:54:42.063082+0200`. */
function addTime(event: Event, raw: string, place: Timeline): void {
  const reading = readIso(raw, 0)
  if (reading === undefined || reading.end !== raw.length) {
    event.tidewaiter.time = { raw }
    return
  }
  const { at, time } = place(raw, reading.written)
  if (at !== undefined) event['@timestamp'] = at
  if (time !== undefined) event.tidewaiter.time = time
}

function addProcess(event: Event, row: Row): string | undefined {
  const [executable, pid, thread, user] = [
    textIn(row, 'processImagePath'),
    countIn(row, 'processID'),
    countIn(row, 'threadID'),
    countIn(row, 'userID'),
  ]
  const name = executable?.slice(executable.lastIndexOf('/') + 1)
  const process = {
    ...(pid !== undefined && { pid }),
    ...(name !== undefined && { name, executable }),
    ...(thread !== undefined && { thread: { id: thread } }),
  }
  if (Object.keys(process).length > 0) event.process = process
  if (user !== undefined) event.user = { id: String(user) }
  return name
}

const details: readonly (readonly [name: string, field: string])[] = [
  ['subsystem', 'subsystem'],
  ['category', 'category'],
  ['type', 'eventType'],
  ['sender', 'senderImagePath'],
  ['boot', 'bootUUID'],
  ['format', 'formatString'],
  ['signpost', 'signpostName'],
]

function detailsOf(row: Row): Record<string, unknown> {
  const found = details.flatMap(([name, field]): [string, unknown][] => {
    const text = textIn(row, field)
    return text === undefined ? [] : [[name, text.slice(0, 1024)]]
  })
  const activity = countIn(row, 'activityIdentifier')
  return { ...Object.fromEntries(found), ...(activity !== undefined && activity > 0 && { activity }) }
}
