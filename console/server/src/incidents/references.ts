import type { NewItem } from '@tidewaiter/protocol/api'
import type { Deps } from '../deps.ts'
import { getFinding } from '../detect/decide.ts'
import { refuse } from '../error.ts'
import { readRecord } from '../ledger/record.ts'

/** What is put into an incident is there: a mistyped id would be a hole in its package. Throws `not-found`. */
export async function checkReference(
  { store, ledger, index }: Pick<Deps, 'store' | 'ledger' | 'index'>,
  { kind, ref }: Pick<NewItem, 'kind' | 'ref'>,
): Promise<void> {
  if (kind === 'finding') await getFinding(store, ref)
  else if (kind === 'record') await readRecord(ledger, ref)
  else if ((await index.sightingsById([ref])).length === 0) throw refuse('not-found', `There is no sighting ${ref}.`)
}
