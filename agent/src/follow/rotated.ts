import { basename, dirname, join } from 'node:path'
import type { FileStat, Host, OpenFile, Unreadable } from '../host.ts'
import { beginsAs, type FilePosition, readHead } from './file-mark.ts'
import { inflate, type Packing } from './inflate.ts'

/** A file that was given another name when its log was rotated. */
export interface Rotated {
  path: string
  stat: FileStat
  /** How it is compressed; `other` cannot be read. */
  packing: Packing | 'other' | undefined
}

/** Numbers and dates, as logrotate (`.1`, `-20261124`) and others (`.2026-11-24T10:00`) put them behind the name. */
const mark = /^[.-]([0-9][0-9.:_TZ-]{0,30}|old)$/
const packed = /\.(gz|xz|bz2|zst|Z)$/
const packings: Readonly<Record<string, Packing>> = { '.gz': 'gzip', '.zst': 'zstd' }
/** Numbers up to here count rotations; longer ones are dates. */
const mostDigits = 4
/** A folder of rotated files has a few dozen, and of hourly ones some hundred; so many are looked at. */
const mostFiles = 4_000

/** What stands between the name and its end: `.1` in `auth.log.1` and, with logrotate's `extension`, in `auth.1.log`. */
function markIn(name: string, base: string): string | undefined {
  const plain = name.replace(packed, '')
  const dot = base.lastIndexOf('.')
  const [stem, end] = dot > 0 ? [base.slice(0, dot), base.slice(dot)] : [base, '']
  const isInside = end !== '' && plain.startsWith(stem) && plain.endsWith(end) && plain.length > base.length
  const found = plain.startsWith(base)
    ? plain.slice(base.length)
    : isInside
      ? plain.slice(stem.length, plain.length - end.length)
      : ''
  return mark.test(found) ? found.slice(1) : undefined
}

export function isRotatedName(name: string, base: string): boolean {
  return markIn(name, base) !== undefined
}

/** Rotated files of a log, oldest first. */
export async function rotatedOf(host: Pick<Host, 'list' | 'stat'>, path: string): Promise<Rotated[]> {
  const [folder, base] = [dirname(path), basename(path)]
  const names = (await host.list(folder)).filter((name) => isRotatedName(name, base)).slice(0, mostFiles)
  const plain = new Set(names.filter((name) => !packed.test(name)))
  const found: (Rotated & { mark: string })[] = []
  for (const name of names) {
    const between = markIn(name, base)
    // While a file is compressed, both are there: the new one is not whole before the old one is gone.
    if (between === undefined || (packed.test(name) && plain.has(name.replace(packed, '')))) continue
    const stat = await host.stat(join(folder, name))
    if (stat !== undefined) found.push({ path: join(folder, name), stat, packing: packingOf(name), mark: between })
  }
  return found.sort(orderOf(found.map(({ mark }) => mark)))
}

/** By name where all names are of one kind: a late write to an old file moves its time, but not its name. */
function orderOf(marks: string[]): (a: Rotated & { mark: string }, b: Rotated & { mark: string }) => number {
  if (marks.every((each) => /^[0-9]+$/.test(each) && each.length <= mostDigits))
    return (a, b) => Number(b.mark) - Number(a.mark)
  if (marks.every((each) => /^[0-9]/.test(each) && each.length > mostDigits))
    return (a, b) => (a.mark < b.mark ? -1 : a.mark > b.mark ? 1 : 0)
  return (a, b) => Number(a.stat.modifiedNs - b.stat.modifiedNs)
}

export function isSameFile(a: { dev: string; ino: string }, b: { dev: string; ino: string }): boolean {
  return a.dev === b.dev && a.ino === b.ino
}

/** Opens it as the file it was before it was compressed. */
export async function openRotated(
  host: Pick<Host, 'open'>,
  { path, packing }: Pick<Rotated, 'path' | 'packing'>,
): Promise<OpenFile | Unreadable> {
  const file = await host.open(path)
  if (typeof file === 'string' || packing === undefined || packing === 'other') return file
  return inflate(file, { method: packing, name: basename(path) })
}

/** A file that is followed, as far as it was read. */
export interface Left {
  stat: FileStat
  position: FilePosition
}

/** What was written after a file was: the next one that can be read, and whether others were passed over. */
export interface After {
  next: Rotated | undefined
  skipped: boolean
}

/**
 * @param all rotated files, oldest first
 * @param known those that were there when the file that is left was begun
 */
export async function after(
  host: Pick<Host, 'open'>,
  all: readonly Rotated[],
  left: Left,
  known?: KnownFiles,
): Promise<After> {
  const at = all.findIndex((each) => isSameFile(each.stat, left.stat))
  if (at >= 0) return firstReadable(all.slice(at + 1))
  // It was removed or compressed: then only files that changed after it did can hold anything that came after it.
  const [next] = await changedAfter(host, all, left, known)
  return { next, skipped: false }
}

/** Files by device and inode. */
export type KnownFiles = ReadonlySet<string>

export function knownOf(all: readonly Rotated[]): KnownFiles {
  return new Set(all.map(({ stat }) => keyOf(stat)))
}

function keyOf({ dev, ino }: FileStat): string {
  return `${dev} ${ino}`
}

/** Of a file as it lies there: it may be changed, and another one may get its inode. */
export function versionOf({ stat }: Pick<Rotated, 'stat'>): string {
  return `${keyOf(stat)} ${stat.modifiedNs}`
}

/** From the oldest on that was changed after a file that is no longer there, and is not that file compressed. */
export async function changedAfter(
  host: Pick<Host, 'open'>,
  all: readonly Rotated[],
  { stat, position }: Left,
  known?: KnownFiles,
): Promise<Rotated[]> {
  // The clock of a file system stands still for milliseconds: of two files of one moment the one that is new is later.
  const isLater = (each: FileStat) =>
    each.modifiedNs > stat.modifiedNs ||
    (each.modifiedNs === stat.modifiedNs && known !== undefined && !known.has(keyOf(each)))
  const later = all.filter((each) => isReadable(each) && isLater(each.stat))
  for (const [at, each] of later.entries())
    if (each.packing === undefined || !(await isBegunAs(host, each, position))) return later.slice(at)
  return []
}

export async function isBegunAs(
  host: Pick<Host, 'open'>,
  rotated: Pick<Rotated, 'path' | 'packing'>,
  position: FilePosition,
): Promise<boolean> {
  const file = await openRotated(host, rotated)
  if (typeof file === 'string') return false
  try {
    return beginsAs(await readHead(file), position)
  } finally {
    await file.close()
  }
}

function isReadable({ packing }: Rotated): boolean {
  return packing !== 'other'
}

function firstReadable(all: readonly Rotated[]): After {
  const at = all.findIndex(isReadable)
  return { next: all[at], skipped: at < 0 ? all.length > 0 : at > 0 }
}

function packingOf(name: string): Rotated['packing'] {
  const [ending] = packed.exec(name) ?? []
  return ending === undefined ? undefined : (packings[ending] ?? 'other')
}
