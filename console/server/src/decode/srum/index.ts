import type { Damage } from '../damaged.ts'
import { damagedEvent } from '../damaged-event.ts'
import type { DecodeRecord, Decoder, Decoding, Event } from '../decoder.ts'
import { type DatabaseHead, pages, readHead } from './database.ts'
import { rowsOf } from './database-rows.ts'
import { holdsRows } from './page.ts'
import { dataset, toEvent } from './to-event.ts'
import type { Pages } from './tree.ts'

/**
 * What Windows counted of every application and account for some weeks back, sent and received bytes among it: the
 * System Resource Usage Monitor, `C:\Windows\System32\sru\SRUDB.dat`.
 */
export const srum: Decoder = {
  id: dataset,
  title: 'Windows resource usage (SRUDB.dat)',
  reads: ({ source }) => source === dataset || source.startsWith(`${dataset}:`),
  detects: (sample) => readHead(sample) !== undefined && isNamed(sample),
  isWholeFile: true,
  cut: pages,
  start: (_, state) => begin(state),
}

const catalogName = Buffer.from('SruDbIdMapTable')

/** Other databases have the same head. The catalog of a fresh one lies within its first pages. */
function isNamed(sample: Uint8Array): boolean {
  return Buffer.from(sample.buffer, sample.byteOffset, sample.length).includes(catalogName)
}

/** Pages that hold rows are held until the end: what they mean is said in other pages. */
const mostBytes = 128 * 1024 * 1024
/** Damages are told one by one up to here. */
const mostRemarks = 100

/**
 * A database is a whole file. Where its pages come in batches all the same, they are more than a state may hold: it keeps
 * how many were given up, and the next event says so.
 */
function begin(state: unknown): Decoding {
  const held = new Map<number, { bytes: Uint8Array; record: string }>()
  // Our own, as `state` gave it.
  let givenUp = typeof state === 'number' ? state : 0
  let database: { head: DatabaseHead | undefined; record: DecodeRecord } | undefined
  let bytes = 0

  function open(record: DecodeRecord): Event[] {
    const head = readHead(record.bytes)
    database = { head, record }
    if (head === undefined) return [damagedEvent(record, dataset, noDatabase)]
    return head.isClosed ? [] : [damagedEvent(record, dataset, notClosed)]
  }

  function hold({ bytes: page, position, id }: DecodeRecord, { pageBytes }: DatabaseHead): Damage | undefined {
    const number = position / pageBytes - 1
    if (page.length < pageBytes) return { code: 'ends-early', says: `The file ends within page ${number}.` }
    if (!holdsRows(page)) return undefined
    if (bytes + page.length > mostBytes)
      return { code: 'too-large', says: `Page ${number} and those behind it are not read.` }
    bytes += page.length
    // Copied: the bytes are only valid until the next ones come.
    held.set(number, { bytes: Uint8Array.from(page), record: id })
    return undefined
  }

  return {
    push(record) {
      if (database === undefined) {
        const events = givenUp > 0 ? [damagedEvent(record, dataset, lost(givenUp))] : []
        givenUp = 0
        return [...events, ...open(record)]
      }
      const damage = database.head === undefined || bytes > mostBytes ? undefined : hold(record, database.head)
      if (damage?.code === 'too-large') bytes = Number.POSITIVE_INFINITY
      return damage === undefined ? nothing : [damagedEvent(record, dataset, damage)]
    },
    end: () =>
      database?.head === undefined ? nothing : eventsOf({ held, isLarge: database.head.isLarge }, database.record),
    state: () => (held.size === 0 ? undefined : held.size),
  }
}

const nothing: Event[] = []
const noDatabase: Damage = { code: 'format-unknown', says: 'It does not begin as a database does.' }
const notClosed: Damage = {
  code: 'ends-early',
  says: 'The database was in use, or not closed: its newest rows may stand only in the logs beside it.',
}

function lost(pages: number): Damage {
  return { code: 'ends-early', says: `${pages} pages were read when reading stopped; their rows are not told.` }
}

function* eventsOf(all: Pages, record: DecodeRecord): Generator<Event> {
  const damages: Damage[] = []
  let count = 0
  const tell = (damage: Damage) => {
    if (count++ < mostRemarks) damages.push(damage)
  }
  for (const used of rowsOf(all, tell)) yield toEvent(used)
  for (const damage of damages) yield damagedEvent(record, dataset, damage)
  if (count > mostRemarks)
    yield damagedEvent(record, dataset, { code: 'too-many', says: `${count - mostRemarks} more parts cannot be read.` })
}
