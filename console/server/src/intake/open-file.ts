import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { isCollection } from '@tidewaiter/protocol'
import { chunkBytes, tagBytes } from '@tidewaiter/protocol/node/age'
import { byteSource } from '../backup/byte-source.ts'
import { isBackup, isSealed, openedCipher } from '../backup/envelope.ts'
import { isRefusal, refuse } from '../error.ts'

const pieceBytes = 256 * 1024
const sampleBytes = 4096

/** Bytes of a file that do not open: they are read as zeros, so that what stands around them is found. */
export interface Unopened {
  /** Byte of what was encrypted. */
  at: number
  bytes: number
}

/** A collection file that is read from front to back, once. */
export interface CollectionFile {
  isEncrypted: boolean
  size: number
  /** What was written, opened. Throws `collection-sealed`, `collection-malformed`. */
  pieces(unopened: (what: Unopened) => void): AsyncIterable<Uint8Array>
  /** Of the file as it lies there, once all pieces were read. */
  sha256(): string
  close(): Promise<void>
}

/** True for a collection, encrypted or not, by its first bytes. */
export async function isCollectionFile(path: string): Promise<boolean> {
  const file = await opened(path)
  try {
    const sample = await sampleOf(file)
    return isCollection(sample) || isSealedCollection(sample)
  } finally {
    await file.close()
  }
}

function isSealedCollection(sample: Uint8Array): boolean {
  return isSealed(sample) && !isBackup(sample)
}

/** @param identity private key of age (`AGE-SECRET-KEY-1…`) that may open it; asked for only where it is encrypted */
export async function openCollection(path: string, identity: () => Promise<string>): Promise<CollectionFile> {
  const file = await opened(path)
  const isEncrypted = isSealedCollection(await sampleOf(file))
  const { size } = await file.stat()
  const hash = createHash('sha256')
  async function* raw(): AsyncGenerator<Buffer> {
    for (let at = 0; ; ) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, at)
      if (bytesRead === 0) return
      const piece = buffer.subarray(0, bytesRead)
      hash.update(piece)
      yield piece
      at += bytesRead
    }
  }
  return {
    isEncrypted,
    size,
    pieces: (unopened) => (isEncrypted ? openedPieces(raw(), { identity, unopened }) : raw()),
    sha256: () => hash.digest('hex'),
    close: () => file.close(),
  }
}

interface Opening {
  identity(): Promise<string>
  unopened(what: Unopened): void
}

/** As far as it opens: a chunk stands for itself. */
async function* openedPieces(
  raw: AsyncIterable<Uint8Array>,
  { identity, unopened }: Opening,
): AsyncGenerator<Uint8Array> {
  const source = byteSource(raw)
  const cipher = await cipherOf(source, await identity())
  let chunk = await source.take(chunkBytes + tagBytes)
  for (let number = 0; chunk.length > 0; number++) {
    const next = await source.take(chunkBytes + tagBytes)
    const isLast = next.length === 0
    const bytes = Math.max(chunk.length - tagBytes, 0)
    // The last one there is need not be the last one there was.
    const open =
      openOr(cipher, chunk, { number, isLast }) ??
      (isLast ? openOr(cipher, chunk, { number, isLast: false }) : undefined)
    if (open === undefined) unopened({ at: number * chunkBytes, bytes })
    yield open ?? new Uint8Array(bytes)
    chunk = next
  }
}

type Cipher = Awaited<ReturnType<typeof openedCipher>>

function openOr(cipher: Cipher, chunk: Buffer, place: { number: number; isLast: boolean }): Uint8Array | undefined {
  if (chunk.length < tagBytes) return undefined
  try {
    return cipher.open(chunk, place)
  } catch {
    return undefined
  }
}

async function cipherOf(source: ReturnType<typeof byteSource>, identity: string): Promise<Cipher> {
  try {
    return await openedCipher(source, { recoveryKey: identity })
  } catch (cause) {
    if (!isRefusal(cause)) throw cause
    if (cause.code === 'backup-sealed')
      throw refuse('collection-sealed', 'The file does not open with this key, or its header was changed.', { cause })
    throw refuse('collection-malformed', 'The file ends inside its header, or its header was changed.', { cause })
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    const file = await open(path)
    if ((await file.stat()).isFile()) return file
    await file.close()
  } catch (cause) {
    throw refuse('file-unreadable', `${path} cannot be read.`, { cause })
  }
  throw refuse('file-unreadable', `${path} is no regular file.`)
}

async function sampleOf(file: FileHandle): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(sampleBytes), 0, sampleBytes, 0)
  return buffer.subarray(0, bytesRead)
}
