import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { claimFolder, lockName } from './claim-folder.ts'
import { type AgentCode, errnoOf, isAgentRefusal, refuse, sqliteCodeOf } from './error.ts'

/** The agent's own folder: its key, its enrolment, its spool. Only its owner can enter it. */
export interface DataFolder {
  path: string
  has(name: string): boolean
  /** Names of all its files, sorted. */
  names(): string[]
  /** Of a file, as it lies on the disk; 0 when there is no such file. */
  bytes(name: string): number
  /** Undefined when there is no such file. */
  read(name: string): Buffer | undefined
  /** Replaces the file at once or not at all, also when the power goes. */
  write(name: string, data: string | Uint8Array): void
  /** The same for what may be lost with the power: without waiting for the disk, and not at all when it is full. */
  writeLightly(name: string, data: string): void
  remove(name: string): void
  rename(from: string, to: string): void
}

/** A folder that no other agent can work on until it is released. */
export interface HeldFolder extends DataFolder {
  release(): void
}

/**
 * Opens or makes the folder (mode 0700) and holds it. The lock is the operating system's (an exclusive SQLite
 * transaction), so it ends with the process however that ends.
 * @throws `data-folder-in-use`, `data-folder-foreign`, `not-permitted`, `spool-full` (nothing is held; it may work later)
 */
export function holdDataFolder(path: string): HeldFolder {
  permitted(path, () => claimFolder(path))
  const lock = tryLock(path, taking)
  if (lock === undefined)
    throw refuse(
      'data-folder-in-use',
      `An agent is already running on ${path}. Stop it first, or give another folder with --data.`,
    )
  return { ...lookInto(path), release: () => lock.close() }
}

/** The folder of an agent that may be running: for reading only. */
export function lookInto(path: string): DataFolder {
  const at = (name: string) => join(path, name)
  const replace = (name: string, data: string | Uint8Array, durable: boolean) =>
    permitted(path, () => {
      writeNew(`${at(name)}.new`, typeof data === 'string' ? Buffer.from(data) : data, durable)
      renameSync(`${at(name)}.new`, at(name))
      if (durable) syncFolder(path)
    })
  return {
    path,
    has: (name) => existsSync(at(name)),
    names: () => permitted(path, () => readdirSync(path).sort()),
    bytes: (name) => permitted(path, () => statSync(at(name), { throwIfNoEntry: false })?.size ?? 0),
    read: (name) => permitted(path, () => readIfThere(at(name))),
    write: (name, data) => replace(name, data, true),
    writeLightly(name, data) {
      try {
        replace(name, data, false)
      } catch (cause) {
        if (!isAgentRefusal(cause) || !lightlyMissed.has(cause.code)) throw cause
      }
    },
    remove: (name) =>
      permitted(path, () => {
        rmSync(at(name), { force: true })
        syncFolder(path)
      }),
    rename: (from, to) =>
      permitted(path, () => {
        renameSync(at(from), at(to))
        syncFolder(path)
      }),
  }
}

const lightlyMissed: ReadonlySet<AgentCode> = new Set(['spool-full', 'data-folder-broken'])

/** True while an agent works on the folder. Throws `not-permitted`. */
export function isHeld(path: string): boolean {
  if (!permitted(path, () => existsSync(join(path, lockName)))) return false
  const lock = tryLock(path, looking)
  lock?.close()
  return lock === undefined
}

/** Whoever only looks holds the lock for an instant: an agent waits that out. */
const taking = { sql: 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE', timeout: 500 }
/** Taking it writes a page. Looking does not: it says the truth on a full disk, too. */
const looking = { sql: 'SELECT 1 FROM sqlite_schema', timeout: 0 }

function tryLock(path: string, { sql, timeout }: typeof taking): DatabaseSync | undefined {
  const lock = permitted(path, () => {
    const file = join(path, lockName)
    closeSync(openSync(file, 'a', 0o600))
    return new DatabaseSync(file, { timeout })
  })
  try {
    lock.exec(sql)
    return lock
  } catch (cause) {
    lock.close()
    const code = sqliteCodeOf(cause)
    if (code === sqlite.busy) return undefined
    if (code === sqlite.full) throw full(path, cause)
    throw refuse('data-folder-broken', `${path} cannot be locked: ${lockName} in it cannot be written.`, { cause })
  }
}

/** Primary result codes (sqlite.org/rescode.html). */
const sqlite = { busy: 5, full: 13 }

function full(path: string, cause: unknown) {
  return refuse('spool-full', `The volume of ${path} has no room. Free space on it, or give another with --data.`, {
    cause,
  })
}

/** SQLite says only that it cannot open; system calls name the reason. */
function permitted<T>(path: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    const errno = errnoOf(cause) ?? ''
    if (['EACCES', 'EPERM', 'ERR_SQLITE_ERROR'].includes(errno)) {
      const says = `This account may not use ${path}. Run the command as the account of the agent (on Linux: root).`
      throw refuse('not-permitted', says, { cause })
    }
    if (errno === 'ENOSPC' || errno === 'EDQUOT') throw full(path, cause)
    const fix = fixes[errno]
    if (fix === undefined) throw cause
    throw refuse('data-folder-broken', `${path} cannot be used (${errno}). ${fix}`, { cause })
  }
}

const giveAnother = 'It is not a folder: give another one with --data.'
const fixes: Record<string, string> = {
  ENOTDIR: giveAnother,
  EEXIST: giveAnother,
  EISDIR: 'A folder stands where a file of the agent should be: move it away.',
  EROFS: 'It can only be read: give a folder on another volume with --data.',
  EIO: 'The disk fails: look at the system log.',
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw cause
  }
}

function writeNew(file: string, data: Uint8Array, durable: boolean): void {
  rmSync(file, { force: true })
  const handle = openSync(file, 'wx', 0o600)
  try {
    for (let at = 0; at < data.length; ) at += writeSync(handle, data, at)
    if (durable) fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Makes names durable after a create, rename or remove. Windows has no such call for folders and needs none. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
