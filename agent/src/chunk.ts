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

/** One line of JSON without its LF. */
export function toRecord(value: object): Buffer {
  return Buffer.from(JSON.stringify(value))
}
