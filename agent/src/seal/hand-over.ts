import { type Chunk, ChunkHead, check, limits, Position, SourceId } from '@tidewaiter/protocol'
import type { Records } from '../collectors/collector.ts'
import { refuse } from '../error.ts'

/** Bounds of one hand-over, so that it always fits into a batch. */
const most = { bytes: 3.5 * 1024 * 1024, records: 50_000 }

export interface Size {
  /** At most, in the payload. */
  bytes: number
  records: number
}

/**
 * Size of a hand-over. What could not be sealed is refused here, where its collector is still known: in the batch it
 * would take everything else with it.
 * @throws `hand-over-malformed`
 */
export function sizeOf({ source, chunks, next }: Records): Size {
  if (!check(SourceId, source) || !check(Position, next)) throw malformed(source, 'source or position')
  // First what costs nothing to look at: the rest takes time for every chunk.
  const records = chunks.reduce((sum, { lengths }) => sum + lengths.length, 0)
  if (records > most.records || chunks.length > most.records) throw malformed(source, 'size')
  const size = { bytes: 0, records }
  for (const chunk of chunks) {
    if (chunk.head.source !== source || !isSealable(chunk)) throw malformed(source, 'chunk')
    // A length has at most 7 digits, a position 16; a space after each.
    size.bytes += headBytes(chunk) + chunk.bytes.length + chunk.lengths.length * 8 + (chunk.jumps?.size ?? 0) * 18
  }
  if (size.bytes > most.bytes + 512 * 1024) throw malformed(source, 'size')
  return size
}

function malformed(source: string, what: string) {
  return refuse('hand-over-malformed', `${source.slice(0, 200)} handed over a ${what} that cannot be sealed.`)
}

function headBytes({ head }: Chunk): number {
  return Buffer.byteLength(JSON.stringify(head)) + 2
}

function isSealable(chunk: Chunk): boolean {
  return check(ChunkHead, chunk.head) && headBytes(chunk) < limits.chunkHead && addsUp(chunk) && hasPlaces(chunk)
}

/** Lengths that cover the bytes to the last, each record followed by its LF where the head says so. */
function addsUp({ head, lengths, bytes }: Chunk): boolean {
  const lf = head.lf ? 1 : 0
  let at = 0
  for (const length of lengths) {
    if (!Number.isInteger(length) || length < 0 || length > limits.record) return false
    at += length + lf
    if (lf === 1 && bytes[at - 1] !== 0x0a) return false
  }
  return at === bytes.length
}

function hasPlaces({ jumps }: Chunk): boolean {
  for (const place of jumps?.values() ?? []) if (!Number.isSafeInteger(place) || place < 0) return false
  return true
}
