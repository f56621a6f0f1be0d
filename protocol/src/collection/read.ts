import { type Batch, openBatch, splitBatch, type Tip, verifyBatch } from '../batch.ts'
import { equal } from '../bytes.ts'
import { type Code, Refusal } from '../error.ts'
import type { Primitives } from '../primitives.ts'
import { limits } from '../wire/limits.ts'
import { batchMark, endMark, frameBytes, frameMark, openEnd, openOpening } from './parts.ts'
import type { CollectionEnd, CollectionOpening } from './shapes.ts'
import { newWindow, type Window } from './window.ts'

/** What stands in a collection file, in its order. `at` is the byte of the file (of what was encrypted) it begins at. */
export type CollectionPart =
  | { is: 'opening'; opening: CollectionOpening; publicKey: Uint8Array; bytes: Uint8Array }
  /** Signed by the key of the file, with the payload and the root it says. `missing`: batches before it that are not there. */
  | { is: 'batch'; at: number; batch: Batch; missing: number }
  /** These bytes are refused; what comes after them stands for itself. */
  | { is: 'damaged'; at: number; bytes: number; code: Code; says: string }
  | { is: 'end'; at: number; end: CollectionEnd; bytes: Uint8Array }
  /** The file ends, and its last part is not there. */
  | { is: 'cut'; at: number }

/** Longest part: a batch, or an end with all its sources. */
const partBytes = limits.binaryFrame
/** In a file made on purpose every byte could look like the beginning of a part. */
const mostDamages = 1000

/**
 * Reads a collection file part by part, holding one at a time. A damaged part is named and left out: the next one that
 * is whole is looked for behind it.
 * @throws `collection-malformed`, `signature-wrong` where the first part is not whole: then nothing tells who signed the others
 */
export async function* readCollection(
  p: Primitives,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<CollectionPart, void> {
  const input = newWindow(pieces)
  const first = await readOpening(p, input)
  yield first
  let tip: Tip | null = null
  let isEnded = false
  for (let damages = 0; ; ) {
    const part: CollectionPart | undefined = isEnded
      ? await behindEnd(input)
      : await readPart(p, input, { ...first, tip })
    if (part === undefined) break
    yield part
    if (part.is === 'batch') tip = { seq: part.batch.header.seq, headerHash: part.batch.headerHash }
    if (part.is === 'end' || part.is === 'cut') isEnded = true
    if (part.is === 'cut') break
    if (part.is === 'damaged' && ++damages === mostDamages) {
      // To the end: whoever hashes what is read takes it for the hash of the file.
      const { at } = input
      await skipAll(input)
      yield damagedTo(
        at,
        input.at - at,
        `more than ${mostDamages} parts are damaged: the rest of the file is not taken`,
      )
      break
    }
  }
}

function damagedTo(at: number, bytes: number, says: string): CollectionPart {
  return { is: 'damaged', at, bytes, code: 'collection-malformed', says }
}

async function readOpening(p: Primitives, input: Window): Promise<CollectionPart & { is: 'opening' }> {
  const length = lengthIn(await input.peek(frameBytes))
  if (length === undefined) throw new Refusal('collection-malformed', 'the file does not begin as a collection does')
  const content = (await input.peek(frameBytes + length)).slice(frameBytes)
  if (content.length < length) throw new Refusal('collection-malformed', 'the file ends inside its first part')
  const { opening, publicKey } = openOpening(p, content)
  input.skip(frameBytes + length)
  return { is: 'opening', opening, publicKey, bytes: content }
}

/** True for bytes that begin a collection file which is not encrypted. */
export function isCollection(beginning: Uint8Array): boolean {
  return beginning.length >= frameBytes + 4 && lengthIn(beginning) !== undefined && beginning[frameBytes + 2] === 0x4f
}

/** Undefined for what is no beginning of a part. */
function lengthIn(frame: Uint8Array): number | undefined {
  if (frame.length < frameBytes || !equal(frame.subarray(0, 4), frameMark)) return undefined
  const length = new DataView(frame.buffer, frame.byteOffset, frameBytes).getUint32(4)
  return length > 4 && length <= partBytes ? length : undefined
}

interface Known {
  opening: CollectionOpening
  publicKey: Uint8Array
  tip: Tip | null
}

/** The next part. `cut` where the file ends without an end, which is nothing that was damaged. */
async function readPart(p: Primitives, input: Window, known: Known): Promise<CollectionPart> {
  const { at } = input
  const frame = await input.peek(frameBytes)
  if (frame.length < frameBytes) return { is: 'cut', at }
  const length = lengthIn(frame)
  if (length === undefined) return resync(input, { at, skip: 1, says: 'no part begins here' })
  const whole = await input.peek(frameBytes + length)
  if (whole.length < frameBytes + length) return beyondEnd(input, at)
  const content = whole.slice(frameBytes)
  try {
    const part = judge(p, content, { ...known, at })
    input.skip(frameBytes + length)
    return part
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause
    // Refusals of this package carry its codes.
    const { code, says } = cause as Refusal
    // Its length may be what was changed: only where a part begins behind it, or nothing, it is believed.
    const behind = (await input.peek(2 * frameBytes + length)).subarray(frameBytes + length)
    if (behind.length > 0 && lengthIn(behind) === undefined) return resync(input, { at, skip: frameBytes, code, says })
    input.skip(frameBytes + length)
    return { is: 'damaged', at, bytes: frameBytes + length, code, says }
  }
}

/** The part says that it is longer than the file: it was cut off, or its length was changed. */
async function beyondEnd(input: Window, at: number): Promise<CollectionPart> {
  input.skip(frameBytes)
  return (await input.skipTo(frameMark))
    ? damagedTo(at, input.at - at, 'a part has another length than it says')
    : { is: 'cut', at }
}

async function resync(
  input: Window,
  { at, skip, code = 'collection-malformed', says }: { at: number; skip: number; code?: Code; says: string },
): Promise<CollectionPart> {
  input.skip(skip)
  await input.skipTo(frameMark)
  return { is: 'damaged', at, bytes: input.at - at, code, says }
}

function judge(p: Primitives, content: Uint8Array, { at, ...known }: Known & { at: number }): CollectionPart {
  if (equal(content.subarray(0, 4), endMark))
    return { is: 'end', at, end: openEnd(p, content, known.publicKey), bytes: content }
  if (!equal(content.subarray(0, 4), batchMark))
    throw new Refusal('collection-malformed', 'it is neither a batch nor the end')
  const batch = splitBatch(p, content)
  const { host, seq, prev } = batch.header
  if (host !== known.opening.host) throw new Refusal('host-wrong', `the batch is of host ${host}`)
  verifyBatch(p, batch, known.publicKey)
  openBatch(p, batch)
  const { seq: before, headerHash } = known.tip ?? { seq: 0, headerHash: null }
  if (seq <= before || (seq === before + 1 && prev !== headerHash))
    throw new Refusal('chain-fork', `batch ${seq} does not follow batch ${before}`)
  return { is: 'batch', at, batch, missing: seq - before - 1 }
}

/** Nothing belongs behind the end. Undefined where nothing is there. */
async function behindEnd(input: Window): Promise<CollectionPart | undefined> {
  const { at } = input
  if ((await input.peek(1)).length === 0) return undefined
  await skipAll(input)
  return damagedTo(at, input.at - at, 'bytes follow the last part')
}

const skipBytes = 64 * 1024

async function skipAll(input: Window): Promise<void> {
  for (let { length } = await input.peek(skipBytes); length > 0; length = (await input.peek(skipBytes)).length)
    input.skip(length)
}
