import type { FileStat, Host, OpenFile, Unreadable } from '../host.ts'
import { beginsAs, emptyHash, type FilePosition, isFilePosition, readHead } from './file-mark.ts'
import { isInflated } from './inflate.ts'
import { type Predecessor, toMs } from './predecessor.ts'
import { changedAfter, isBegunAs, isSameFile, type Left, openRotated, type Rotated, rotatedOf } from './rotated.ts'
import { passedOver } from './standing.ts'

/** Where reading goes on; `lost` says why what came before cannot be had. */
export interface Found {
  file: OpenFile
  offset: number
  lost?: string
}

/** Where following stood when it was last handed over. */
export interface Stood {
  position: FilePosition
  predecessor: Predecessor | undefined
  /** When that was, milliseconds since 1970; undefined where nobody knows. */
  seenAtMs: number | undefined
}

/** A source that was never read, or whose file is `left`, removed and read to its end: from the beginning of what is new. */
export async function findNew(host: Host, path: string, left?: Left): Promise<Found | Unreadable> {
  // Its inode may be that of a new file by now.
  const later = left === undefined ? [] : await changedAfter(host, await rotatedOf(host, path), left)
  let lost: string | undefined
  for (const each of later) {
    const file = await openRotated(host, each)
    if (typeof file !== 'string') return { file, offset: 0, ...(lost !== undefined && { lost }) }
    if (file === 'missing') return file
    lost = passedOver(each.path, file)
  }
  const file = await host.open(path)
  return typeof file === 'string' ? file : { file, offset: 0, ...(lost !== undefined && { lost }) }
}

/** How surely a file is the one of a position. */
const sure = { thisFile: 3, sameInode: 2, sameBeginning: 1, not: 0 } as const
type Sureness = (typeof sure)[keyof typeof sure]

/**
 * Finds the file of a position again, under its name or under one that a rotation gave it; else the first that is left of
 * what was written after it.
 */
export async function findAgain(host: Host, path: string, stood: Stood): Promise<Found | Unreadable> {
  const { position } = stood
  const all = await rotatedOf(host, path)
  const file = await best(host, [{ path, packing: undefined }, ...newestFirst(all)], { position })
  if (file !== undefined) return { file, offset: position.offset }

  const named = await host.stat(path)
  const isInPlace = named !== undefined && isSameFile(named, position.file)
  const hasCompressed = !isInPlace && all.some(({ packing }) => packing !== undefined)
  const lost = isInPlace ? causes.emptied : hasCompressed ? causes.compressed : causes.gone
  for (const each of await writtenSince(host, { all, path, stood })) {
    const rotated = await openRotated(host, each)
    if (rotated === 'missing') return rotated
    if (typeof rotated === 'string') continue
    if (isSameFile(await rotated.stat(), each.stat)) return { file: rotated, offset: 0, lost }
    // Rotated in this very moment: the next look finds it.
    await rotated.close()
    return 'missing'
  }
  const opened = await host.open(path)
  return typeof opened === 'string' ? opened : { file: opened, offset: 0, lost }
}

/**
 * Rotated files that were changed after following stood where it did, oldest first, and behind every file that begins as
 * one it had read: none is read twice. Compressing keeps the time a file was changed.
 */
async function writtenSince(
  host: Host,
  { all, path, stood }: { all: readonly Rotated[]; path: string; stood: Stood },
): Promise<Rotated[]> {
  const { position, predecessor, seenAtMs = Number.POSITIVE_INFINITY } = stood
  // Nothing was read of a file that was empty, and every file begins as that does.
  const read = [position, predecessor?.position]
    .filter(isFilePosition)
    .filter(({ file }) => file.headSha256 !== emptyHash)
  const holds = async (each: Pick<Rotated, 'path' | 'packing'>) => {
    for (const one of read) if (await isBegunAs(host, each, one)) return true
    return false
  }
  if (await holds({ path, packing: undefined })) return []
  let begin = 0
  for (const [at, each] of all.entries()) if (await holds(each)) begin = at + 1
  return all.slice(begin).filter(({ packing, stat }) => packing !== 'other' && toMs(stat.modifiedNs) > seenAtMs)
}

const causes = {
  emptied: 'the file was emptied or rewritten while nobody followed it',
  compressed: 'the file was rotated and compressed while nobody followed it',
  gone: 'the file was replaced while nobody followed it, and the old one is not beside it',
}

/** The copy that `copytruncate` made of a file before it emptied it. */
export async function findCopy(host: Host, path: string, position: FilePosition): Promise<OpenFile | undefined> {
  const others = (await rotatedOf(host, path)).filter(({ stat }) => !isSameFile(stat, position.file))
  return best(host, newestFirst(others), { position })
}

/** Plain ones before those that must be inflated to be looked at. */
function newestFirst(all: readonly Rotated[]): Rotated[] {
  const readable = all.filter(({ packing }) => packing !== 'other').toReversed()
  return [...readable.filter(isPlain), ...readable.filter((each) => !isPlain(each))]
}

function isPlain({ packing }: Rotated): boolean {
  return packing === undefined
}

/** A program that wrote nothing to a rotated file for so long has noticed the rotation, or has ended. */
const longestLateMs = 24 * 60 * 60_000

/**
 * The file before the one that is followed, to go on in it. Where it is no longer there, `gone` says that something may
 * have been written to it that nobody read: compressing keeps the time a file was changed, so that time tells.
 */
export async function findPredecessor(
  host: Host,
  path: string,
  { predecessor: { position, modifiedMs }, followed }: { predecessor: Predecessor; followed: FileStat },
): Promise<Found | 'unchanged' | 'gone'> {
  if (!isFilePosition(position)) return 'unchanged'
  const all = await rotatedOf(host, path)
  const at = all.findIndex(({ stat }) => isSameFile(stat, followed))
  // Nothing but its inode tells one that was empty, and when that was removed, a later file may have got it.
  const older = position.file.headSha256 === emptyHash && at >= 0 ? all.slice(0, at) : all
  // Never one that only begins alike: it would be read from a place in another.
  const file = await best(host, newestFirst(older.filter(isPlain)), { position, least: sure.sameInode })
  if (file !== undefined) return { file, offset: position.offset }

  const before = all.at(at < 0 ? -1 : at - 1)
  const trace = at !== 0 && before?.packing !== undefined ? before.stat : undefined
  if (modifiedMs === null) return 'gone'
  if (trace !== undefined) return toMs(trace.modifiedNs) <= modifiedMs ? 'unchanged' : 'gone'
  return host.now() - modifiedMs > longestLateMs ? 'unchanged' : 'gone'
}

interface Sought {
  position: FilePosition
  least?: Sureness
}

/**
 * The first of the files that fit best. The others are closed again. Of compressed ones that only begin alike there must
 * be no second one: their inodes say nothing.
 */
async function best(
  host: Host,
  files: readonly Pick<Rotated, 'path' | 'packing'>[],
  { position, least = sure.sameBeginning }: Sought,
): Promise<OpenFile | undefined> {
  let found: { file: OpenFile; sureness: Sureness } | undefined
  let alike = 0
  for (const each of files) {
    const file = await openRotated(host, each)
    if (typeof file === 'string') continue
    const sureness = await surenessOf(file, position)
    if (sureness === sure.sameBeginning && isInflated(file)) alike += 1
    if (sureness >= least && sureness > (found?.sureness ?? sure.not)) {
      await found?.file.close()
      found = { file, sureness }
    } else await file.close()
    if (found?.sureness === sure.thisFile) break
  }
  if (found === undefined || !isInflated(found.file) || found.sureness > sure.sameBeginning || alike === 1)
    return found?.file
  await found.file.close()
  return undefined
}

async function surenessOf(file: OpenFile, position: FilePosition): Promise<Sureness> {
  if (!beginsAs(await readHead(file), position)) return sure.not
  const stat = await file.stat()
  if (!(await reaches(file, { stat, position }))) return sure.not
  if (isSameFile(stat, position.file)) return sure.thisFile
  // The numbers of devices can change with a boot.
  if (stat.ino === position.file.ino) return sure.sameInode
  return position.file.headSha256 === emptyHash ? sure.not : sure.sameBeginning
}

/** True when there is as much of it as was read. How much a compressed one has shows in inflating it. */
async function reaches(
  file: OpenFile,
  { stat, position }: { stat: FileStat; position: FilePosition },
): Promise<boolean> {
  if (!isInflated(file) || stat.size >= position.offset) return stat.size >= position.offset
  return (await file.read(Buffer.alloc(1), position.offset - 1)) === 1
}
