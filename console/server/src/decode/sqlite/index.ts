import { damagedEvent } from '../damaged-event.ts'
import type { DatabaseDecoder } from '../database.ts'
import type { DecodeContext, DecodeRecord, Decoder, Decoding, Event } from '../decoder.ts'
import { pages } from './cut.ts'
import { readHead } from './head.ts'
import { imageOf, type Source } from './image.ts'
import { openDatabase } from './open.ts'
import { logEvent, summaryEvent } from './summary.ts'
import { walPageBytes } from './wal.ts'

const dataset = 'sqlite'

/** A file is held whole: its trees lead anywhere. */
const mostBytes = 512 * 1024 * 1024

/**
 * SQLite databases: an event for the tables there are, and those of the decoder that knows them. What is deleted in them
 * is not looked for.
 */
export function sqlite(databases: readonly DatabaseDecoder[]): Decoder {
  return {
    id: dataset,
    title: 'SQLite database, and its write-ahead log',
    reads: ({ source }) => source === dataset || source.startsWith(`${dataset}:`),
    detects: (sample) => readHead(sample) !== undefined || walPageBytes(sample) !== undefined,
    isWholeFile: true,
    cut: pages,
    beside: (name) => [`${name}-wal`, `${name}-journal`],
    start: (context, state) => begin(databases, context, state),
  }
}

interface State {
  /** Bytes that were held: they are too many to be saved. */
  givenUp: number
}

function begin(databases: readonly DatabaseDecoder[], { beside }: DecodeContext, state: unknown): Decoding {
  // Our own, as `state` gave it.
  const givenUp = (state as State | undefined)?.givenUp ?? 0
  let held: DecodeRecord[] = []
  let bytes = 0
  let dropped: DecodeRecord | undefined

  function push(record: DecodeRecord): Event[] {
    if (bytes + record.bytes.length > mostBytes) {
      dropped ??= record
      return []
    }
    // Copied: the bytes are only valid until the next record is asked for.
    held.push({ ...record, bytes: Uint8Array.from(record.bytes) })
    bytes += record.bytes.length
    return held.length === 1 && isWhole(record.bytes) ? [...end()] : []
  }

  function* end(): Generator<Event> {
    const [records, over] = [held, dropped]
    held = []
    bytes = 0
    dropped = undefined
    const [first] = records
    if (first === undefined) return
    if (givenUp > 0) yield damagedEvent(first, dataset, { code: 'ends-early', says: saysGivenUp(givenUp) })
    yield* eventsOf(records, first)
    if (over !== undefined)
      yield damagedEvent(over, dataset, { code: 'too-large', says: 'What follows is beyond 512 MiB and was not read.' })
  }

  function* eventsOf(records: readonly DecodeRecord[], first: DecodeRecord): Generator<Event> {
    const source = sourceOf(records)
    const image = imageOf(source, beside)
    if (image === undefined) return yield logEvent(first, source.bytes)
    const database = openDatabase(image)
    const known = databases.find((candidate) => candidate.reads(database))
    yield summaryEvent(first, database, known)
    if (known !== undefined) yield* known.events(database)
    const { told, more } = database.damages()
    for (const { record, ...damage } of told) yield damagedEvent({ ...first, id: record }, known?.id ?? dataset, damage)
    if (more > 0)
      yield damagedEvent(first, known?.id ?? dataset, { code: 'too-many', says: `${more} more places are damaged.` })
  }

  return { push, end, state: () => (bytes === 0 ? undefined : ({ givenUp: bytes } satisfies State)) }
}

function saysGivenUp(bytes: number): string {
  return `${bytes} bytes of a database were held when reading stopped; it is not told.`
}

/** True where one record is all of a database, as in a batch. */
function isWhole(bytes: Uint8Array): boolean {
  const head = readHead(bytes)
  return head !== undefined && head.pages > 1 && head.pages * head.pageBytes === bytes.length
}

function sourceOf(records: readonly DecodeRecord[]): Source {
  const starts: number[] = []
  let length = 0
  for (const { bytes } of records) {
    starts.push(length)
    length += bytes.length
  }
  return {
    bytes: Buffer.concat(records.map(({ bytes }) => bytes)),
    recordAt(offset) {
      let [low, high] = [0, starts.length - 1]
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((starts[middle] ?? 0) <= offset) low = middle
        else high = middle - 1
      }
      return records[low]?.id ?? ''
    },
  }
}
