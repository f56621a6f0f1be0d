import { findRecord, openBatch, type Proof, parseHeader, prove, recordBytes, toBase64 } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { refuse } from '../error.ts'
import type { Entry, Ledger } from './ledger.ts'

/** A record id taken apart: `<host>/<seq>/<index>`, with `~<8 hex>` after the host on a branch of a fork. */
export interface RecordRef {
  host: string
  branch: string | null
  seq: number
  index: number
}

/** Undefined for anything that is not a record id of a ledger. */
export function parseRecordId(id: string): RecordRef | undefined {
  const [, host, branch, seq, index] = /^([0-9a-f]{32})(?:~([0-9a-f]{8}))?\/(\d{1,15})\/(\d{1,9})$/.exec(id) ?? []
  return host === undefined ? undefined : { host, branch: branch ?? null, seq: Number(seq), index: Number(index) }
}

export interface LedgerRecord {
  entry: Entry
  proof: Proof
  /** Chunk head line, position and bytes as the host sealed them. */
  head: Proof['chunk']
  position: number
  bytes: string
}

/** One record from the evidence itself, with its proof. Throws `not-found`, `payload-unreadable`. */
export async function readRecord(ledger: Ledger, id: string): Promise<LedgerRecord> {
  const ref = parseRecordId(id)
  const entry = ref === undefined ? undefined : await ledger.find(ref)
  if (ref === undefined || entry === undefined) throw refuse('not-found', `There is no record ${id} in this ledger.`)
  const header = parseHeader(entry.headerBytes)
  const open = openBatch(nodePrimitives, { header, payload: await ledger.payload(entry.position) })
  const found = findRecord(open, ref.index)
  if (found === undefined) throw refuse('not-found', `Batch ${ref.seq} has no record ${ref.index}.`)
  const proof = prove(nodePrimitives, entry, open, ref.index)
  return {
    entry,
    proof,
    head: proof.chunk,
    position: proof.position,
    bytes: toBase64(recordBytes(found.chunk, found.at)),
  }
}
