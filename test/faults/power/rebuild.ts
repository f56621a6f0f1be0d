import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export interface Entry {
  kind: 'C' | 'W' | 'T' | 'S' | 'R' | 'U'
  inode: string
  at: number
  path: string
  data: Buffer
}

/** What `journal.c` wrote down. */
export function readJournal(file: string): Entry[] {
  const bytes = readFileSync(file)
  const entries: Entry[] = []
  for (let at = 0; at < bytes.length; ) {
    const [pathLength, dataLength] = [bytes.readUInt32LE(at + 17), bytes.readUInt32LE(at + 21)]
    const path = at + 25
    const data = path + pathLength
    entries.push({
      kind: String.fromCharCode(bytes[at] ?? 0) as Entry['kind'],
      inode: String(bytes.readBigUInt64LE(at + 1)),
      at: Number(bytes.readBigUInt64LE(at + 9)),
      path: bytes.toString('utf8', path, data),
      data: bytes.subarray(data, data + dataLength),
    })
    at = data + dataLength
  }
  return entries
}

type Change = { at: number; data: Buffer } | { size: number }

/** A file: what is surely on the disk, and what was asked for since. */
class File {
  synced: Buffer = Buffer.alloc(0)
  pending: Change[] = []

  sync(): void {
    this.synced = withChanges(this.synced, this.pending)
    this.pending = []
  }
}

/** How the power goes: all that was not synced is undone, or an arbitrary part of it is there, its last write torn. */
export type Cut = 'undone' | { torn(): number }

const sector = 512

/** A disk to which a journal is played, and which can be looked at as a cut of the power leaves it. */
export class Disk {
  readonly #files = new Map<string, File>()
  readonly #names = new Map<string, File>()
  readonly #syncedNames = new Map<string, File>()

  play(entry: Entry): void {
    const { kind, path, data } = entry
    if (kind === 'C') this.#create(path, entry.inode)
    else if (kind === 'R') this.#rename(path, data.toString())
    else if (kind === 'U') this.#names.delete(path)
    else if (kind === 'S' && !this.#names.has(path)) this.#syncFolder(path)
    else this.#change(entry)
  }

  #change({ kind, inode, at, data }: Entry): void {
    const file = this.#files.get(inode)
    if (file === undefined) return
    if (kind === 'W') file.pending.push({ at, data })
    else if (kind === 'T') file.pending.push({ size: at })
    else file.sync()
  }

  #create(path: string, inode: string): void {
    const known = this.#files.get(inode)
    if (known !== undefined && this.#names.get(path) === known) {
      known.pending.push({ size: 0 })
      return
    }
    const file = new File()
    this.#files.set(inode, file)
    this.#names.set(path, file)
  }

  #rename(from: string, to: string): void {
    const file = this.#names.get(from)
    this.#names.delete(from)
    if (file !== undefined) this.#names.set(to, file)
  }

  #syncFolder(folder: string): void {
    for (const path of this.#syncedNames.keys()) if (dirname(path) === folder) this.#syncedNames.delete(path)
    for (const [path, file] of this.#names) if (dirname(path) === folder) this.#syncedNames.set(path, file)
  }

  /** Writes what is left after the cut to another folder. */
  leave(from: string, to: string, cut: Cut): void {
    const names = cut !== 'undone' && cut.torn() < 0.5 ? this.#names : this.#syncedNames
    for (const [path, file] of names) {
      if (relative(from, path).startsWith('..') || path.endsWith('-shm')) continue
      const place = join(to, relative(from, path))
      mkdirSync(dirname(place), { recursive: true })
      const changes = cut === 'undone' ? [] : torn(file.pending, cut.torn)
      writeFileSync(place, withChanges(file.synced, changes), { mode: 0o600 })
    }
  }
}

/** Between two syncs a disk may write in any order, and by sectors. */
function torn(pending: readonly Change[], random: () => number): Change[] {
  const share = random()
  const there = pending.filter((change) => 'size' in change || random() < share)
  const last = there.at(-1)
  if (last === undefined || 'size' in last) return there
  const sectors = Math.floor((random() * last.data.length) / sector)
  return [...there.slice(0, -1), { at: last.at, data: last.data.subarray(0, sectors * sector) }]
}

function withChanges(before: Buffer, changes: readonly Change[]): Buffer {
  if (changes.length === 0) return before
  const sizeAfter = (size: number, change: Change) =>
    'size' in change ? change.size : Math.max(size, change.at + change.data.length)
  const most = changes.reduce((size, change) => Math.max(size, sizeAfter(size, change)), before.length)
  const bytes = Buffer.alloc(most)
  before.copy(bytes)
  let size = before.length
  for (const change of changes) {
    if ('size' in change) bytes.fill(0, Math.min(change.size, size), size)
    else change.data.copy(bytes, change.at)
    size = sizeAfter(size, change)
  }
  return bytes.subarray(0, size)
}
