import { type BigIntStats, closeSync, fstatSync, lstatSync, opendirSync, openSync, readSync } from 'node:fs'
import { lstat, open, opendir, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errnoOf } from '../error.ts'
import type { Clock } from '../host.ts'

export type Stats = BigIntStats
type Answer<T> = T | Promise<T>

/** How the system is asked about files. Failures are those of Node. */
export interface Calls {
  lstat(path: string): Answer<Stats>
  open(path: string, flags: number): Answer<Opened>
  /** Names in a folder, the first `most`. */
  names(folder: string, most: number): Answer<string[]>
}

export interface Opened {
  /** Its number, -1 once it is closed. */
  readonly fd: number
  stat(): Answer<Stats>
  /** From byte `at` of the file, or from where the last such read ended. */
  read(into: Uint8Array, at: number | null): Answer<number>
  close(): Answer<void>
}

const bigint = { bigint: true } as const

/** On this thread: a tenth of the cost, where the answer takes no longer than a disk of this machine. */
const here: Calls = {
  lstat: (path) => lstatSync(path, bigint),
  open(path, flags) {
    let fd = openSync(path, flags)
    return {
      get fd() {
        return fd
      },
      stat: () => fstatSync(fd, bigint),
      read: (into, at) => readSync(fd, into, 0, into.length, at),
      close() {
        const open = fd
        // Its number is another file's from now on.
        fd = -1
        if (open >= 0) closeSync(open)
      },
    }
  },
  names(folder, most) {
    const names: string[] = []
    const open = opendirSync(folder)
    try {
      for (let entry = open.readSync(); entry !== null && names.length < most; entry = open.readSync())
        names.push(entry.name)
    } finally {
      open.closeSync()
    }
    return names
  },
}

/** In a thread beside it, where nobody knows how long the answer takes. */
const beside: Calls = {
  lstat: (path) => lstat(path, bigint),
  async open(path, flags) {
    const handle = await open(path, flags)
    return {
      get fd() {
        return handle.fd
      },
      stat: () => handle.stat(bigint),
      read: async (into, at) => (await handle.read(into, 0, into.length, at)).bytesRead,
      close: () => handle.close(),
    }
  },
  async names(folder, most) {
    const names: string[] = []
    for await (const { name } of await opendir(folder)) {
      if (names.length === most) break
      names.push(name)
    }
    return names
  },
}

/**
 * Kinds of volumes that answer from this machine (statfs(2), linux/magic.h): ext2 to ext4, XFS, Btrfs, F2FS, ZFS, tmpfs,
 * ramfs, overlayfs, proc. What lies on a network or behind a program may not answer for minutes.
 */
const local = new Set([
  0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1, 0x01021994, 0x858458f6, 0x794c7630, 0x9fa0,
])
/** Another volume may be mounted over a folder meanwhile. */
const knownMs = 60_000
/** Folders are forgotten when there are more. */
const mostKnown = 1_000

/** How files are asked for, by the volume they lie on. */
export interface Volumes {
  /** For what lies in this folder, known for a minute. */
  callsAt(folder: string): Answer<Calls>
  /** For an open file: its name may lie on this machine, and what was mounted on it elsewhere. */
  callsOf(file: Opened): Promise<Calls>
}

export function newVolumes({ steady }: Pick<Clock, 'steady'>): Volumes {
  const known = new Map<string, { calls: Calls; untilMs: number }>()
  const look = async (folder: string) => {
    const calls = await callsFor(folder)
    if (known.size >= mostKnown) known.clear()
    known.set(folder, { calls, untilMs: steady() + knownMs })
    return calls
  }
  return {
    callsAt(folder) {
      const found = known.get(folder)
      return found !== undefined && steady() < found.untilMs ? found.calls : look(folder)
    },
    callsOf: ({ fd }) => callsFor(`/proc/self/fd/${fd}`),
  }
}

/** A folder that is not there answers as the one does in which it would be. */
async function callsFor(path: string): Promise<Calls> {
  try {
    return local.has((await statfs(path)).type) ? here : beside
  } catch (cause) {
    const above = dirname(path)
    return errnoOf(cause) === 'ENOENT' && above !== path ? callsFor(above) : beside
  }
}
