import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, lstat, open, opendir } from 'node:fs/promises'
import { errnoOf, refuse } from '../error.ts'
import type { FileStat, OpenFile, Unreadable } from '../host.ts'
import { watchOpenFile } from './watch-open-file.ts'

const mostNames = 10_000
/** Most files that are read whole are smaller than the first step. */
const [firstBytes, stepBytes] = [4 * 1024, 64 * 1024]

/** A pipe that nobody writes to does not block, a link in the last part is refused, and a terminal does not become ours. */
const carefully = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY

function toFileStat({ dev, ino, size, mtimeNs, nlink }: BigIntStats): FileStat {
  return { dev: `${dev}`, ino: `${ino}`, size: Number(size), modifiedNs: mtimeNs, links: Number(nlink) }
}

export async function statFile(path: string): Promise<FileStat | undefined> {
  try {
    return toFileStat(await lstat(path, { bigint: true }))
  } catch {
    return undefined
  }
}

export async function openFile(path: string): Promise<OpenFile | Unreadable> {
  const handle = await openHandle(path)
  return typeof handle === 'string' ? handle : toOpenFile(handle)
}

/** Looks before it opens: opening a pipe or a device is an act that somebody may wait for. */
async function openHandle(path: string): Promise<FileHandle | Unreadable> {
  try {
    const found = await lstat(path)
    if (found.isSymbolicLink()) return 'link'
    if (!found.isFile()) return 'not-a-file'
    const handle = await openUnseen(path)
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
    return 'not-a-file'
  } catch (cause) {
    return whyOf(cause)
  }
}

/** Reading evidence should not change its access time. Only the owner, and root with CAP_FOWNER, may ask for that. */
async function openUnseen(path: string): Promise<FileHandle> {
  try {
    return await open(path, carefully | constants.O_NOATIME)
  } catch (cause) {
    if (errnoOf(cause) !== 'EPERM') throw cause
    return open(path, carefully)
  }
}

function whyOf(cause: unknown): Unreadable {
  switch (errnoOf(cause)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'missing'
    case 'EACCES':
    case 'EPERM':
      return 'not-permitted'
    case 'ELOOP':
      return 'link'
    default:
      return 'failed'
  }
}

function toOpenFile(handle: FileHandle): OpenFile {
  return {
    stat: async () => toFileStat(await handle.stat({ bigint: true })),
    read: async (into, at) => (await handle.read(into, 0, into.length, at)).bytesRead,
    onChange: (changed) => watchOpenFile(handle.fd, changed),
    close: () => handle.close(),
  }
}

export async function listFolder(folder: string): Promise<string[]> {
  const names: string[] = []
  try {
    for await (const { name } of await opendir(folder)) {
      if (names.length === mostNames) break
      names.push(name)
    }
  } catch {
    // What cannot be read has nothing to show; what was seen of it stays.
  }
  return names
}

/** Throws `file-too-large`. */
export async function readWhole(path: string, limit: number): Promise<Buffer | Unreadable> {
  const handle = await openHandle(path)
  if (typeof handle === 'string') return handle
  const parts: Buffer[] = []
  let length = 0
  let room = Buffer.allocUnsafe(firstBytes)
  try {
    // Files of /proc have no size: what there is shows in reading.
    for (;;) {
      const { bytesRead } = await handle.read(room)
      if (bytesRead === 0) return Buffer.concat(parts)
      length += bytesRead
      if (length > limit) throw refuse('file-too-large', `${path} has more than ${limit} bytes.`)
      parts.push(room.subarray(0, bytesRead))
      room = bytesRead < room.length ? room.subarray(bytesRead) : Buffer.allocUnsafe(stepBytes)
    }
  } finally {
    await handle.close()
  }
}
