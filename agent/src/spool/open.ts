import { join } from 'node:path'
import type { DataFolder } from '../data-folder.ts'
import { isAgentRefusal } from '../error.ts'
import { openDatabase } from './database.ts'
import { Spool } from './spool.ts'

const file = 'spool.db'

export interface OpenedSpool {
  spool: Spool
  /** Name under which a damaged spool was put aside, when one was. */
  setAside?: string
}

/** Stands in the folder when a running agent met damage that is not seen at the start. */
const damagedMark = 'spool-is-damaged'

/** From the next start on the spool counts as damaged. */
export function condemnSpool(folder: DataFolder): void {
  folder.write(damagedMark, '')
}

/**
 * Opens the spool of a data folder. A damaged one is put aside whole, by a name that tells when, and an empty one takes
 * its place: what the console did not get is in the old file, and the sources are read again from their beginning.
 * @param spareBytes what its volume can still spare; without it, all
 * @throws `spool-full`
 */
export function openSpool(
  folder: DataFolder,
  { budgetBytes, spareBytes, nowMs }: { budgetBytes: number; spareBytes?: () => number; nowMs: number },
): OpenedSpool {
  try {
    if (!folder.has(damagedMark)) return { spool: tryOpen(folder, budgetBytes, spareBytes) }
  } catch (cause) {
    if (!isAgentRefusal(cause) || cause.code !== 'spool-broken') throw cause
  }
  const setAside = putAside(folder, nowMs)
  return { spool: tryOpen(folder, budgetBytes, spareBytes), setAside }
}

function tryOpen(folder: DataFolder, budgetBytes: number, spareBytes?: () => number): Spool {
  const db = openDatabase(join(folder.path, file))
  try {
    const spool = new Spool(db, budgetBytes, spareBytes)
    spool.sources()
    spool.owed(1)
    spool.chain()
    return spool
  } catch (cause) {
    db.close()
    throw cause
  }
}

/** Damaged spools that were put aside here, the oldest first. */
export function spoolsSetAside(folder: DataFolder): string[] {
  return folder.names().filter((name) => name.startsWith(asideName) && name.endsWith('.db'))
}

/** With the log that belongs to each. */
const endings = ['', '-wal']

/** @param names of damaged spools; without it, all */
export function bytesSetAside(folder: DataFolder, names = spoolsSetAside(folder)): number {
  const files = names.flatMap((name) => endings.map((ending) => `${name}${ending}`))
  return files.reduce((sum, name) => sum + folder.bytes(name), 0)
}

export function removeSetAside(folder: DataFolder, name: string): void {
  for (const ending of endings) folder.remove(`${name}${ending}`)
}

const asideName = 'spool-damaged-'

/** Puts the spool aside, with the log that belongs to it. Returns the new name. */
function putAside(folder: DataFolder, nowMs: number): string {
  const name = `${asideName}${new Date(nowMs).toISOString().replaceAll(/[:.]/g, '')}.db`
  for (const ending of endings)
    if (folder.has(`${file}${ending}`)) folder.rename(`${file}${ending}`, `${name}${ending}`)
  folder.remove(`${file}-shm`)
  folder.remove(damagedMark)
  return name
}
