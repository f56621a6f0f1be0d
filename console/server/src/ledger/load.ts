import {
  append,
  checkHead,
  emptyFrontier,
  entryOf,
  type Frontier,
  frontierRoot,
  type Head,
  parseHead,
  Refusal,
  type SignedHead,
  toHex,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { refuse } from '../error.ts'
import type { Sqlite } from '../store/sqlite.ts'
import { type Memory, noteSpan } from './memory.ts'
import { originIn } from './origin.ts'
import {
  type EntryRow,
  entryColumns,
  newestSegment,
  type Segment,
  type SegmentRow,
  segmentFile,
  segmentsIn,
  toEntry,
  toSegment,
} from './segment.ts'

export interface Loading {
  dir: string
  open(file: string): Promise<Sqlite>
  /** SPKI of the keys that may have signed heads. */
  ledgerKeys(): readonly Uint8Array[]
  /** Id under which this console seals what it says itself. */
  consoleHost: string
}

/**
 * Reads what the ledger must know by heart: the summary of every segment, and the newest entries whole, which must give
 * the newest head that was signed. Undefined where there is no ledger yet. Throws `ledger-damaged`.
 */
export async function load(loading: Loading): Promise<Memory | undefined> {
  const memory: Memory = {
    id: '',
    origins: [],
    segments: [],
    frontier: emptyFrontier,
    head: undefined,
    tips: new Map(),
    spans: new Map(),
  }
  const newest = newestOf(loading.dir)
  for (let number = 1; number <= newest; number++)
    await withSegment(loading, number, async (db) => {
      const segment = await readSegment(db)
      // A console that was killed while it made a segment leaves one that says nothing yet.
      if (segment !== undefined || number < newest) await add(loading, memory, { db, segment, number })
    })
  const last = memory.segments.findLast(({ first }) => first < (memory.head === undefined ? 0 : sizeOf(memory.head)))
  if (last !== undefined) memory.frontier = await withSegment(loading, last.number, (db) => replay(db, last, memory))
  return memory.segments.length === 0 ? undefined : memory
}

/** Throws `ledger-damaged` when a segment before the newest one is missing. */
function newestOf(dir: string): number {
  const newest = newestSegment(dir)
  const behind = segmentsIn(dir).find((number) => number > newest)
  if (behind !== undefined) throw damaged(newest + 1, `is missing, and segment ${behind} is there`)
  return newest
}

async function withSegment<Result>(
  { dir, open }: Loading,
  number: number,
  use: (db: Sqlite) => Promise<Result>,
): Promise<Result> {
  const db = await open(segmentFile(dir, number))
  try {
    return await use(db)
  } finally {
    await db.close()
  }
}

async function readSegment(db: Sqlite): Promise<Segment | undefined> {
  const made = await db.all("select 1 from sqlite_schema where name = 'segment'")
  const [row] = made.length === 0 ? [] : await db.all<SegmentRow>('select * from segment')
  return row === undefined ? undefined : toSegment(row)
}

interface Adding {
  db: Sqlite
  segment: Segment | undefined
  number: number
}

/** Adds the summary of one segment; it must go on where the one before ended. */
async function add(loading: Loading, memory: Memory, { db, segment, number }: Adding): Promise<void> {
  if (segment?.number !== number) throw damaged(number, 'does not say that it is this segment')
  const before: Pick<Head, 'size' | 'root'> =
    memory.head === undefined ? { size: 0, root: rootOf(emptyFrontier) } : parseHead(memory.head)
  if (segment.first !== before.size || rootOf(segment.frontier) !== before.root)
    throw damaged(number, 'does not begin where the one before ended')
  if (segment.ledger !== memory.id) await beginLedger(loading, memory, { db, segment, number })
  memory.segments.push(segment)
  await readPlaces(db, memory, number)
  const [head] = await db.all<SignedHead>('select head, signature from head order by size desc limit 1')
  if (head === undefined) return
  checkSigned(loading, number, head)
  if (parseHead(head).ledger !== memory.id) throw damaged(number, 'ends with a head of another ledger')
  memory.head = head
}

/**
 * A new ledger begins: the first of this console, or one that goes on from what was restored, as its first entry says.
 * The entry is of the console itself, and names the head of what stands before.
 */
async function beginLedger(
  { consoleHost }: Loading,
  memory: Memory,
  { db, segment, number }: { db: Sqlite; segment: Segment; number: number },
): Promise<void> {
  const { ledger, first } = segment
  const [row] = await db.all<EntryRow>(`select ${entryColumns} from batch where position = ?`, [first])
  const origin = row === undefined ? undefined : originIn(toEntry(row), { consoleHost, ledger })
  const isFirst = number === 1
  if (!isFirst && origin?.before?.head !== memory.head?.head)
    throw damaged(number, 'is of another ledger, and does not say from which it goes on')
  if (origin !== undefined) memory.origins.push(origin)
  memory.id = ledger
}

function rootOf(frontier: Frontier): string {
  return toHex(frontierRoot(nodePrimitives, frontier))
}

function sizeOf(head: SignedHead): number {
  return parseHead(head).size
}

/** Answered from the index of the segment alone, but for one row a host. */
async function readPlaces(db: Sqlite, memory: Memory, segment: number): Promise<void> {
  const spans = await db.all<{ host: string; least: number; most: number }>(
    'select host, min(seq) as least, max(seq) as most from batch group by host',
  )
  for (const { host, least, most } of spans) noteSpan(memory, host, { segment, from: least, to: most })
  const tips = await db.all<{ host: string; seq: number; header_hash: string }>(
    `with newest as (select host, max(seq) as seq from batch where branch = '' group by host)
     select batch.host, batch.seq, batch.header_hash from newest join batch using (host, seq) where branch = ''`,
  )
  for (const { host, seq, header_hash: headerHash } of tips) memory.tips.set(host, { seq, headerHash })
}

function checkSigned({ ledgerKeys }: Loading, number: number, head: SignedHead): void {
  const isSigned = ledgerKeys().some((key) => {
    try {
      return checkHead(nodePrimitives, head, key) !== undefined
    } catch (error) {
      if (error instanceof Refusal) return false
      throw error
    }
  })
  if (!isSigned) throw damaged(number, 'ends with a head that no ledger key of this console signed')
}

const rowsAtOnce = 200

interface LeafRow {
  position: number
  received_at: number
  signature: Uint8Array
  header: Uint8Array
}

/** The tree after the last entry of a segment, from the headers and signatures themselves. Throws `ledger-damaged`. */
async function replay(db: Sqlite, { number, frontier: begin }: Segment, { head }: Memory): Promise<Frontier> {
  let frontier = begin
  for (;;) {
    const rows = await db.all<LeafRow>(
      'select position, received_at, signature, header from batch where position >= ? order by position limit ?',
      [frontier.size, rowsAtOnce],
    )
    for (const { position, received_at: receivedAtMs, signature, header } of rows) {
      if (position !== frontier.size) throw damaged(number, `has no entry ${frontier.size}`)
      const headerHash = toHex(nodePrimitives.sha256(header))
      const entry = entryOf(nodePrimitives, { position, receivedAtMs, headerHash, signature })
      frontier = append(nodePrimitives, frontier, entry)
    }
    if (rows.length < rowsAtOnce) break
  }
  const signed = head === undefined ? undefined : parseHead(head)
  if (signed?.size !== frontier.size || signed.root !== rootOf(frontier))
    throw damaged(number, 'holds entries that do not give the head that was signed')
  return frontier
}

function damaged(number: number, what: string) {
  return refuse('ledger-damaged', `Segment ${number} of the ledger ${what}.`)
}
