import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Frontier, fromHex, toHex } from '@tidewaiter/protocol'
import type { Entry } from './ledger.ts'

/** File of a segment; they are numbered from 1 without a hole. */
export function segmentFile(dir: string, number: number): string {
  return join(dir, `segment-${String(number).padStart(8, '0')}.db`)
}

/** Numbers of the segments whose files are there, in no order. */
export function segmentsIn(dir: string): number[] {
  return readdirSync(dir).flatMap((name) => /^segment-(\d{8})\.db$/.exec(name)?.slice(1).map(Number) ?? [])
}

/** Number of the newest segment, 0 when there is none; `known` is one that is there. */
export function newestSegment(dir: string, known = 0): number {
  let number = known
  while (existsSync(segmentFile(dir, number + 1))) number++
  return number
}

/** Payloads are whole pages of their own; larger pages make their chains shorter. */
export const pageBytes = 16_384

/** One row of `segment` says what the file is; `batch` is the evidence; `head` keeps every head that was signed. */
export const schema = `
create table if not exists segment (
  number integer primary key, ledger text not null, first integer not null, frontier text not null, key blob not null,
  created_at text not null
);
create table if not exists batch (
  position integer primary key, host text not null, branch text not null, seq integer not null, received_at integer not null,
  header_hash text not null, leaf blob not null, signature blob not null, header blob not null, payload blob not null
);
create unique index if not exists batch_place on batch (host, seq, branch);
create index if not exists batch_leaf on batch (position, leaf);
create table if not exists head (size integer primary key, head text not null, signature text not null);
`

/** Durable when the commit returns, read by other processes while it is written. */
export const pragmas = `PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;`

export interface SegmentRow {
  number: number
  ledger: string
  first: number
  frontier: string
  key: Uint8Array
}

/** What a segment is: `first` is the position it begins at, `frontier` the tree of all entries before it. */
export interface Segment {
  number: number
  ledger: string
  first: number
  frontier: Frontier
  wrappedKey: Uint8Array
}

export function toSegment({ number, ledger, first, frontier, key }: SegmentRow): Segment {
  // Written by `formatFrontier`; the tree it gives is compared with a signed head before anything is added to it.
  const roots = (JSON.parse(frontier) as string[]).map((hex) => fromHex(hex) ?? new Uint8Array(0))
  return { number, ledger, first, frontier: { size: first, roots }, wrappedKey: key }
}

export function formatFrontier({ roots }: Frontier): string {
  return JSON.stringify(roots.map(toHex))
}

export const entryColumns = 'position, host, branch, seq, received_at, header_hash, signature, header'

export interface EntryRow {
  position: number
  host: string
  branch: string
  seq: number
  received_at: number
  header_hash: string
  signature: Uint8Array
  header: Uint8Array
}

export function toEntry(row: EntryRow): Entry {
  return {
    position: row.position,
    host: row.host,
    branch: row.branch === '' ? null : row.branch,
    seq: row.seq,
    receivedAtMs: row.received_at,
    headerHash: row.header_hash,
    headerBytes: row.header,
    signature: row.signature,
  }
}
