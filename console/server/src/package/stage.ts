import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

/** A file of the payload, written and waiting to be packed. */
export interface StagedFile {
  path: string
  bytes: number
  crc32: number
  /** Hex. */
  sha256: string
  read(): AsyncIterable<Uint8Array>
}

/** A file that is being written, from its beginning to its end. */
export interface Draft {
  write(data: string | Uint8Array): Promise<void>
  end(): Promise<void>
}

/**
 * The payload on disk before it is packed: sizes and CRCs must be known before the first byte of a container can be
 * written. Files are numbered there; their names in the package are only names.
 */
export interface Stage {
  begin(path: string): Promise<Draft>
  /** A whole file at once. */
  put(path: string, pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>): Promise<void>
  /** Files that were ended, in the order of their names. */
  files(): StagedFile[]
  /** Ends what was begun; the folder stays. */
  close(): Promise<void>
}

/** Small pieces are put together: each write is a trip to another thread. */
const writeBytes = 256 * 1024

export async function openStage(folder: string): Promise<Stage> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const staged: StagedFile[] = []
  const begun = new Set<FileHandle>()
  let count = 0
  async function begin(path: string): Promise<Draft> {
    const name = join(folder, String(count++))
    const handle = await open(name, 'wx', 0o600)
    begun.add(handle)
    return draft(handle, async (digests) => {
      begun.delete(handle)
      await handle.close()
      staged.push({ path, ...digests, read: () => createReadStream(name, { highWaterMark: 1024 * 1024 }) })
    })
  }
  return {
    begin,
    async put(path, pieces) {
      const file = await begin(path)
      for await (const piece of pieces) await file.write(piece)
      await file.end()
    },
    files: () => staged.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    async close() {
      for (const handle of begun) await handle.close()
      begun.clear()
    },
  }
}

function draft(handle: FileHandle, ended: (digests: Omit<StagedFile, 'path' | 'read'>) => Promise<void>): Draft {
  const hash = createHash('sha256')
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let bytes = 0
  let crc = 0
  const flush = async () => {
    const data = Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
    bytes += data.length
    crc = crc32(data, crc)
    hash.update(data)
    await writeAll(handle, data)
  }
  return {
    async write(data) {
      const piece = typeof data === 'string' ? Buffer.from(data) : data
      waiting.push(piece)
      waitingBytes += piece.length
      if (waitingBytes >= writeBytes) await flush()
    },
    async end() {
      await flush()
      await ended({ bytes, crc32: crc, sha256: hash.digest('hex') })
    },
  }
}

export async function writeAll(handle: FileHandle, data: Uint8Array): Promise<void> {
  for (let at = 0; at < data.length; ) at += (await handle.write(data, at)).bytesWritten
}
