import { type Static, Type } from 'typebox'
import { concat, equal, fromHex, toHex, toUtf8, writeUint64 } from './bytes.ts'
import { Refusal } from './error.ts'
import { append, emptyFrontier, type Frontier, frontierRoot } from './merkle.ts'
import { saltOf } from './payload.ts'
import type { Primitives, Sha256Stream } from './primitives.ts'
import { Hash } from './record.ts'
import { TaskId } from './task.ts'
import { limits } from './wire/limits.ts'

/** What an agent has acquired: by its content, for one task. The record that announces it has the same in it. */
export const Offer = Type.Object(
  {
    task: TaskId,
    sha256: Hash,
    size: Type.Integer({ minimum: 0, maximum: limits.artifact }),
    /** Root of the salted tree over its chunks. */
    chunkRoot: Hash,
    /** 32 random bytes in hex, from which the salts come. */
    seed: Hash,
  },
  { additionalProperties: false },
)
export type Offer = Static<typeof Offer>

/** One chunk of an artifact on the wire. */
export interface ArtifactChunk {
  sha256: string
  number: number
  bytes: Uint8Array
}

const magic = toUtf8('TWC1')
const headBytes = magic.length + 32 + 4

/** True for a frame that says it is a chunk of an artifact. */
export function isChunkFrame(frame: Uint8Array): boolean {
  return equal(frame.subarray(0, magic.length), magic)
}

/** `TWC1` | SHA-256 of the artifact | u32 number of the chunk | its bytes. Integers are big-endian. */
export function formatChunk({ sha256, number, bytes }: ArtifactChunk): Uint8Array {
  const place = new Uint8Array(4)
  new DataView(place.buffer).setUint32(0, number)
  return concat(magic, fromHex(sha256) ?? new Uint8Array(0), place, bytes)
}

/** Takes a frame apart; its bytes are not copied. Throws `chunk-malformed`. */
export function parseChunk(frame: Uint8Array): ArtifactChunk {
  const length = frame.length - headBytes
  if (!isChunkFrame(frame)) throw new Refusal('chunk-malformed', 'the frame does not begin with TWC1')
  if (length < 1 || length > limits.chunk)
    throw new Refusal('chunk-malformed', `a chunk has 1 to ${limits.chunk} bytes, this one ${Math.max(0, length)}`)
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length)
  const sha256 = toHex(frame.subarray(magic.length, magic.length + 32))
  return { sha256, number: view.getUint32(magic.length + 32), bytes: frame.subarray(headBytes) }
}

/** Chunks of an artifact of so many bytes; an empty one has none. */
export function chunkCount(size: number): number {
  return Math.ceil(size / limits.chunk)
}

/** Bytes of chunk `number`: all are full but the last. */
export function chunkLength(size: number, number: number): number {
  return Math.max(0, Math.min(limits.chunk, size - number * limits.chunk))
}

/** What the chunks of an artifact come to. */
export interface Measured {
  sha256: string
  size: number
  chunkRoot: string
}

/**
 * Hash and tree of an artifact, from its chunks in their order: leaf_i = SHA-256(0x00 || salt_i || i as 8 bytes ||
 * chunk_i), nodes and shape as in every tree here. Holds a hash a level, whatever the size.
 */
export class ChunkMeter {
  readonly #p: Primitives
  readonly #seed: Uint8Array
  readonly #whole: Sha256Stream
  #tree: Frontier = emptyFrontier
  #size = 0

  constructor(p: Primitives, seed: Uint8Array) {
    this.#p = p
    this.#seed = seed
    this.#whole = p.sha256Stream()
  }

  /** Takes the next chunk. */
  add(chunk: Uint8Array): void {
    const place = new Uint8Array(8)
    writeUint64(place, 0, this.#tree.size)
    const salt = saltOf(this.#p, this.#seed, this.#tree.size)
    this.#tree = append(this.#p, this.#tree, this.#p.sha256(concat(Uint8Array.of(0), salt, place, chunk)))
    this.#whole.update(chunk)
    this.#size += chunk.length
  }

  /** To be asked once, at the end. */
  end(): Measured {
    return {
      sha256: toHex(this.#whole.digest()),
      size: this.#size,
      chunkRoot: toHex(frontierRoot(this.#p, this.#tree)),
    }
  }
}

/** Throws `artifact-wrong` where the chunks do not come to what was offered. */
export function checkArtifact(measured: Measured, offered: Pick<Offer, 'sha256' | 'size' | 'chunkRoot'>): void {
  const wrong = (['size', 'sha256', 'chunkRoot'] as const).filter((name) => measured[name] !== offered[name])
  if (wrong.length > 0)
    throw new Refusal('artifact-wrong', `artifact ${offered.sha256}: another ${wrong.join(', ')} than was announced`)
}
