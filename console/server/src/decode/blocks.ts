/** Bytes as they come; a block is only valid until the next one is asked for. */
export type Blocks = AsyncIterable<Uint8Array>

/** What came before is good, and nothing comes after. */
export class Broken extends Error {}

/** The beginning of blocks, and all of them. */
export interface Peeked {
  /** As many bytes as were asked for, or all there are. */
  sample: Uint8Array
  all: Blocks
}

export async function peek(blocks: Blocks, most: number): Promise<Peeked> {
  const iterator = blocks[Symbol.asyncIterator]()
  const held: Buffer[] = []
  let bytes = 0
  let failure: unknown
  try {
    while (bytes < most) {
      const next = await iterator.next()
      if (next.done === true) break
      held.push(Buffer.from(next.value))
      bytes += next.value.length
    }
  } catch (cause) {
    failure = cause
  }
  const start = Buffer.concat(held)
  return { sample: start.subarray(0, most), all: both(start, failure, iterator) }
}

async function* both(start: Buffer, failure: unknown, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (start.length > 0) yield start
  if (failure !== undefined) throw failure
  yield* { [Symbol.asyncIterator]: () => rest }
}

/** Blocks whose failing is `Broken`, whatever the source threw. */
export async function* guarded(blocks: Blocks): AsyncGenerator<Uint8Array> {
  try {
    yield* blocks
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    throw cause instanceof Broken ? cause : new Broken(`What follows cannot be read${code}.`, { cause })
  }
}

/** How far blocks were read, and what broke them off. */
export interface Reading {
  bytes: number
  failure?: Broken
}

/** Blocks up to where they are broken. */
export async function* untilBroken(blocks: Blocks, reading: Reading): AsyncGenerator<Uint8Array> {
  try {
    for await (const block of blocks) {
      yield block
      reading.bytes += block.length
    }
  } catch (cause) {
    if (!(cause instanceof Broken)) throw cause
    reading.failure = cause
  }
}
