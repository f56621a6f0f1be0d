import { historyOf } from '@tidewaiter/protocol'
import type { BackfillPlace, RotatedMark } from '../backfill.ts'
import type { History, Taken } from '../collectors/collector.ts'
import type { FileStat, Host } from '../host.ts'
import { emptyHash, markOf, readHead } from './file-mark.ts'
import { toMs } from './predecessor.ts'
import { isBegunAs, isSameFile, openRotated, type Rotated, rotatedOf } from './rotated.ts'

interface Plan {
  host: Host
  path: string
  /** The log that is followed from now on. */
  source: string
  history: History
  /** Its first file. */
  followed: FileStat
}

/**
 * Begins the history of a log: all that was rotated before the file with which following begins. It is handed over
 * before the first record of that file, so that after a kill nothing lies between the two.
 */
export async function* planHistory({ host, path, source, history, followed }: Plan): AsyncGenerator<Taken> {
  const id = historyOf(source)
  const all = await before(host, path, followed)
  const files = all.filter(({ stat }) => toMs(stat.modifiedNs) >= history.sinceMs)
  const [oldest, newest] = [files[0], files.at(-1)]
  if (oldest === undefined || newest === undefined) return
  const at = await markOfRotated(host, oldest)
  const last = oldest === newest ? at : await markOfRotated(host, newest)
  // Rotated in this very moment. The log was not handed over yet: it begins anew.
  if (at === undefined || last === undefined) return
  const known = history.placeOf(id)
  if (known?.backfill.files !== undefined) {
    // Begun, and the log could not be: what was rotated since belongs to it, too.
    const { told, files: begun } = known.backfill
    const { done, total } = told.files ?? { done: 0, total: 0 }
    const since = await addedAfter(host, path, begun.last, last)
    const more = { ...told, files: { done, total: total + since.length }, finishedAt: null }
    yield { source: id, chunks: [], next: known.position, backfill: { told: more, files: { ...begun, last } } }
    return
  }
  const total = bytesOf(files)
  const told = { unit: 'byte', done: 0, total, files: { done: 0, total: files.length }, finishedAt: null } as const
  yield { source: id, chunks: [], next: { offset: 0, file: at.file }, backfill: { told, files: { at, last } } }
}

/** What was rotated before a file that is followed, oldest first. */
async function before(host: Host, path: string, followed: FileStat): Promise<Rotated[]> {
  const all = await rotatedOf(host, path)
  const at = all.findIndex(({ stat }) => isSameFile(stat, followed))
  if (at >= 0) return all.slice(0, at)
  const named = await host.stat(path)
  if (named !== undefined && isSameFile(named, followed)) return all
  // It was rotated and compressed in this very moment.
  return all.filter(({ stat }) => stat.modifiedNs < followed.modifiedNs)
}

/** Undefined when it has another name by now. One that cannot be read is told by its inode alone. */
export async function markOfRotated(host: Host, rotated: Rotated): Promise<RotatedMark | undefined> {
  const { stat, packing } = rotated
  const modifiedMs = toMs(stat.modifiedNs)
  const file = packing === 'other' ? 'failed' : await openRotated(host, rotated)
  if (file === 'missing') return undefined
  if (typeof file === 'string') return { file: { dev: stat.dev, ino: stat.ino, headSha256: emptyHash }, modifiedMs }
  try {
    const head = await readHead(file)
    return isSameFile(await file.stat(), stat) ? { file: markOf(stat, head), modifiedMs } : undefined
  } finally {
    await file.close()
  }
}

/**
 * Of a history, the file at hand, if it is still there, and those after it.
 * @param left how many of its files were not left behind yet, as far as that was counted
 */
export async function leftOf(
  host: Host,
  path: string,
  { files: { at, last }, left }: { files: NonNullable<BackfillPlace['files']>; left: number },
): Promise<{ found: Rotated | undefined; later: Rotated[] }> {
  const all = await rotatedOf(host, path)
  const end = (await placesOf(host, all, last)).at(-1) ?? -1
  const own = end < 0 ? all.filter(({ stat }) => toMs(stat.modifiedNs) <= last.modifiedMs) : all.slice(0, end + 1)
  const expected = own.length - left
  const [index] = (await placesOf(host, own, at)).sort((a, b) => Math.abs(a - expected) - Math.abs(b - expected))
  if (index !== undefined) return { found: own[index], later: own.slice(index + 1) }
  return { found: undefined, later: own.filter(({ stat }) => toMs(stat.modifiedNs) > at.modifiedMs) }
}

/** The files behind the one that was the last of a history, up to the one that is it now. */
async function addedAfter(host: Host, path: string, before: RotatedMark, last: RotatedMark): Promise<Rotated[]> {
  const all = await rotatedOf(host, path)
  const [from = -1, to = -1] = [(await placesOf(host, all, before)).at(-1), (await placesOf(host, all, last)).at(-1)]
  return from < 0 ? [] : all.slice(from + 1, to + 1)
}

/**
 * Where a file may stand by now: by its inode, or, where it was compressed or copied, by its beginning. One that has
 * none is told by its time, and may be any of those that were emptied in the same second.
 */
async function placesOf(host: Host, all: readonly Rotated[], { file, modifiedMs }: RotatedMark): Promise<number[]> {
  const position = { offset: 0, file }
  const isEmpty = file.headSha256 === emptyHash
  // What compresses may keep the time to the second.
  const secondOf = (ms: number) => Math.floor(ms / 1000)
  const isIt = async (each: Rotated) =>
    isEmpty
      ? secondOf(toMs(each.stat.modifiedNs)) === secondOf(modifiedMs) && (await isNothing(host, each))
      : isBegunAs(host, each, position)
  // What is compressed often gets the inode of what was compressed before it: of one without a beginning it tells nothing.
  const same = isEmpty ? -1 : all.findIndex(({ stat }) => isSameFile(stat, file))
  if (all[same] !== undefined && (await isIt(all[same]))) return [same]
  const places: number[] = []
  for (const [index, each] of all.entries()) if (await isIt(each)) places.push(index)
  return isEmpty ? places : places.slice(0, 1)
}

/** It has no beginning, or none that can be read. */
async function isNothing(host: Host, rotated: Rotated): Promise<boolean> {
  return (await markOfRotated(host, rotated))?.file.headSha256 === emptyHash
}

export function bytesOf(files: readonly Rotated[]): number {
  return files.reduce((sum, { stat }) => sum + stat.size, 0)
}
