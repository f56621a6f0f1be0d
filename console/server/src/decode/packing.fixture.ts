import {
  type ChunkHead,
  decodePayload,
  encodePayload,
  type Header,
  type OpenBatch,
  recordBytes,
} from '@tidewaiter/protocol'
import { decodeAgain, type RecordPlace } from './again.ts'
import { type BatchEvent, decodeBatch, recordsNeeded } from './batch.ts'
import { headerOf, recordsOf } from './made-of.ts'
import { fileHead } from './recorded.fixture.ts'

/** A record as the agent hands it over: a line, a part of one, or a line that has no LF yet. */
export interface Piece {
  bytes: Uint8Array
  marks: Pick<ChunkHead, 'part' | 'last' | 'open'>
  /** It never reached the console; what follows keeps its position. */
  isLost?: boolean
}

/** How a line reaches the console: cut into so many parts, and handed over first with so many bytes of it. */
export interface Cutting {
  parts: number
  openAt?: number
}

/** Pieces of lines one after the other. A line is either cut into parts or handed over open, as the agent does it. */
export function piecesOf(lines: readonly (Cutting & { bytes: Uint8Array })[]): Piece[] {
  return lines.flatMap(({ bytes, parts, openAt }): Piece[] => {
    if (openAt !== undefined) {
      const at = Math.min(openAt, bytes.length)
      return [
        { bytes: bytes.subarray(0, at), marks: { open: true } },
        { bytes: bytes.subarray(at), marks: {} },
      ]
    }
    const count = Math.max(1, Math.min(parts, bytes.length))
    if (count === 1) return [{ bytes, marks: {} }]
    const size = Math.ceil(bytes.length / count)
    return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => ({
      bytes: bytes.subarray(i * size, (i + 1) * size),
      marks: { part: i + 1, ...((i + 1) * size >= bytes.length && { last: true as const }) },
    }))
  })
}

export type Opened = Pick<OpenBatch, 'header' | 'chunks'>

export const hostId = 'c'.repeat(32)

/** Seals pieces of one file into batches; `breaks(i)` says what ends before piece i. */
export function pack(pieces: readonly Piece[], breaks: (i: number) => 'batch' | 'chunk' | 'none'): Opened[] {
  const batches: Piece[][][] = [[[]]]
  const positions = new Map<Piece, number>()
  let offset = 0
  let before: Piece | undefined
  for (const [i, piece] of pieces.entries()) {
    positions.set(piece, offset)
    offset += piece.bytes.length + (hasLf(piece) ? 1 : 0)
    if (piece.isLost === true) continue
    if (before !== undefined && breaks(i) === 'batch') batches.push([[]])
    else if (before !== undefined && (breaks(i) === 'chunk' || !isNext(before, piece, positions)))
      batches.at(-1)?.push([])
    batches.at(-1)?.at(-1)?.push(piece)
    before = piece
  }
  return batches.map((chunks, i) => open(chunks, { seq: i + 1, positions }))
}

/** True when both can lie in one chunk. */
function isNext(before: Piece, piece: Piece, positions: ReadonlyMap<Piece, number>): boolean {
  if (Object.keys(before.marks).length > 0 || Object.keys(piece.marks).length > 0) return false
  return (positions.get(before) ?? 0) + before.bytes.length + 1 === positions.get(piece)
}

function hasLf({ marks }: Piece): boolean {
  return marks.open !== true && (marks.part === undefined || marks.last === true)
}

function open(chunks: readonly Piece[][], { seq, positions }: { seq: number; positions: Map<Piece, number> }): Opened {
  const sealed = chunks.map((pieces) => {
    const [first] = pieces
    const start = { ...fileHead.start, offset: first === undefined ? 0 : (positions.get(first) ?? 0) }
    const lf = first === undefined || hasLf(first)
    return {
      head: { ...fileHead, start, lf, ...first?.marks },
      lengths: pieces.map(({ bytes }) => bytes.length),
      bytes: Buffer.concat(pieces.flatMap(({ bytes }) => (lf ? [bytes, Buffer.from('\n')] : [bytes]))),
    }
  })
  return { header: batchHeader(seq), chunks: decodePayload(encodePayload(new Uint8Array(32), sealed)).chunks }
}

export function batchHeader(seq: number): Header {
  const at = '2026-11-25T19:00:00.000Z'
  const none = {
    prev: null,
    root: '',
    count: 0,
    rawBytes: 0,
    payloadBytes: 0,
    payloadSha256: '',
    agent: '',
    bootId: '',
  }
  const times = { from: at, to: at, sealedAt: at, zone: 'America/New_York', utcOffset: -300, clockOffset: null }
  return { tw: 'batch/1', host: hostId, seq, ...none, ...times, sources: [], lost: [], witness: null }
}

/** Decodes batches as the index does: states are kept as text, and earlier records are asked for first. */
export function decodeAll(batches: readonly Opened[]): BatchEvent[] {
  const events: BatchEvent[] = []
  const states = new Map<string, string>()
  for (const batch of batches) {
    const state = (source: string) => states.get(source)
    const needed = new Map(recordsNeeded(batch, { state }).map((id) => [id, bytesOf(batches, id)]))
    const earlier = (id: string) => needed.get(id)
    const changed = decodeBatch(batch, { state, earlier, take: (made) => events.push(made) })
    for (const [source, text] of changed) text === null ? states.delete(source) : states.set(source, text)
  }
  return events
}

/** The documents that reading an indexed event gives. */
export function readAgain(batches: readonly Opened[], { event, context }: BatchEvent) {
  const places = recordsOf(event.tidewaiter.record, context).map((id) => placeIn(batches, id))
  return decodeAgain(places, headerOf(context))
}

export function bytesOf(batches: readonly Opened[], id: string): Uint8Array {
  const { chunk, at } = placeIn(batches, id)
  return recordBytes(chunk, at)
}

function placeIn(batches: readonly Opened[], id: string): RecordPlace {
  const [, seq = '', index = ''] = id.split('/')
  const batch = batches[Number(seq) - 1]
  const chunk = batch?.chunks.find(({ first, count }) => Number(index) >= first && Number(index) < first + count)
  if (batch === undefined || chunk === undefined) throw new Error(`there is no record ${id}`)
  return { id, header: batch.header, chunk, at: Number(index) - chunk.first }
}

/** Events with records named by their number in the stream, wherever they were sealed. */
export function numbered(batches: readonly Opened[], events: readonly BatchEvent[]): unknown[] {
  const firsts = batches.map((_, i) => batches.slice(0, i).reduce((sum, { chunks }) => sum + countOf(chunks), 0))
  const numberOf = (id: string) => {
    const [, seq = '', index = ''] = id.split('/')
    return `#${(firsts[Number(seq) - 1] ?? 0) + Number(index)}`
  }
  return events.map(({ event, source, readAt, seq, index, context }) => ({
    source,
    readAt,
    place: numberOf(`/${seq}/${index}`),
    records: recordsOf(event.tidewaiter.record, context).map(numberOf),
    event: JSON.parse(JSON.stringify(event), (key, value) =>
      key === 'record' ? numberOf(value) : key === 'records' ? value.map(numberOf) : value,
    ),
  }))
}

function countOf(chunks: Opened['chunks']): number {
  return chunks.reduce((sum, { count }) => sum + count, 0)
}
