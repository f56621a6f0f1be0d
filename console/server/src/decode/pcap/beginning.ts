/** Kept of each direction of a flow: a TLS hello with post-quantum keys is near 2 KB. */
const mostBeginning = 4096
/** Of datagrams the first ones. */
const mostDatagrams = 8
/** Pieces that wait for what lies before them. */
const mostRanges = 8

/** The first bytes of one direction of TCP, in their order whatever order they came in. */
export interface Stream {
  /** Sequence number of the first byte. */
  base: number
  bytes: Uint8Array
  /** From, to, from, to: what is there, sorted. */
  ranges: number[]
}

/** A datagram, of which less may have been captured than there was. */
export interface Datagram {
  bytes: Uint8Array
  /** On the wire. */
  length: number
}

export function newStream(base: number): Stream {
  return { base, bytes: new Uint8Array(0), ranges: [] }
}

/** Where a segment lies in its packet. */
export interface Piece {
  bytes: Uint8Array
  from: number
  to: number
}

/**
 * Adds a segment at its place. Of bytes that come twice the first ones stay, as most receivers have it.
 * @returns bytes of memory that it took
 */
export function addSegment(stream: Stream, sequence: number, piece: Piece): number {
  const offset = (sequence - stream.base) | 0
  const from = Math.max(0, offset)
  const to = Math.min(mostBeginning, offset + piece.to - piece.from)
  const [first, end] = stream.ranges
  if (from >= to || (first === 0 && end !== undefined && to <= end)) return 0
  const shift = piece.from - offset
  const grown = grow(stream, to)
  let at = from
  const { ranges } = stream
  for (let i = 0; i < ranges.length && at < to; i += 2) {
    const [start = 0, stop = 0] = [ranges[i], ranges[i + 1]]
    if (start > at) copy(stream, piece, { from: at, to: Math.min(start, to), shift })
    at = Math.max(at, stop)
  }
  if (at < to) copy(stream, piece, { from: at, to, shift })
  stream.ranges = joined(ranges, from, to)
  return grown
}

function copy(stream: Stream, piece: Piece, { from, to, shift }: { from: number; to: number; shift: number }): void {
  if (from < to) stream.bytes.set(piece.bytes.subarray(from + shift, to + shift), from)
}

function grow(stream: Stream, to: number): number {
  const before = stream.bytes.length
  if (to <= before) return 0
  const bytes = new Uint8Array(Math.min(mostBeginning, Math.max(to, before * 2)))
  bytes.set(stream.bytes)
  stream.bytes = bytes
  return bytes.length - before
}

function joined(ranges: readonly number[], from: number, to: number): number[] {
  const all: number[] = []
  let [start, stop] = [from, to]
  for (let i = 0; i < ranges.length; i += 2) {
    const [rangeFrom = 0, rangeTo = 0] = [ranges[i], ranges[i + 1]]
    if (rangeTo < start) all.push(rangeFrom, rangeTo)
    else if (rangeFrom > stop) {
      all.push(start, stop)
      start = rangeFrom
      stop = rangeTo
    } else {
      start = Math.min(start, rangeFrom)
      stop = Math.max(stop, rangeTo)
    }
  }
  all.push(start, stop)
  return all.slice(0, mostRanges * 2)
}

/** What is there without a gap. */
export function streamBytes(stream: Stream | undefined): Uint8Array {
  const [from, to] = stream?.ranges ?? []
  return stream === undefined || from !== 0 ? none : stream.bytes.subarray(0, to)
}

const none = new Uint8Array(0)

/** @returns bytes of memory that it took */
export function addDatagram(datagrams: Datagram[], piece: Piece, length: number): number {
  if (datagrams.length >= mostDatagrams) return 0
  let room = mostBeginning
  for (const { bytes } of datagrams) room -= bytes.length
  const size = Math.min(room, piece.to - piece.from)
  if (size <= 0) return 0
  const bytes = new Uint8Array(size)
  bytes.set(piece.bytes.subarray(piece.from, piece.from + size))
  datagrams.push({ bytes, length })
  return size
}
