import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { fromBech32, toBech32 } from './bech32.ts'

/*
 * Files of age (age-encryption.org/v1), as far as agent and console write and read them themselves: a header for X25519
 * recipients, and the payload in chunks.
 */

export const chunkBytes = 64 * 1024
export const tagBytes = 16
export const nonceBytes = 16

/** Where a chunk stands in the payload. */
export interface ChunkPlace {
  number: number
  isLast: boolean
}

/** The payload of age: chunks of 64 KiB under ChaCha20-Poly1305, the nonce an 11-byte counter and the mark of the last. */
export function chunkCipher(fileKey: Uint8Array, nonce: Uint8Array) {
  const key = new Uint8Array(hkdfSync('sha256', fileKey, nonce, 'payload', 32))
  const nonceOf = ({ number, isLast }: ChunkPlace) => {
    const bytes = Buffer.alloc(12)
    bytes.writeUIntBE(number, 5, 6)
    bytes[11] = Number(isLast)
    return bytes
  }
  return {
    seal(chunk: Uint8Array, place: ChunkPlace): Buffer {
      const cipher = createCipheriv('chacha20-poly1305', key, nonceOf(place), { authTagLength: tagBytes })
      return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()])
    },
    /** Throws where the chunk was changed, or does not stand there. @param chunk with its tag */
    open(chunk: Uint8Array, place: ChunkPlace): Buffer {
      const decipher = createDecipheriv('chacha20-poly1305', key, nonceOf(place), { authTagLength: tagBytes })
      decipher.setAuthTag(chunk.subarray(-tagBytes))
      return Buffer.concat([decipher.update(chunk.subarray(0, -tagBytes)), decipher.final()])
    },
  }
}

const recipientPrefix = 'age'
const keyBytes = 32

/** The 32 bytes of a recipient (`age1…`); undefined for what is none, also where a letter was mistyped. */
export function parseRecipient(text: string): Uint8Array | undefined {
  const key = fromBech32(recipientPrefix, text)
  return key?.length === keyBytes ? key : undefined
}

/** A pair from 32 secret bytes: the private half as `AGE-SECRET-KEY-1…`, the public one as `age1…`. */
export function ageKeyPair(secret: Uint8Array): { identity: string; recipient: string } {
  const privateKey = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, secret]),
    format: 'der',
    type: 'pkcs8',
  })
  return {
    identity: toBech32('age-secret-key-', secret).toUpperCase(),
    recipient: toBech32(recipientPrefix, rawPublic(createPublicKey(privateKey))),
  }
}

/** PKCS #8 and SPKI of X25519 begin so; the 32 bytes of the key follow (RFC 8410, 4 and 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex')
const spkiPrefix = Buffer.from('302a300506032b656e032100', 'hex')

function rawPublic(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(-keyBytes)
}

/** A file of age that is written from front to back. */
export interface AgeSealing {
  /** Header and nonce: what the file begins with. */
  head: Buffer
  /** What can be written after these bytes came: whole chunks alone. */
  push(bytes: Uint8Array): Buffer[]
  /** The last chunk. */
  end(): Buffer
}

/** @param recipients as `parseRecipient` gives them, one or more: each can open the file alone */
export function sealForRecipients(recipients: readonly Uint8Array[]): AgeSealing {
  const fileKey = randomBytes(16)
  const nonce = randomBytes(nonceBytes)
  const cipher = chunkCipher(fileKey, nonce)
  const held = Buffer.alloc(chunkBytes)
  let used = 0
  let number = 0
  return {
    head: Buffer.concat([headerFor(fileKey, recipients), nonce]),
    push(bytes) {
      const out: Buffer[] = []
      for (let at = 0; at < bytes.length; ) {
        // Only now: the last chunk may be whole, and is sealed as the last.
        if (used === chunkBytes) {
          out.push(cipher.seal(held, { number: number++, isLast: false }))
          used = 0
        }
        const part = bytes.subarray(at, at + chunkBytes - used)
        held.set(part, used)
        used += part.length
        at += part.length
      }
      return out
    },
    end: () => cipher.seal(held.subarray(0, used), { number, isLast: true }),
  }
}

function headerFor(fileKey: Uint8Array, recipients: readonly Uint8Array[]): Buffer {
  const stanzas = recipients.map((recipient) => stanzaFor(fileKey, recipient)).join('')
  const text = `age-encryption.org/v1\n${stanzas}---`
  const mac = createHmac('sha256', Buffer.from(hkdfSync('sha256', fileKey, '', 'header', 32)))
    .update(text)
    .digest()
  return Buffer.from(`${text} ${unpadded(mac)}\n`)
}

/** The file key, wrapped for one X25519 key under a pair that is made for it alone. */
function stanzaFor(fileKey: Uint8Array, recipient: Uint8Array): string {
  const own = generateKeyPairSync('x25519')
  const share = rawPublic(own.publicKey)
  const publicKey = createPublicKey({ key: Buffer.concat([spkiPrefix, recipient]), format: 'der', type: 'spki' })
  const secret = diffieHellman({ privateKey: own.privateKey, publicKey })
  const salt = Buffer.concat([share, recipient])
  const key = Buffer.from(hkdfSync('sha256', secret, salt, 'age-encryption.org/v1/X25519', 32))
  const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: tagBytes })
  const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
  return `-> X25519 ${unpadded(share)}\n${unpadded(body)}\n`
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
