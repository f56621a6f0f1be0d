import type { From } from '../collectors/collector.ts'
import type { Row } from '../collectors/pass.ts'

/** Identities and marks of the rows of a pass, by method. */
type Kept = [method: string, rows: [identity: string, mark: string][]][]

const none = new Uint8Array()

/** What a pass leaves for the next one, as bytes: thousands of rows weigh little while nobody looks at them. */
export function toBytes(before: From['before']): Buffer {
  const kept: Kept = Array.from(before, ([method, rows]) => [method, Array.from(rows, ([id, { mark }]) => [id, mark])])
  return Buffer.from(JSON.stringify(kept))
}

export function fromBytes(bytes: Buffer): From['before'] {
  // `toBytes` made it.
  const kept = JSON.parse(bytes.toString()) as Kept
  return new Map(kept.map(([method, rows]) => [method, new Map(rows.map(([id, mark]) => [id, rowOf(mark)]))]))
}

function rowOf(mark: string): Row {
  return { record: none, mark }
}
