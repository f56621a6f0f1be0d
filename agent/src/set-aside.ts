import { Type } from 'typebox'
import type { DataFolder } from './data-folder.ts'
import type { OwnRecords } from './own-records.ts'
import { spoolsSetAside } from './spool/open.ts'
import type { Spool } from './spool/spool.ts'

const toldName = 'spools-set-aside'

/**
 * Has a record sealed for every damaged spool in the folder that this one does not speak of yet: whoever misses evidence
 * finds in the chain where it may still be, also when the agent died between putting it aside and saying so.
 */
export async function tellSetAside({
  folder,
  spool,
  own,
}: {
  folder: DataFolder
  spool: Spool
  own: OwnRecords
}): Promise<void> {
  const told = spool.recall(toldName, Type.Array(Type.String())) ?? []
  for (const file of spoolsSetAside(folder).filter((name) => !told.includes(name))) {
    told.push(file)
    await own.note('agent:run', 'spool-set-aside', { file }, { remember: { [toldName]: [...told] } })
  }
}
