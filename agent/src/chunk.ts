import type { Chunk, ChunkHead } from '@tidewaiter/protocol'

/** Records side by side, each followed by an LF when the head says so. */
export function toChunk(head: ChunkHead, records: readonly Uint8Array[]): Chunk {
  const lengths = records.map(({ length }) => length)
  const bytes = Buffer.alloc(
    lengths.reduce((sum, length) => sum + length + (head.lf ? 1 : 0), 0),
    '\n',
  )
  let at = 0
  for (const record of records) {
    bytes.set(record, at)
    at += record.length + (head.lf ? 1 : 0)
  }
  return { head, lengths, bytes }
}

/**
 * One line of JSON without its LF. It has memory of its own: rows of a snapshot are kept for long, and in the pool that
 * Node cuts small buffers from each would keep what lies beside it, too.
 */
export function toRecord(value: object): Buffer {
  const text = JSON.stringify(value)
  const record = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  record.write(text)
  return record
}
