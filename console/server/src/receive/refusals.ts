import type { Irregularity, RefusedAt } from '@tidewaiter/protocol/api'
import type { Code } from '../error.ts'
import type { Store } from '../store/store.ts'

const mostRows = 200
const ofPeople: readonly Code[] = ['sign-in-wrong']

/** What was refused to those nobody known stands behind, newest first: at the agent port, or at sign-in. */
export async function refusalsAt(store: Store, door: RefusedAt): Promise<Irregularity[]> {
  return store
    .selectFrom('irregularity')
    .select(['at', 'code', 'says', 'seq', 'address'])
    .where('host', 'is', null)
    .where('code', door === 'sign-in' ? 'in' : 'not in', ofPeople)
    .orderBy('no', 'desc')
    .limit(mostRows)
    .execute()
}
