import type { Host } from '../../host.ts'
import { toTime } from '../../time.ts'
import type { Baseline, Change, Entry } from './baseline.ts'
import { type Looking, lookAt, stampOf } from './look.ts'

/** More than the usual list holds a hundred times; a tree of millions would fill the disk of the agent. */
const most = { entries: 200_000, listed: 10_000, dropped: 500 }

/** What one look found. */
export interface Tally {
  files: number
  folders: number
  /** Names that had to be read: new, or with another stamp. */
  read: number
  bytes: number
  changes: number
  /** Folders with more names than were looked at. */
  cut: number
  /** New names beyond the most that are kept. */
  leftOut: number
}

export function newTally(): Tally {
  return { files: 0, folders: 0, read: 0, bytes: 0, changes: 0, cut: 0, leftOut: 0 }
}

export interface Comparison extends Looking {
  baseline: Baseline
  /** A place that was never looked at is taken as it is: nothing in it has changed yet. */
  isFirst: boolean
  tally: Tally
  /** Called after each name, for others to have their turn. False: it ends here. */
  pace(): Promise<boolean>
}

/** Compares the names in a folder with what they were. Gives its folders, and of those the ones that are others than before. */
export async function compareFolder(
  comparison: Comparison,
  folder: string,
  only?: string,
): Promise<{ folders: string[]; fresh: string[] }> {
  const { host, baseline, tally, pace } = comparison
  const names = only === undefined ? await listOf(host, folder) : [only]
  if (names === undefined) {
    tally.cut += 1
    return { folders: [], fresh: [] }
  }
  const isCut = names.length >= most.listed
  if (isCut) tally.cut += 1
  const gone = only === undefined ? baseline.namesIn(folder) : new Set([only])
  const [folders, fresh]: [string[], string[]] = [[], []]
  for (const name of names) {
    const found = await compareName(comparison, { folder, name })
    if (found !== undefined) gone.delete(name)
    if (found?.isFolder) folders.push(pathOf({ folder, name }))
    if (found?.isFolder && found.isOther) fresh.push(pathOf({ folder, name }))
    if (!(await pace())) return { folders, fresh }
  }
  // Of names that were not listed nobody knows whether they are gone.
  if (!isCut) await dropAll(comparison, folder, gone)
  return { folders, fresh }
}

/**
 * None where a link lies by now: what it leads to is somewhere else. Undefined where it cannot be listed: whether what was
 * in it is still there nobody knows. Of a folder that is gone the one above tells.
 */
async function listOf(host: Host, folder: string): Promise<string[] | undefined> {
  const facts = await host.facts(folder)
  if (facts === undefined) return undefined
  return facts.kind === 'folder' ? host.names(folder) : []
}

/** Names that are not in a list that is whole; one that was made meanwhile is there again. */
async function dropAll(comparison: Comparison, folder: string, names: Iterable<string>): Promise<void> {
  for (const name of names)
    if ((await comparison.host.facts(pathOf({ folder, name }))) === undefined) dropName(comparison, { folder, name })
}

async function compareName(
  comparison: Comparison,
  at: { folder: string; name: string },
): Promise<{ isFolder: boolean; isOther: boolean } | undefined> {
  const { host, baseline, tally, isFirst } = comparison
  const path = pathOf(at)
  const facts = await host.facts(path)
  if (facts === undefined) return undefined
  const isFolder = facts.kind === 'folder'
  tally[isFolder ? 'folders' : 'files'] += 1
  const before = baseline.get(at.folder, at.name)
  if (before?.stamp === stampOf(facts)) return { isFolder, isOther: false }
  if (before === undefined && baseline.count() >= most.entries) {
    tally.leftOut += 1
    return { isFolder: false, isOther: true }
  }
  tally.read += 1
  tally.bytes += isFolder ? 0 : facts.size
  const seen = await lookAt(comparison, path, facts)
  if (seen === undefined) return undefined
  if (!isFirst) tally.changes += 1
  baseline.set(at, seen, !isFirst ? changeOf(host, path, { before: before?.row, now: seen.row }) : undefined)
  // What lay in a folder that is no folder now is gone.
  if (before !== undefined && !isFolder) dropBelow(comparison, path)
  return { isFolder, isOther: true }
}

/** A name, with all that lay below it, is no more. */
export function dropName(comparison: Comparison, at: { folder: string; name: string }): void {
  const seen = comparison.baseline.get(at.folder, at.name)
  dropBelow(comparison, pathOf(at))
  if (seen !== undefined) dropEntry(comparison, { ...at, ...seen })
}

function dropEntry({ host, baseline, tally, isFirst }: Comparison, entry: Entry): void {
  if (!isFirst) tally.changes += 1
  baseline.set(entry, undefined, isFirst ? undefined : changeOf(host, pathOf(entry), { before: entry.row }))
}

function dropBelow(comparison: Comparison, path: string): void {
  const next = () => comparison.baseline.below(path, most.dropped)
  for (let more = next(); more.length > 0; more = next()) for (const entry of more) dropEntry(comparison, entry)
}

function changeOf(host: Host, path: string, { before, now }: { before?: string | undefined; now?: string }): Change {
  const was: Record<string, unknown> | undefined = before === undefined ? undefined : JSON.parse(before)
  const is: Record<string, unknown> = now === undefined ? {} : JSON.parse(now)
  const other =
    was === undefined ? null : Object.fromEntries(Object.entries(was).filter(([field, value]) => is[field] !== value))
  return {
    holds: now === undefined ? 'ended' : 'appeared',
    record: toRow(path, is, other),
    readAt: toTime(host.now()),
  }
}

/** @param before what of it was otherwise; null where there was nothing; left out where nothing was compared */
export function toRow(path: string, about: object, before?: object | null): string {
  return JSON.stringify({ kind: 'watched', path, ...about, ...(before !== undefined && { before }) })
}

export function pathOf({ folder, name }: { folder: string; name: string }): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`
}
