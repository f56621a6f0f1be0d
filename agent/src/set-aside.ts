import { Type } from 'typebox'
import type { DataFolder } from './data-folder.ts'
import type { OwnRecords } from './own-records.ts'
import type { Sealer } from './seal/sealer.ts'
import { spoolsSetAside } from './spool/open.ts'
import type { Spool } from './spool/spool.ts'

const toldName = 'spools-set-aside'

const cause = 'the spool was damaged: what the console did not take is read again where its source still has it'

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
