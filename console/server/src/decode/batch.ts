import { type ChunkHead, type Header, isImport, type OpenBatch, type OpenChunk, recordId } from '@tidewaiter/protocol'
import { contextOf } from './context.ts'
import type { DecodeContext, Decoder, Decoding, Event } from './decoder.ts'
import { decoderById, decoderOfChunk, decoderOfRecord } from './index.ts'
import { type Joiner, joiner, type Unfinished, type Whole } from './join.ts'
import { contextText, Ordinals, placeOf, sayCut } from './made-of.ts'
import { view } from './text.ts'
import { decodeSealed, isFile, type Reader } from './whole.ts'

type Records = Pick<OpenBatch, 'header' | 'chunks'>

/** One event of a batch, and what its index row needs beside the document. */
export interface BatchEvent {
  event: Event
  /** Id of the source. */
  source: string
  /** When the record that completed it was read, host clock, RFC 3339 with milliseconds. */
  readAt: string
  /** Its first record: number of the batch in the host's chain (an earlier one where a line was joined), index in it. */
  seq: number
  index: number
  /** JSON of at most 1 KiB that `recordsOf` reads; null where the event was made of its first record alone. */
  context: string | null
}

export interface BatchOptions {
  /** Host as record ids name it: `<host id>~<8 hex>` on a branch of a fork. Without it the host id of the header. */
  host?: string
  /** State of a source after the batch before, as `decodeBatch` returned it; undefined where nothing is saved. */
  state(source: string): string | undefined
  /** Bytes of records of earlier batches, which `recordsNeeded` named. Undefined for one that is held no more. */
  earlier?(record: string): Uint8Array | undefined
  /** Gets the events in the order of the records. It may keep them. */
  take(made: BatchEvent): void
}

/** What is open in a source between two batches: a line, and groups of its decoder. */
interface SourceState {
  line?: Unfinished
  decoder?: { id: string; state: unknown }
}

/**
 * Decodes an opened batch. Synchronous and pure: the same batch and states give the same events in the same order.
 * Never throws on what a host sealed: a record that cannot be read is an event with `error.message`.
 * @returns sources whose state changed: JSON of at most 64 KiB to be saved with the cursor in the same transaction; null
 *   where nothing is open any more (delete it)
 */
export function decodeBatch({ header, chunks }: Records, options: BatchOptions): Map<string, string | null> {
  const sources = new Map<string, SourceWork>()
  // The record of an import stands behind the last one of its file: nothing more comes of that.
  const isEnd = chunks.some(({ head }) => isImport(head.source))
  for (const chunk of chunks) {
    const { source } = chunk.head
    const work = sources.get(source) ?? startWork(options.state(source), options)
    sources.set(source, work)
    decodeChunk({ header, chunk, work, isEnd: isEnd && chunk === lastOf(source, chunks) }, options)
  }
  const changed = new Map<string, string | null>()
  for (const [source, { before, lines, open }] of sources) {
    const line = lines.unfinished()
    const state: SourceState = { ...(line !== undefined && { line }), ...(open !== undefined && { decoder: open }) }
    let after = line === undefined && open === undefined ? undefined : JSON.stringify(state)
    if (after !== undefined && isEnd) {
      endState(after, { source, header, earlier: options.earlier, take: options.take, isWhole: true })
      after = undefined
    }
    if (after !== before) changed.set(source, after ?? null)
  }
  return changed
}

/** A source at work: its lines are joined over all its chunks of the batch. */
interface SourceWork {
  before: string | undefined
  lines: Joiner
  /** What its decoder left open at the end of a chunk. */
  open: SourceState['decoder']
}

function startWork(before: string | undefined, { earlier }: BatchOptions): SourceWork {
  const { line, decoder } = parseState(before)
  return { before, lines: joiner(line, (id) => earlier?.(id)), open: decoder }
}

/**
 * Ids of records of earlier batches whose bytes `decodeBatch` may ask `earlier` for: beginnings of lines that go on in
 * this batch. Nearly always empty.
 */
export function recordsNeeded({ chunks }: Records, { state }: Pick<BatchOptions, 'state'>): string[] {
  const sources = new Set(chunks.map(({ head }) => head.source))
  return Array.from(sources).flatMap((source) => parseState(state(source)).line?.ids ?? [])
}

function parseState(text: string | undefined): SourceState {
  // Our own text, as `decodeBatch` returned it.
  return text === undefined ? {} : (JSON.parse(text) as SourceState)
}

interface Ended extends Pick<BatchOptions, 'take'> {
  earlier?: BatchOptions['earlier'] | undefined
  source: string
  /** Its source ended, too: nothing of it was cut. */
  isWhole?: boolean
  /** Of the batch at which it ends. */
  header: Header
}

/** Ends what `decodeBatch` left open in a source, where it is not kept until the source goes on: its events say so. */
export function endState(state: string, { source, header, earlier, take, isWhole = false }: Ended): void {
  const { line, decoder: open } = parseState(state)
  const readAt = line?.last.head.readAt ?? header.to
  const ordinals = new Ordinals()
  const give = (event: Event) => {
    if (!isWhole) sayCut(event)
    const context = contextText(event, { isCut: !isWhole, ordinal: ordinals.next(event) })
    take({ event, source, readAt, ...placeOf(event), context })
  }
  const context = contextOf(header, { readAt })
  for (const whole of joiner(line, (id) => earlier?.(id)).end()) {
    const decoder = decoderOfRecord(whole.record)
    const decoding = decoder.start(context, open?.id === decoder.id ? open.state : undefined)
    for (const event of decodeSealed(whole, { decoder, context, decoding })) give(event)
    for (const event of decoding.end()) give(event)
    if (open?.id === decoder.id) return
  }
  if (open !== undefined) for (const event of decoderById(open.id).start(context, open.state).end()) give(event)
}

function lastOf(source: string, chunks: Records['chunks']): OpenChunk | undefined {
  return chunks.findLast(({ head }) => head.source === source)
}

interface ChunkWork {
  /** Its source ends with it. */
  isEnd: boolean
  header: Header
  chunk: OpenChunk
  work: SourceWork
}

function decodeChunk({ header, chunk, work, isEnd }: ChunkWork, options: BatchOptions): void {
  const { head, first, count, positions, starts, ends } = chunk
  const { lines, open } = work
  const here = { id: '', seq: header.seq, index: first }
  const context = contextOf(header, head)
  const decoder = decoderOfChunk(chunk)
  const give = giver({ head, here }, options)
  for (const event of endOther(open, decoder, context)) give(event)
  const decoding = decoder.start(context, open?.id === decoder.id ? open.state : undefined)
  const reader = { decoder, context, decoding }
  const isStream = !isFile(decoder, head.source)
  const bytes = view(chunk.bytes)
  for (let at = 0; at < count; at++) {
    here.index = first + at
    here.id = recordId(options.host ?? header.host, header.seq, here.index)
    const record = { id: here.id, bytes: bytes.subarray(starts[at], ends[at]), head, position: positions[at] ?? 0 }
    if (isStream && lines.passes(head)) decoding.push(record).forEach(give)
    else giveAll(lines.push(record), reader, give)
  }
  work.open = isEnd ? undefined : openOf(decoder, decoding)
  if (isEnd) for (const event of decoding.end()) give(event)
}

function openOf(decoder: Decoder, decoding: Decoding): SourceState['decoder'] {
  const state = decoding.state()
  return state === undefined ? undefined : { id: decoder.id, state }
}

function giveAll(wholes: readonly Whole[], reader: Reader, give: (event: Event) => void): void {
  for (const whole of wholes) for (const event of decodeSealed(whole, reader)) give(event)
}

interface Here {
  id: string
  seq: number
  index: number
}

/** Hands events on with their place. Most are of the record that is read: then it is not read out of the id. */
function giver({ head, here }: { head: ChunkHead; here: Here }, { take }: BatchOptions): (event: Event) => void {
  const { source, readAt } = head
  const ordinals = new Ordinals()
  return (event) => {
    const { seq, index } = event.tidewaiter.record === here.id ? here : placeOf(event)
    take({ event, source, readAt, seq, index, context: contextText(event, { ordinal: ordinals.next(event) }) })
  }
}

/** What another decoder left open: the source went over to another format. */
function endOther(open: SourceState['decoder'], decoder: Decoder, context: DecodeContext): Iterable<Event> {
  return open === undefined || open.id === decoder.id ? [] : decoderById(open.id).start(context, open.state).end()
}
