import { Type } from 'typebox'
import { bytesAcquired } from './acquire/store.ts'
import type { DataFolder } from './data-folder.ts'
import type { OwnRecords } from './own-records.ts'
import type { Sealer } from './seal/sealer.ts'
import { bytesSetAside, removeSetAside, spoolsSetAside } from './spool/open.ts'
import type { Spool } from './spool/spool.ts'

const toldName = 'spools-set-aside'

const cause = 'the spool was damaged: what the console did not take is read again where its source still has it'

/** However much was put aside, a spool may take this share of what it and they may take together. */
const leastShare = 1 / 4

/** What damaged spools, and artifacts on their way, take of the disk is taken from the budget of the one that is written to. */
export function besideSetAside(budgetBytes: number, folder: DataFolder): number {
  return Math.max(budgetBytes - bytesSetAside(folder) - bytesAcquired(folder), budgetBytes * leastShare)
}

/**
 * Has a record and a loss sealed for every damaged spool in the folder that this one does not speak of yet: whoever
 * misses evidence finds in the chain where it may still be, also when the agent died between putting it aside and
 * saying so. How much it was, nobody can count.
 */
export async function tellSetAside({
  folder,
  spool,
  sealer,
  own,
}: {
  folder: DataFolder
  spool: Spool
  sealer: Pick<Sealer, 'miss'>
  own: OwnRecords
}): Promise<void> {
  const told = spool.recall(toldName, Type.Array(Type.String())) ?? []
  for (const file of spoolsSetAside(folder).filter((name) => !told.includes(name))) {
    told.push(file)
    await sealer.miss({ source: 'agent:spool', lost: { count: null, cause } })
    await own.note('agent:run', 'spool-set-aside', { file }, { remember: { [toldName]: [...told] } })
  }
}

/**
 * Removes the oldest damaged spools while they take more than their share of what they and the one that is written to
 * may take together; the newest stays, whatever its size. Each removal is sealed before: nobody can count what was in it.
 */
export async function trimSetAside(
  budgetBytes: number,
  {
    folder,
    sealer,
    own,
    signal,
  }: { folder: DataFolder; sealer: Pick<Sealer, 'seal'>; own: OwnRecords; signal: AbortSignal },
): Promise<void> {
  for (const file of spoolsSetAside(folder).slice(0, -1)) {
    if (bytesSetAside(folder) <= budgetBytes * (1 - leastShare)) return
    const isNoted = await own.note(
      'agent:run',
      'spool-removed',
      { file, bytes: bytesSetAside(folder, [file]), records: null },
      { signal },
    )
    await sealer.seal({ withSilent: true, signal })
    if (!isNoted || signal.aborted) return
    removeSetAside(folder, file)
  }
}
