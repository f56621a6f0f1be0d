import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { isRefusal, refuse } from '../error.ts'

const blockBytes = 256 * 1024
const hashBlockBytes = 1024 * 1024
const mostOfUnknown = 64 * 1024 * 1024

/** A regular file that was read once for its hash, and is read again for its records. */
export interface HashedFile {
  sha256: string
  dev: string
  ino: string
  /** The bytes that were hashed. A block is only valid until the next one is asked for. */
  blocks(): AsyncGenerator<Buffer>
  /** True when `blocks` came to its end and gave other bytes than those that were hashed. */
  hasChanged(): boolean
  close(): Promise<void>
}

/** Hashes what the file holds now. Throws `file-unreadable`, also for what is no regular file. */
export async function openHashed(path: string): Promise<HashedFile> {
  const handle = await openRegular(path)
  try {
    const { size, dev, ino } = await handle.stat({ bigint: true })
    // Files of /proc say that they have no size.
    const { sha256, bytes } = await hashOf(handle, Number(size) || mostOfUnknown)
    let changed = false
    return {
      sha256,
      dev: String(dev),
      ino: String(ino),
      async *blocks() {
        const hash = createHash('sha256')
        for await (const block of blocksOf(handle, { bytes, most: blockBytes })) {
          hash.update(block)
          yield block
        }
        changed = hash.digest('hex') !== sha256
      },
      hasChanged: () => changed,
      close: () => handle.close(),
    }
  } catch (cause) {
    await handle.close()
    throw refusalOf(path, cause)
  }
}

/** A pipe would wait for its writer and cannot be read twice, so the path is looked at before it is opened. */
async function openRegular(path: string): Promise<FileHandle> {
  try {
    if (!(await stat(path)).isFile()) throw irregular(path)
    // Not to wait for a pipe that took the place of the file meanwhile.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
    throw irregular(path)
  } catch (cause) {
    throw isRefusal(cause) ? cause : refusalOf(path, cause)
  }
}

function irregular(path: string): Error {
  return refuse('file-unreadable', `${path} is no regular file. A pipe can be read with --from-stdin.`)
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by this account',
  EPERM: 'may not be read by this account',
}

function refusalOf(path: string, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return refuse('file-unreadable', `${path} ${reasons[code] ?? `cannot be read${code && ` (${code})`}`}.`, { cause })
}

async function hashOf(handle: FileHandle, most: number): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const block of blocksOf(handle, { bytes: most, most: hashBlockBytes })) {
    hash.update(block)
    bytes += block.length
  }
  return { sha256: hash.digest('hex'), bytes }
}

/** The first `bytes` of the file, or what is there of them. */
async function* blocksOf(handle: FileHandle, { bytes, most }: { bytes: number; most: number }): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(most, bytes))
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(most, bytes - at), at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
