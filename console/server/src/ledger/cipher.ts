import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { writeUint64 } from '@tidewaiter/protocol'
import { refuse } from '../error.ts'

const nonceBytes = 12
const tagBytes = 16

/** What a payload is bound to: moved to another place, batch or ledger it does not open. */
export interface Place {
  /** Id of the ledger, 16 bytes in hex. */
  ledger: string
  position: number
  /** SHA-256 of the batch's header, hex. */
  headerHash: string
}

/** Associated data of a payload (`evidence.md` 5): ledger id, position as 8 bytes big-endian, header hash. */
function bindingOf({ ledger, position, headerHash }: Place): Uint8Array {
  const bytes = Buffer.alloc(16 + 8 + 32)
  bytes.write(ledger, 0, 'hex')
  writeUint64(bytes, 16, position)
  bytes.write(headerHash, 24, 'hex')
  return bytes
}

/** AES-256-GCM under the key of a segment. Gives nonce (12 random bytes), ciphertext and tag, one after the other. */
export function sealPayload(key: Uint8Array, payload: Uint8Array, place: Place): Uint8Array {
  return encrypt(key, payload, bindingOf(place))
}

/** The payload as the host sealed it. Throws `payload-unreadable`. */
export function openPayload(key: Uint8Array, sealed: Uint8Array, place: Place): Uint8Array {
  try {
    return decrypt(key, sealed, bindingOf(place))
  } catch (cause) {
    throw refuse('payload-unreadable', `The payload at position ${place.position} does not open.`, { cause })
  }
}

/** A segment as its key is bound to it. */
export interface SegmentId {
  ledger: string
  number: number
}

function segmentBinding({ ledger, number }: SegmentId): Uint8Array {
  return Buffer.from(`tidewaiter segment ${ledger} ${number}`)
}

/** The master key opens many things; each kind under a key of its own. */
function wrappingKey(masterKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, '', 'tidewaiter segment keys', 32))
}

/** A new random key for a segment, and the form in which it is stored. */
export function newSegmentKey(masterKey: Uint8Array, id: SegmentId): { key: Uint8Array; wrapped: Uint8Array } {
  const key = randomBytes(32)
  return { key, wrapped: encrypt(wrappingKey(masterKey), key, segmentBinding(id)) }
}

/** Throws `payload-unreadable`: the master key is not the one the segment was made under. */
export function unwrapSegmentKey(masterKey: Uint8Array, wrapped: Uint8Array, id: SegmentId): Uint8Array {
  try {
    return decrypt(wrappingKey(masterKey), wrapped, segmentBinding(id))
  } catch (cause) {
    throw refuse('payload-unreadable', `The key of segment ${id.number} does not open with this master key.`, { cause })
  }
}

function encrypt(key: Uint8Array, data: Uint8Array, bound: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound)
  const body = cipher.update(data)
  return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Uint8Array, sealed: Uint8Array, bound: Uint8Array): Uint8Array {
  if (sealed.length < nonceBytes + tagBytes) throw new RangeError('too short')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decipher.setAAD(bound).setAuthTag(sealed.subarray(-tagBytes))
  const body = decipher.update(sealed.subarray(nonceBytes, -tagBytes))
  // Gives no more bytes in this mode; it is what throws when the tag does not fit.
  decipher.final()
  return body
}

/** What sealing adds to a chunk. */
export const chunkOverhead = nonceBytes + tagBytes

/** What a chunk of an artifact is bound to (`evidence.md` 5): SHA-256, number as 4 bytes, last-flag. */
interface ChunkPlace {
  /** Hex. */
  sha256: string
  number: number
  isLast: boolean
}

function chunkBinding({ sha256, number, isLast }: ChunkPlace): Uint8Array {
  const bytes = Buffer.alloc(32 + 4 + 1)
  bytes.write(sha256, 0, 'hex')
  bytes.writeUInt32BE(number, 32)
  bytes.writeUInt8(isLast ? 1 : 0, 36)
  return bytes
}

export function sealChunk(key: Uint8Array, chunk: Uint8Array, place: ChunkPlace): Uint8Array {
  return encrypt(key, chunk, chunkBinding(place))
}

/** Throws `payload-unreadable`. */
export function openChunk(key: Uint8Array, sealed: Uint8Array, place: ChunkPlace): Uint8Array {
  try {
    return decrypt(key, sealed, chunkBinding(place))
  } catch (cause) {
    throw refuse('payload-unreadable', `Chunk ${place.number} of artifact ${place.sha256} does not open.`, { cause })
  }
}

function artifactBinding(sha256: string): Uint8Array {
  return Buffer.from(`tidewaiter artifact ${sha256}`)
}

/** A new random key for an artifact, and the form in which it is stored. */
export function newArtifactKey(masterKey: Uint8Array, sha256: string): { key: Uint8Array; wrapped: Uint8Array } {
  const key = randomBytes(32)
  return { key, wrapped: encrypt(wrappingKey(masterKey), key, artifactBinding(sha256)) }
}

/** Throws `payload-unreadable`. */
export function artifactKey(masterKey: Uint8Array, wrapped: Uint8Array, sha256: string): Uint8Array {
  try {
    return decrypt(wrappingKey(masterKey), wrapped, artifactBinding(sha256))
  } catch (cause) {
    throw refuse('payload-unreadable', `The key of artifact ${sha256} does not open with this master key.`, { cause })
  }
}
