import { textOf } from '../text.ts'
import type { CoreRegion } from './core-file.ts'

const shape = /^([0-9a-f]{1,13})-([0-9a-f]{1,13}) ([r-][w-][x-][ps]) ([0-9a-f]+) \S+ (\d+)(?: +([\s\S]*))?$/

/** Regions of /proc/<pid>/maps, none of them kept yet. Those of the kernel itself lie beyond what a program can reach. */
export function parseRegions(maps: Buffer): CoreRegion[] {
  const regions: CoreRegion[] = []
  for (let from = 0, end = maps.indexOf(0x0a); end >= 0; from = end + 1, end = maps.indexOf(0x0a, from)) {
    const [, start, stop, perms, offset, inode, path = ''] = shape.exec(textOf(maps.subarray(from, end))) ?? []
    if (start === undefined || stop === undefined || perms === undefined || offset === undefined) continue
    const file = inode === '0' ? {} : { file: { path, offset: Number.parseInt(offset, 16) } }
    regions.push({ start: Number.parseInt(start, 16), end: Number.parseInt(stop, 16), perms, kept: 0, ...file })
  }
  return regions
}

/** A region that is not in the file as a whole. */
interface Left {
  start: string
  bytes: number
  why: string
}

/**
 * As much of the regions as there is room for: first what is only in memory or may be written, then what can be had from
 * the file as well. What may not be read at all is kept for its place alone.
 */
export function keptWithin(regions: readonly CoreRegion[], room: number): { regions: CoreRegion[]; left: Left[] } {
  const left: Left[] = []
  const kept = regions.map((region) => ({ ...region }))
  let rest = room
  for (const region of kept.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    const size = region.end - region.start
    const wanted = region.perms.startsWith('---') ? 0 : size
    region.kept = Math.max(0, Math.min(wanted, rest - (rest % 4096)))
    rest -= region.kept
    const why = wanted === 0 ? 'not to be read by the process itself' : 'no room'
    if (region.kept < size) left.push({ start: region.start.toString(16), bytes: size - region.kept, why })
  }
  return { regions: kept, left }
}

function rankOf({ file, perms }: CoreRegion): number {
  if (file === undefined) return 0
  return perms[1] === 'w' ? 1 : 2
}
