import type { BigIntStats } from 'node:fs'
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, opendir } from 'node:fs/promises'
import { errnoOf, refuse } from '../error.ts'
import type { FileFacts, FileStat, Host, OpenFile, Unreadable } from '../host.ts'

const mostNames = 10_000
const stepBytes = 64 * 1024
/** Windows tells no open file that it grows: whoever follows one is woken to look. */
const lookMs = 1_000
const bigint = { bigint: true } as const

/** Files and folders of a Windows machine. Node shares what it opens: a log can be renamed and removed meanwhile. */
export const files: Pick<Host, 'stat' | 'facts' | 'open' | 'list' | 'names' | 'read'> = {
  async stat(path) {
    const found = await look(path)
    return found && toFileStat(found)
  },
  async facts(path) {
    const found = await look(path)
    return found && toFacts(found)
  },
  async open(path) {
    const file = await openCarefully(path)
    return typeof file === 'string' ? file : toOpenFile(file)
  },
  // What cannot be read has nothing to show.
  list: async (folder) => (await namesIn(folder)) ?? [],
  names: namesIn,
  read: readWhole,
}

async function namesIn(folder: string): Promise<string[] | undefined> {
  const names: string[] = []
  try {
    for await (const { name } of await opendir(folder)) {
      if (names.length === mostNames) break
      names.push(name)
    }
    return names
  } catch {
    return undefined
  }
}

async function look(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, bigint)
  } catch {
    return undefined
  }
}

/** Volume and file number: they stay with a file on NTFS; on ReFS the number is the lower half of a longer one. */
function toFileStat({ dev, ino, size, mtimeNs, nlink }: BigIntStats): FileStat {
  return { dev: `${dev}`, ino: `${ino}`, size: Number(size), modifiedNs: mtimeNs, links: Number(nlink) }
}

/** Owner and permissions are none of those of Windows: Node gives 0 and what the read-only flag says. */
function toFacts(stats: BigIntStats): FileFacts {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other'
  const { dev, ino, size, mode, uid, gid, mtimeNs, ctimeNs } = stats
  return {
    ...{ dev: `${dev}`, ino: `${ino}` },
    ...{ kind, size: Number(size), mode: Number(mode & 0o7777n), uid: Number(uid), gid: Number(gid) },
    ...{ modifiedNs: mtimeNs, changedNs: ctimeNs },
  }
}

/**
 * Windows has no way to open a name only where it is no link: what was opened is compared with what was looked at.
 * Paths of devices (`\\.\`, `\\?\`, pipes) and of other machines are not opened at all.
 */
async function openCarefully(path: string): Promise<FileHandle | Unreadable> {
  if (/^[\\/]{2}/.test(path)) return 'not-a-file'
  try {
    const found = await lstat(path, bigint)
    if (found.isSymbolicLink()) return 'link'
    if (!found.isFile()) return 'not-a-file'
    const file = await open(path, constants.O_RDONLY)
    const opened = await file.stat(bigint)
    if (opened.isFile() && opened.ino === found.ino && opened.dev === found.dev) return file
    await file.close()
    return 'link'
  } catch (cause) {
    return whyOf(cause)
  }
}

function whyOf(cause: unknown): Unreadable {
  switch (errnoOf(cause)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'missing'
    case 'EACCES':
    case 'EPERM':
    case 'EBUSY':
      return 'not-permitted'
    default:
      return 'failed'
  }
}

function toOpenFile(file: FileHandle): OpenFile {
  return {
    stat: async () => toFileStat(await file.stat(bigint)),
    read: async (into, at) => (await file.read(into, 0, into.length, at)).bytesRead,
    onChange(changed) {
      const timer = setInterval(changed, lookMs).unref()
      return () => clearInterval(timer)
    },
    // Windows tells it of an open file, and Node does not ask.
    realPath: () => undefined,
    close: () => file.close(),
  }
}

/** Throws `file-too-large`. */
async function readWhole(path: string, limit: number): Promise<Buffer | Unreadable> {
  const file = await openCarefully(path)
  if (typeof file === 'string') return file
  const parts: Buffer[] = []
  let length = 0
  try {
    for (;;) {
      const room = Buffer.allocUnsafe(Math.min(stepBytes, limit + 1))
      const { bytesRead } = await file.read(room, 0, room.length, length)
      if (bytesRead === 0) return Buffer.concat(parts)
      length += bytesRead
      if (length > limit) throw refuse('file-too-large', `${path} has more than ${limit} bytes.`)
      parts.push(room.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}
