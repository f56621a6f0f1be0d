import { view } from '../text.ts'
import { headBytes } from './chunk-head.ts'

/** Where a record lies in its chunk. */
export interface Span {
  at: number
  end: number
}

/** A span that holds a record, or bytes where one should stand and none can be told from the others. */
export interface Found extends Span {
  is: 'record' | 'gap'
}

/** Signature (4), size (4), number (8), time written (8); the size again at the end (libyal, Event record). */
export const recordHeadBytes = 24
const leastBytes = recordHeadBytes + 4
const signature = '**\0\0'

/**
 * Records of a chunk from its head on to where it says that they end, one after the other. Where one is broken it goes on
 * at the next that has its size at both ends.
 */
export function walkRecords(chunk: Uint8Array, free: number | undefined): Found[] {
  const reading = readingOf(chunk, Math.min(free ?? chunk.length, chunk.length))
  const found: Found[] = []
  for (let at = headBytes; at < reading.end; ) {
    const size = sizeAt(reading, at)
    const end = size === undefined ? nextRecord(reading, at + 1) : at + size
    // Zeros are room that was never used.
    if (size !== undefined) found.push({ is: 'record', at, end })
    else if (!isZero(chunk, at, end)) found.push({ is: 'gap', at, end })
    at = end
  }
  return found
}

/** Whole records among any bytes: what is left over of what was deleted, or behind a head that is lost. */
export function carveRecords(chunk: Uint8Array, from: number): Span[] {
  const reading = readingOf(chunk, chunk.length)
  const found: Span[] = []
  for (let at = nextRecord(reading, from); at < reading.end; ) {
    const end = at + (sizeAt(reading, at) ?? 1)
    found.push({ at, end })
    at = nextRecord(reading, end)
  }
  return found
}

/** True where a record begins, whether or not it is whole. */
export function isRecordHead(chunk: Uint8Array, at: number): boolean {
  return at + recordHeadBytes <= chunk.length && readingOf(chunk, chunk.length).data.getUint32(at, true) === 0x2a2a
}

export function isZero(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (bytes[i] !== 0) return false
  return true
}

interface Reading {
  bytes: Buffer
  data: DataView
  end: number
}

function readingOf(chunk: Uint8Array, end: number): Reading {
  return { bytes: view(chunk), data: new DataView(chunk.buffer, chunk.byteOffset, chunk.length), end }
}

/** Undefined where no whole record stands. */
function sizeAt({ data, end }: Reading, at: number): number | undefined {
  if (at + leastBytes > end || data.getUint32(at, true) !== 0x2a2a) return undefined
  const size = data.getUint32(at + 4, true)
  if (size < leastBytes || at + size > end) return undefined
  return data.getUint32(at + size - 4, true) === size ? size : undefined
}

/** The end where there is none. */
function nextRecord(reading: Reading, from: number): number {
  const { bytes, end } = reading
  for (let at = bytes.indexOf(signature, from, 'latin1'); at >= 0; at = bytes.indexOf(signature, at + 1, 'latin1'))
    if (sizeAt(reading, at) !== undefined) return at
  return end
}
