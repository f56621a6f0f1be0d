import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { From } from '../collectors/collector.ts'
import type { Row } from '../collectors/pass.ts'

/** Identities and marks of the rows of a pass, by method. */
type Kept = [method: string, rows: [identity: string, mark: string][]][]

const none = new Uint8Array()

/**
 * What a pass leaves for the next one, compressed: the agent keeps it for hours, and paths of 4 KB with six letters for
 * each control character are anybody's to make.
 */
export function toBytes(before: From['before']): Buffer {
  const kept: Kept = Array.from(before, ([method, rows]) => [method, Array.from(rows, ([id, { mark }]) => [id, mark])])
  return deflateRawSync(JSON.stringify(kept), { level: 1 })
}

/** @param bytes empty: nothing was left */
export function fromBytes(bytes: Buffer): From['before'] {
  if (bytes.length === 0) return new Map()
  // `toBytes` made it.
  const kept = JSON.parse(inflateRawSync(bytes).toString()) as Kept
  return new Map(kept.map(([method, rows]) => [method, new Map(rows.map(([id, mark]) => [id, rowOf(mark)]))]))
}

function rowOf(mark: string): Row {
  return { record: none, mark }
}
