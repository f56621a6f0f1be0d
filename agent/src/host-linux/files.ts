import { constants, readlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { errnoOf, refuse } from '../error.ts'
import type { FileFacts, FileStat, Host, OpenFile, Unreadable } from '../host.ts'
import { type Calls, newVolumes, type Opened, type Stats, type Volumes } from './volumes.ts'
import { watchOpenFile } from './watch-open-file.ts'

const mostNames = 10_000
/** Most files that are read whole are smaller than the first step. */
const [firstBytes, stepBytes] = [4 * 1024, 64 * 1024]
/**
 * A table of the kernel gives as many whole lines as fit into a page at a time (seq_read_iter in fs/seq_file.c): a read
 * that leaves room for another line was the last. To be told so by one more read costs a walk over all of the table.
 */
const table = { folder: '/proc/net/', page: 4_096, endsBelow: 3_584 }

/** A pipe that nobody writes to does not block, a link in the last part is refused, and a terminal does not become ours. */
const carefully = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY

/** Files and folders of this machine, read so that nobody can tell. */
export function newFiles(
  clock: Pick<Host, 'steady' | 'breathe'>,
): Pick<Host, 'stat' | 'facts' | 'open' | 'list' | 'names' | 'read'> {
  const volumes = newVolumes(clock)
  const names = async (folder: string) => {
    try {
      const calls = await volumes.callsAt(folder)
      return await calls.names(folder, mostNames)
    } catch {
      return undefined
    }
  }
  return {
    async stat(path) {
      try {
        const calls = await volumes.callsAt(dirname(path))
        return toFileStat(await calls.lstat(path))
      } catch {
        return undefined
      }
    },
    async facts(path) {
      try {
        const calls = await volumes.callsAt(dirname(path))
        return toFacts(await calls.lstat(path))
      } catch {
        return undefined
      }
    },
    open: (path) => openFile(path, volumes),
    // What cannot be read has nothing to show.
    list: async (folder) => (await names(folder)) ?? [],
    names,
    read: async (path, limit) => readWhole(path, limit, { calls: await volumes.callsAt(dirname(path)), clock }),
  }
}

function toFileStat({ dev, ino, size, mtimeNs, nlink }: Stats): FileStat {
  return { dev: `${dev}`, ino: `${ino}`, size: Number(size), modifiedNs: mtimeNs, links: Number(nlink) }
}

function toFacts(stats: Stats): FileFacts {
  const { size, mode, uid, gid, mtimeNs, ctimeNs } = stats
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other'
  return {
    kind,
    size: Number(size),
    mode: Number(mode & 0o7777n),
    uid: Number(uid),
    gid: Number(gid),
    modifiedNs: mtimeNs,
    changedNs: ctimeNs,
  }
}

async function openFile(path: string, volumes: Volumes): Promise<OpenFile | Unreadable> {
  const calls = await volumes.callsAt(dirname(path))
  let opened = await openCarefully(path, calls)
  if (typeof opened === 'string') return opened
  const own = await volumes.callsOf(opened)
  if (own !== calls) {
    await opened.close()
    opened = await openCarefully(path, own)
    if (typeof opened === 'string') return opened
  }
  return toOpenFile(opened)
}

function toOpenFile(file: Opened): OpenFile {
  return {
    stat: async () => toFileStat(await file.stat()),
    read: async (into, at) => file.read(into, at),
    onChange: (changed) => watchOpenFile(file.fd, changed),
    realPath: () => realPathOf(file.fd),
    close: async () => file.close(),
  }
}

/** proc_pid_fd(5): a link to what the descriptor stands for. */
function realPathOf(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return undefined
  }
}

/** Looks before it opens: opening a pipe or a device is an act that somebody may wait for. */
async function openCarefully(path: string, calls: Calls): Promise<Opened | Unreadable> {
  try {
    const found = await calls.lstat(path)
    if (found.isSymbolicLink()) return 'link'
    if (!found.isFile()) return 'not-a-file'
    const file = await openUnseen(path, calls)
    if ((await file.stat()).isFile()) return file
    await file.close()
    return 'not-a-file'
  } catch (cause) {
    return whyOf(cause)
  }
}

/** Reading evidence should not change its access time. Only the owner, and root with CAP_FOWNER, may ask for that. */
async function openUnseen(path: string, calls: Calls): Promise<Opened> {
  try {
    return await calls.open(path, carefully | constants.O_NOATIME)
  } catch (cause) {
    if (errnoOf(cause) !== 'EPERM') throw cause
    return calls.open(path, carefully)
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

/** Throws `file-too-large`. */
async function readWhole(
  path: string,
  limit: number,
  { calls, clock }: { calls: Calls; clock: Pick<Host, 'breathe'> },
): Promise<Buffer | Unreadable> {
  const file = await openCarefully(path, calls)
  if (typeof file === 'string') return file
  const parts: Buffer[] = []
  let length = 0
  let room = Buffer.allocUnsafe(firstBytes)
  try {
    // Files of /proc have no size: what there is shows in reading.
    for (;;) {
      const got = await file.read(room, null)
      if (got === 0) return Buffer.concat(parts)
      length += got
      if (length > limit) throw refuse('file-too-large', `${path} has more than ${limit} bytes.`)
      parts.push(room.subarray(0, got))
      if (path.startsWith(table.folder) && room.length >= table.page && got < table.endsBelow)
        return Buffer.concat(parts)
      if (length > firstBytes) await clock.breathe()
      room = got < room.length ? room.subarray(got) : Buffer.allocUnsafe(stepBytes)
    }
  } finally {
    await file.close()
  }
}
