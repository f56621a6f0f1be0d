import { hashBytes } from '@tidewaiter/protocol'
import { refuse } from '../error.ts'
import type { Sqlite } from '../store/sqlite.ts'
import { openPayload, unwrapSegmentKey } from './cipher.ts'
import type { Entry } from './ledger.ts'
import { type Memory, segmentOf, segmentsOf } from './memory.ts'
import { type EntryRow, entryColumns, type Segment, segmentFile, toEntry } from './segment.ts'

export interface FinderOptions {
  dir: string
  /** Opens a file for reading. */
  open(file: string): Promise<Sqlite>
  masterKey: Uint8Array
  memory(): Memory
}

/** The reading side of a ledger, on handles of its own: a long read does not hold up what is appended. */
export interface Finder {
  entry(position: number): Promise<Entry | undefined>
  find(id: { host: string; branch: string | null; seq: number }): Promise<Entry | undefined>
  entriesOf(host: string, span: { from: number; to: number }): AsyncIterable<Entry>
  payload(position: number): Promise<Uint8Array>
  leaves(size: number): Promise<Uint8Array>
  close(): Promise<void>
}

const entriesAtOnce = 100
const leavesAtOnce = 2000

export function openFinder({ dir, open, masterKey, memory }: FinderOptions): Finder {
  const handles = openHandles((number) => open(segmentFile(dir, number)))
  const keys = new Map<number, Uint8Array>()
  const keyOf = (segment: Segment) => {
    const key = keys.get(segment.number) ?? unwrapSegmentKey(masterKey, segment.wrappedKey, segment)
    keys.set(segment.number, key)
    return key
  }
  const one = async <Row>(number: number, sql: string, parameters: (string | number)[]): Promise<Row | undefined> =>
    handles.use(number, async (db) => (await db.all<Row>(sql, parameters))[0])
  const held = (position: number): Segment | undefined =>
    position < memory().frontier.size ? segmentOf(memory(), position) : undefined

  return {
    async entry(position) {
      const segment = held(position)
      if (segment === undefined) return undefined
      const sql = `select ${entryColumns} from batch where position = ?`
      const row = await one<EntryRow>(segment.number, sql, [position])
      return row === undefined ? undefined : toEntry(row)
    },
    async find({ host, branch, seq }) {
      const sql = `select ${entryColumns} from batch where host = ? and seq = ? and branch = ?`
      for (const number of segmentsOf(memory(), host, { from: seq, to: seq })) {
        const row = await one<EntryRow>(number, sql, [host, seq, branch ?? ''])
        if (row !== undefined) return toEntry(row)
      }
      return undefined
    },
    async *entriesOf(host, { from, to }) {
      for (const number of segmentsOf(memory(), host, { from, to })) {
        const places = await handles.use(number, (db) =>
          db.all<{ position: number }>(
            'select position from batch where host = ? and seq between ? and ? order by position',
            [host, from, to],
          ),
        )
        for (let at = 0; at < places.length; at += entriesAtOnce) {
          const positions = JSON.stringify(places.slice(at, at + entriesAtOnce).map(({ position }) => position))
          const sql = `select ${entryColumns} from batch where position in (select value from json_each(?)) order by position`
          for (const row of await handles.use(number, (db) => db.all<EntryRow>(sql, [positions]))) yield toEntry(row)
        }
      }
    },
    async payload(position) {
      const segment = held(position)
      const sql = 'select header_hash as headerHash, payload from batch where position = ?'
      const row = segment && (await one<{ headerHash: string; payload: Uint8Array }>(segment.number, sql, [position]))
      if (segment === undefined || row === undefined) throw refuse('not-found', `There is no batch at ${position}.`)
      const { ledger } = segment
      return openPayload(keyOf(segment), row.payload, { ledger, position, headerHash: row.headerHash })
    },
    async leaves(size) {
      const leaves = new Uint8Array(size * hashBytes)
      for (let at = 0; at < size; ) {
        const segment = held(at)
        const sql = 'select leaf from batch indexed by batch_leaf where position >= ? order by position limit ?'
        const limit = Math.min(leavesAtOnce, size - at)
        const rows =
          segment === undefined
            ? []
            : await handles.use(segment.number, (db) => db.all<{ leaf: Uint8Array }>(sql, [at, limit]))
        if (rows.length === 0) throw refuse('ledger-damaged', `The ledger has no entry ${at}.`)
        for (const { leaf } of rows) leaves.set(leaf, hashBytes * at++)
      }
      return leaves
    },
    close: handles.close,
  }
}

const mostHandles = 16

interface Handle {
  db: Promise<Sqlite>
  users: number
}

/** Open files of segments, so many as are in use and a few more. */
function openHandles(open: (number: number) => Promise<Sqlite>) {
  const handles = new Map<number, Handle>()
  const closeIdle = async (most: number) => {
    for (const [number, { db, users }] of handles) {
      if (handles.size <= most) return
      if (users > 0) continue
      handles.delete(number)
      await (await db).close()
    }
  }
  const opened = (number: number): Handle => {
    const handle = handles.get(number) ?? { db: open(number), users: 0 }
    // The one used last stands last; one that did not open is opened again next time.
    handles.delete(number)
    handles.set(number, handle)
    handle.db.catch(() => handles.delete(number))
    return handle
  }
  return {
    async use<Result>(number: number, act: (db: Sqlite) => Promise<Result>): Promise<Result> {
      const handle = opened(number)
      handle.users += 1
      try {
        return await act(await handle.db)
      } finally {
        handle.users -= 1
        await closeIdle(mostHandles)
      }
    },
    close: () => closeIdle(0),
  }
}
