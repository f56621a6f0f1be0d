import { type Header, type OpenChunk, recordBytes } from '@tidewaiter/protocol'
import { contextOf } from './context.ts'
import type { Event } from './decoder.ts'
import { decoderOfChunk } from './index.ts'
import { joiner } from './join.ts'
import { decodeSealed } from './whole.ts'

/** A record in its opened batch, as `findRecord` of the protocol finds it. */
export interface RecordPlace {
  id: string
  header: Header
  chunk: OpenChunk
  at: number
}

/**
 * Decodes one indexed event again alone, as it was at indexing: batches are cut at places that mean nothing, so only its
 * own records decide.
 * @param places all its records (`recordsOf`) in their order
 * @param header the line before them that says how they are written (`headerOf`)
 * @returns the events made of exactly these records in their order, of which `ordinalOf` says the one
 */
export function decodeAgain(places: readonly RecordPlace[], header?: string): Event[] {
  const last = places.at(-1)
  if (last === undefined) return []
  const decoder = decoderOfChunk(last.chunk)
  const sealed = contextOf(last.header, last.chunk.head)
  const context = header === undefined ? sealed : { ...sealed, header }
  const decoding = decoder.start(context)
  const lines = joiner(undefined, () => undefined)
  const wholes = places.flatMap(({ id, chunk, at }) =>
    lines.push({ id, bytes: recordBytes(chunk, at), head: chunk.head, position: chunk.positions[at] ?? 0 }),
  )
  const events = [...wholes, ...lines.end()].flatMap((whole) => [
    ...decodeSealed(whole, { decoder, context, decoding }),
  ])
  return [...events, ...decoding.end()].filter(({ tidewaiter }) => (tidewaiter.records?.length ?? 1) === places.length)
}
