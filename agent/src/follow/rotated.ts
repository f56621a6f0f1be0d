import { basename, dirname, join } from 'node:path'
import type { FileStat, Host } from '../host.ts'

/** A file that was given another name when its log was rotated. */
export interface Rotated {
  path: string
  stat: FileStat
  isCompressed: boolean
}

/** Numbers and dates, as logrotate (`.1`, `-20261124`) and others (`.2026-11-24T10:00`) put them behind the name. */
const mark = /^[.-]([0-9][0-9.:_TZ-]{0,30}|old)$/
const packed = /\.(gz|xz|bz2|zst|Z)$/
/** Numbers up to here count rotations; longer ones are dates. */
const mostDigits = 4
/** A folder of rotated files has a few dozen; so many are looked at. */
const mostFiles = 400

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
  const found: (Rotated & { mark: string })[] = []
  for (const name of names) {
    const stat = await host.stat(join(folder, name))
    const between = markIn(name, base)
    if (stat !== undefined && between !== undefined)
      found.push({ path: join(folder, name), stat, isCompressed: packed.test(name), mark: between })
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

/** What was written after a file was: the next one that can be read, and whether compressed ones were passed over. */
export interface After {
  next: Rotated | undefined
  skipped: boolean
}

/** @param all rotated files, oldest first */
export function after(all: readonly Rotated[], stat: FileStat): After {
  const at = all.findIndex((each) => isSameFile(each.stat, stat))
  if (at >= 0) return firstPlain(all.slice(at + 1))
  // It was removed or compressed: then only files that changed after it did can hold anything that came after it.
  return { next: changedAfter(all, stat), skipped: false }
}

/** The oldest that can be read and changed after a file that is no longer there. */
export function changedAfter(all: readonly Rotated[], gone: FileStat): Rotated | undefined {
  return all.find(({ isCompressed, stat }) => !isCompressed && stat.modifiedNs > gone.modifiedNs)
}

export function afterCompressed(all: readonly Rotated[]): After {
  return firstPlain(all.slice(all.findLastIndex(({ isCompressed }) => isCompressed) + 1))
}

function firstPlain(all: readonly Rotated[]): After {
  const at = all.findIndex(({ isCompressed }) => !isCompressed)
  return { next: all[at], skipped: at < 0 ? all.length > 0 : at > 0 }
}
