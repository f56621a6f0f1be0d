import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { type ChunkPlace, chunkBytes, chunkCipher, nonceBytes, tagBytes } from '@tidewaiter/protocol/node/age'
import { Decrypter, Encrypter, type Identity, type Recipient, Stanza } from 'age-encryption'
import { refuse } from '../error.ts'
import { type ByteSource, byteSource } from './byte-source.ts'

/*
 * A backup is one age file (age-encryption.org/v1). Its header comes from the age library; the payload, of any size, goes
 * through the cipher of Node, which is many times faster.
 */

type ChunkCipher = ReturnType<typeof chunkCipher>

const mostHeaderBytes = 64 * 1024

/** For whom a backup is sealed. */
export interface Sealed {
  /** Master key of the console. */
  masterKey: Uint8Array
  /** Public half of the recovery key (`age1…`); undefined while nobody has the private one. */
  recipient: string | undefined
}

/** What opens one. */
export type Opener = { masterKey: Uint8Array } | { recoveryKey: string }

/** The bytes of the file for these bytes. */
export async function* sealed(pieces: AsyncIterable<Uint8Array>, to: Sealed): AsyncGenerator<Uint8Array> {
  const { header, fileKey } = await newHeader(to)
  const nonce = randomBytes(nonceBytes)
  yield Buffer.concat([header, nonce])
  const cipher = chunkCipher(fileKey, nonce)
  const source = byteSource(pieces)
  let chunk = await source.take(chunkBytes)
  for (let number = 0; ; number++) {
    const next = await source.take(chunkBytes)
    const isLast = next.length === 0
    yield cipher.seal(chunk, { number, isLast })
    if (isLast) return
    chunk = next
  }
}

/**
 * The bytes that were sealed, each piece only after its tag was checked.
 * @throws `backup-malformed`, `backup-sealed`, `backup-damaged`
 */
export async function* opened(file: AsyncIterable<Uint8Array>, opener: Opener): AsyncGenerator<Uint8Array> {
  const source = byteSource(file)
  const cipher = await openedCipher(source, opener)
  let chunk = await source.take(chunkBytes + tagBytes)
  for (let number = 0; ; number++) {
    const next = await source.take(chunkBytes + tagBytes)
    const isLast = next.length === 0
    yield openChunk(cipher, chunk, { number, isLast })
    if (isLast) return
    chunk = next
  }
}

/**
 * What opens the chunks that follow the header in this source.
 * @throws `backup-malformed`, `backup-sealed`, `backup-damaged`
 */
export async function openedCipher(source: ByteSource, opener: Opener): Promise<ChunkCipher> {
  const fileKey = await openHeader(await readHeader(source), opener)
  const nonce = await source.take(nonceBytes)
  if (nonce.length < nonceBytes) throw cutOff()
  return chunkCipher(fileKey, nonce)
}

/** True for a file in which this console's kind of stanza stands: a backup, and no other file of age. */
export function isBackup(beginning: Uint8Array): boolean {
  return Buffer.from(beginning).toString('latin1').includes(`\n-> ${stanzaType} `)
}

/** True for what is sealed with age at all: a backup, `recovery.age` and a key export are. */
export function isSealed(beginning: Uint8Array): boolean {
  return Buffer.from(beginning).toString('latin1').startsWith('age-encryption.org/v1\n')
}

/** The age library gives whole files: of one without content, all but the last 32 bytes is the header. */
async function newHeader({ masterKey, recipient }: Sealed): Promise<{ header: Uint8Array; fileKey: Uint8Array }> {
  let fileKey: Uint8Array | undefined
  const encrypter = new Encrypter()
  const console = consoleRecipient(masterKey)
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = new Uint8Array(key)
      return console.wrapFileKey(key)
    },
  })
  if (recipient !== undefined) encrypter.addRecipient(recipient)
  const file = await encrypter.encrypt(new Uint8Array(0))
  if (fileKey === undefined) throw new Error('the age library asked no recipient')
  return { header: file.subarray(0, file.length - nonceBytes - tagBytes), fileKey }
}

async function readHeader(source: ByteSource): Promise<Buffer> {
  const lines: Buffer[] = []
  for (let bytes = 0; bytes < mostHeaderBytes; ) {
    const line = await readLine(source)
    lines.push(line)
    bytes += line.length
    if (lines.length === 1 && line.toString('latin1') !== 'age-encryption.org/v1\n')
      throw refuse('backup-malformed', 'The file does not begin as a backup does.')
    if (line.subarray(0, 4).toString('latin1') === '--- ') return Buffer.concat(lines)
  }
  throw refuse('backup-malformed', 'The header of the file does not end.')
}

const mostLineBytes = 1024

async function readLine(source: ByteSource): Promise<Buffer> {
  const bytes: Buffer[] = []
  while (bytes.length < mostLineBytes) {
    const byte = await source.take(1)
    if (byte.length === 0) throw cutOff()
    bytes.push(byte)
    if (byte[0] === 0x0a) return Buffer.concat(bytes)
  }
  throw refuse('backup-malformed', 'A line in the header of the file does not end.')
}

async function openHeader(header: Uint8Array, opener: Opener): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  try {
    decrypter.addIdentity('masterKey' in opener ? consoleIdentity(opener.masterKey) : opener.recoveryKey)
    return await decrypter.decryptHeader(header)
  } catch (cause) {
    throw refuse('backup-sealed', 'The file does not open with this key, or its header was changed.', { cause })
  }
}

const stanzaType = 'tidewaiter.console'

/** A stanza for the console's own key: `-> tidewaiter.console <salt>`, the file key under ChaCha20-Poly1305. */
function consoleRecipient(masterKey: Uint8Array): Recipient {
  return {
    wrapFileKey(fileKey) {
      const salt = randomBytes(16)
      const cipher = createCipheriv('chacha20-poly1305', consoleKey(masterKey, salt), Buffer.alloc(12), {
        authTagLength: tagBytes,
      })
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
      return [new Stanza([stanzaType, salt.toString('base64').replace(/=+$/, '')], body)]
    },
  }
}

function consoleIdentity(masterKey: Uint8Array): Identity {
  return {
    unwrapFileKey(stanzas) {
      for (const { args, body } of stanzas) {
        if (args[0] !== stanzaType || args.length !== 2 || body.length !== 16 + tagBytes) continue
        const key = consoleKey(masterKey, Buffer.from(args[1] ?? '', 'base64'))
        const cipher = createDecipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: tagBytes })
        cipher.setAuthTag(body.subarray(16))
        try {
          return Buffer.concat([cipher.update(body.subarray(0, 16)), cipher.final()])
        } catch {
          return null
        }
      }
      return null
    },
  }
}

function consoleKey(masterKey: Uint8Array, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, salt, 'tidewaiter backup', 32))
}

/** Throws `backup-damaged`. */
function openChunk(cipher: ChunkCipher, chunk: Buffer, place: ChunkPlace): Buffer {
  if (chunk.length < tagBytes) throw cutOff()
  try {
    return cipher.open(chunk, place)
  } catch (cause) {
    const at = place.number * (chunkBytes + tagBytes)
    throw refuse('backup-damaged', `The file was cut off or changed: its bytes from ${at} on do not open.`, { cause })
  }
}

function cutOff() {
  return refuse('backup-damaged', 'The file ends too early.')
}
