import { concat } from '../bytes.ts'
import { Refusal } from '../error.ts'
import type { Primitives } from '../primitives.ts'
import { crc32 } from './crc32.ts'
import { packageLimits } from './limits.ts'
import { type RandomAccess, readAt } from './source.ts'

/** One file as it is read, once, from its first byte to its last. */
export interface Content {
  bytes: number
  pieces(): AsyncGenerator<Uint8Array>
  /** Of all bytes: what nobody has read by now is read here. */
  digests(): Promise<{ crc32: number; sha256: Uint8Array }>
}

export interface Place {
  /** Offset of the first byte in the source. */
  at: number
  bytes: number
}

/** @param onRead is told the bytes of each piece */
export function openContent(
  p: Primitives,
  source: RandomAccess,
  { at, bytes }: Place,
  onRead: (bytes: number) => void = () => undefined,
): Content {
  const hash = p.sha256Stream()
  let crc = 0
  let read = 0
  const next = async () => {
    const piece = await readAt(source, at + read, Math.min(packageLimits.piece, bytes - read))
    if (piece.length === 0 && read < bytes)
      throw new Refusal('package-malformed', `container@${at + read}: ends inside a file`)
    read += piece.length
    hash.update(piece)
    crc = crc32(piece, crc)
    onRead(piece.length)
    return piece
  }
  return {
    bytes,
    async *pieces() {
      while (read < bytes) yield await next()
    },
    async digests() {
      while (read < bytes) await next()
      return { crc32: crc, sha256: hash.digest() }
    },
  }
}

/** The whole file. Throws `package-too-large`. */
export async function wholeOf({ bytes, pieces }: Content, limit: number): Promise<Uint8Array> {
  if (bytes > limit)
    throw new Refusal('package-too-large', `has ${bytes} bytes, the limit of the verifier for it is ${limit}`)
  const parts: Uint8Array[] = []
  for await (const part of pieces()) parts.push(part)
  return concat(...parts)
}

const LF = 0x0a

/** Lines without their LF. Throws `package-malformed` when the last one has none, `package-too-large` for a long one. */
export async function* linesOf({ pieces }: Content): AsyncGenerator<Uint8Array> {
  let begun: Uint8Array[] = []
  let length = 0
  for await (const piece of pieces()) {
    let from = 0
    for (let to = piece.indexOf(LF); to >= 0; to = piece.indexOf(LF, from)) {
      yield begun.length === 0 ? piece.subarray(from, to) : concat(...begun, piece.subarray(from, to))
      begun = []
      length = 0
      from = to + 1
    }
    if (from < piece.length) begun.push(piece.slice(from))
    length += piece.length - from
    if (length > packageLimits.line)
      throw new Refusal('package-too-large', `a line has over ${packageLimits.line} bytes`)
  }
  if (length > 0) throw new Refusal('package-malformed', 'its last line does not end')
}
