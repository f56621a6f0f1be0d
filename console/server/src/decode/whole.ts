import { beginCut } from './cut.ts'
import type { DecodeContext, Decoder, Decoding, Event } from './decoder.ts'
import { unreadable } from './document.ts'
import type { Whole } from './join.ts'
import { toText } from './text.ts'

/** Events of a record that was joined from pieces: they name every piece, and say when one is missing. */
export function decodeWhole(whole: Whole, id: string, decoding: Decoding): Event[] {
  const { record, says } = whole
  const events =
    whole.headless === true
      ? [unreadable(record, id, { says: says ?? '', text: toText(record.bytes) })]
      : decoding.push(record)
  for (const event of events) addPieces(event, whole)
  return events
}

function addPieces(event: Event, { record, pieces, says }: Whole): void {
  if (event.tidewaiter.record !== record.id) return
  if (pieces !== undefined) event.tidewaiter.records = pieces
  if (says !== undefined) event.error ??= { message: says }
}

/** Who reads a record, and what is known beside it. */
export interface Reader {
  decoder: Decoder
  context: DecodeContext
  /** Of the whole source. */
  decoding: Decoding
}

/** True for a record that is a file, or a part of one, and not a part of a stream. */
export function isFile({ isWholeFile }: Decoder, source: string): boolean {
  return isWholeFile === true && !source.startsWith('log-file:')
}

/** Events of a record as it was sealed. A whole file is read at once, from its beginning to its end. */
export function decodeSealed(whole: Whole, { decoder, context, decoding }: Reader): Iterable<Event> {
  if (whole.headless === true || !isFile(decoder, whole.record.head.source))
    return decodeWhole(whole, decoder.id, decoding)
  return fileEvents(whole, decoder, context)
}

function* fileEvents(whole: Whole, decoder: Decoder, context: DecodeContext): Generator<Event> {
  const { record } = whole
  const decoding = decoder.start(context)
  const named = (event: Event) => {
    addPieces(event, whole)
    return event
  }
  for (const { from, to } of cutsOf(record.bytes, decoder))
    for (const event of decoding.push({ ...record, bytes: record.bytes.subarray(from, to), position: from }))
      yield named(event)
  for (const event of decoding.end()) yield named(event)
}

function* cutsOf(bytes: Uint8Array, decoder: Decoder): Generator<{ from: number; to: number }> {
  const cut = beginCut(decoder.cut)
  let from = 0
  for (let piece = cut(bytes, from); piece !== undefined; piece = cut(bytes, from)) {
    yield { from, to: piece.end }
    from = piece.next
  }
  if (from < bytes.length) yield { from, to: bytes.length }
}
