import { crc32 } from '@tidewaiter/protocol'

/** A chunk of an event log (libyal, "Windows XML Event Log (EVTX) format", Chunk): a head, then records one after the other. */
export const chunkBytes = 65_536
/** Of the head: also names and templates by their hash, which are not needed to read a chunk. */
export const headBytes = 512

const at = {
  firstId: 24,
  lastId: 32,
  freeSpace: 48,
  recordsChecksum: 52,
  /** The checksum of the head leaves out what stands between these. */
  flags: 120,
  headChecksum: 124,
  tables: 128,
}

const noChecksum = 0x4

export interface ChunkHead {
  /** Numbers of the first and last record. */
  first: bigint
  last: bigint
  /** Where the records end; undefined where the head says what cannot be. */
  free: number | undefined
  /** What is wrong with it, if anything. */
  doubt: string | undefined
}

const signature = 'ElfChnk\0'

export function isChunk(bytes: Uint8Array, from = 0): boolean {
  return startsWith(bytes, from, signature)
}

export function startsWith(bytes: Uint8Array, from: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text.charCodeAt(i)) return false
  return true
}

/** Undefined where no head of a chunk stands. */
export function readChunkHead(bytes: Uint8Array): ChunkHead | undefined {
  if (!isChunk(bytes) || bytes.length < headBytes) return undefined
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const free = data.getUint32(at.freeSpace, true)
  const isPossible = free >= headBytes && free <= chunkBytes
  return {
    first: data.getBigUint64(at.firstId, true),
    last: data.getBigUint64(at.lastId, true),
    free: isPossible ? free : undefined,
    doubt: doubtOf(bytes, data, isPossible ? free : undefined),
  }
}

function doubtOf(bytes: Uint8Array, data: DataView, free: number | undefined): string | undefined {
  if (bytes.length < chunkBytes) return `The chunk ends after ${bytes.length} of ${chunkBytes} bytes.`
  if (free === undefined) return 'The chunk does not say where its records end.'
  const [ofHead, ofRecords] = [data.getUint32(at.headChecksum, true), data.getUint32(at.recordsChecksum, true)]
  if ((data.getUint32(at.flags, true) & noChecksum) !== 0 || (ofHead === 0 && ofRecords === 0))
    return 'The chunk has no checksums.'
  if (crc32(bytes.subarray(at.tables, headBytes), crc32(bytes.subarray(0, at.flags))) !== ofHead)
    return 'The head of the chunk does not have its checksum.'
  if (crc32(bytes.subarray(headBytes, free)) !== ofRecords)
    return 'The records of the chunk do not have their checksum.'
  return undefined
}
