import { Type } from 'typebox'
import type { DataFolder } from './data-folder.ts'
import type { OwnRecords } from './own-records.ts'
import type { Sealer } from './seal/sealer.ts'
import { bytesSetAside, removeSetAside, spoolsSetAside } from './spool/open.ts'
import type { Spool } from './spool/spool.ts'

const toldName = 'spools-set-aside'

const cause = 'the spool was damaged: what the console did not take is read again where its source still has it'

/** However much was put aside, a spool may take this share of what it and they may take together. */
const leastShare = 1 / 4

/** What damaged spools take of the disk is taken from the budget of the one that is written to. */
export function besideSetAside(budgetBytes: number, folder: DataFolder): number {
  return Math.max(budgetBytes - bytesSetAside(folder), budgetBytes * leastShare)
}

/**
 * Has a record and a loss sealed for every damaged spool in the folder that this one does not speak of yet: whoever
 * misses evidence finds in the chain where it may still be, also when the agent died between putting it aside and
 * saying so. How much it was, nobody can count. Where they take more than their share the oldest go, which is said
 * before; the newest stays, whatever its size.
 */
export async function tellSetAside({
  folder,
  spool,
  sealer,
  own,
  budgetBytes,
}: {
  /** Of the spool and of those that were put aside, together. */
  budgetBytes: number
  folder: DataFolder
  spool: Spool
  sealer: Pick<Sealer, 'miss' | 'seal'>
  own: OwnRecords
}): Promise<void> {
  const told = spool.recall(toldName, Type.Array(Type.String())) ?? []
  for (const file of spoolsSetAside(folder).filter((name) => !told.includes(name))) {
    told.push(file)
    await sealer.miss({ source: 'agent:spool', lost: { count: null, cause } })
    await own.note('agent:run', 'spool-set-aside', { file }, { remember: { [toldName]: [...told] } })
  }
  for (const file of spoolsSetAside(folder).slice(0, -1)) {
    const bytes = bytesSetAside(folder)
    if (bytes <= budgetBytes * (1 - leastShare)) return
    await own.note('agent:run', 'spool-removed', { file, bytes: folder.bytes(file) })
    await sealer.seal({ withSilent: true })
    removeSetAside(folder, file)
  }
}
