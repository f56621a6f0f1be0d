import type { Taken } from '../collectors/collector.ts'

/** What a pass in a process of its own says to the agent. `before` comes last: what the next pass is compared with. */
export type Said = Taken | { before: Buffer } | { failed: { code: string; says: string } }

/** Bounds of one frame; far above those of a hand-over, and of what the rows of a pass leave (`before.ts`). */
const most = { head: 8 * 1024 * 1024, body: 64 * 1024 * 1024 }
const prefixBytes = 8

export function toFrame(said: Said): Buffer[] {
  const [about, body] = taken(said)
  return frameOf(about, body)
}

/** Two lengths of 32 bits, a head of JSON, and the bytes it speaks of. */
export function frameOf(about: object, body: readonly Buffer[]): Buffer[] {
  const head = Buffer.from(JSON.stringify(about))
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeUInt32BE(head.length, 0)
  prefix.writeUInt32BE(
    body.reduce((sum, { length }) => sum + length, 0),
    4,
  )
  return [prefix, head, ...body]
}

function taken(said: Said): [about: object, body: Buffer[]] {
  if ('before' in said) return [{ before: true }, [said.before]]
  if (!('chunks' in said)) return [said, []]
  const chunks = said.chunks.map(({ head, lengths }) => ({ head, lengths }))
  return [
    { ...said, chunks },
    said.chunks.map(({ bytes }) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)),
  ]
}

export async function* readFrames(parts: AsyncIterable<Buffer>): AsyncGenerator<Said> {
  for await (const { about, body } of readRaw(parts)) yield said(about, body)
}

/** Reads frames as they come. A frame that is cut off, or too long, ends it with an error. */
export async function* readRaw(parts: AsyncIterable<Buffer>): AsyncGenerator<{ about: unknown; body: Buffer }> {
  const iterator = parts[Symbol.asyncIterator]()
  const take = newTaker(iterator)
  try {
    for (;;) {
      const prefix = await take(prefixBytes)
      if (prefix === undefined) return
      const lengths = [prefix.readUInt32BE(0), prefix.readUInt32BE(4)] as const
      if (lengths[0] > most.head || lengths[1] > most.body) throw new Error('a frame is longer than any may be')
      const [head, body] = [await take(lengths[0]), await take(lengths[1])]
      if (head === undefined || body === undefined) throw new Error('it ended in the middle of a frame')
      yield { about: JSON.parse(head.toString()), body }
    }
  } finally {
    await iterator.return?.()
  }
}

function said(written: unknown, body: Buffer): Said {
  // Our own program wrote it.
  const about = written as Said | { before: true }
  if ('before' in about) return { before: body }
  if (!('chunks' in about)) return about
  let at = 0
  const chunks = about.chunks.map(({ head, lengths }) => {
    const length = lengths.reduce((sum, each) => sum + each + (head.lf ? 1 : 0), 0)
    at += length
    return { head, lengths, bytes: body.subarray(at - length, at) }
  })
  return { ...about, chunks }
}

/** So many bytes each time; undefined at the end. */
function newTaker(iterator: AsyncIterator<Buffer>) {
  let rest: Buffer = Buffer.alloc(0)
  return async (length: number): Promise<Buffer | undefined> => {
    const into = Buffer.allocUnsafeSlow(length)
    for (let filled = 0; filled < length; ) {
      if (rest.length === 0) {
        const { done, value } = await iterator.next()
        if (done === true) return undefined
        rest = value
      }
      const used = rest.copy(into, filled)
      rest = rest.subarray(used)
      filled += used
    }
    return into
  }
}
