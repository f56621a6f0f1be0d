import type { Deps } from '../deps.ts'
import { type Noted, openIrregularities } from '../receive/irregularities.ts'
import type { Store } from '../store/store.ts'
import { findPerson } from './people.ts'

/** Sign-ins that failed, kept and counted: so that those who look see that somebody tries. */
export interface FailedSignIns {
  note(email: string, address: string): Promise<void>
  close(): Promise<void>
}

export function openFailedSignIns(deps: Pick<Deps, 'store' | 'live' | 'log' | 'now'>): FailedSignIns {
  const irregularities = openIrregularities(deps)
  return {
    note: async (email, address) =>
      irregularities.note({ host: null, code: 'sign-in-wrong', address, ...(await whatFailed(deps.store, email)) }),
    close: irregularities.close,
  }
}

/** An e-mail nobody has here is not written down: it may be a password in the wrong field. */
async function whatFailed(store: Store, email: string): Promise<Pick<Noted, 'says' | 'of'>> {
  const person = await findPerson(store, email)
  if (person === undefined) return { says: 'A sign-in with an e-mail nobody has here.' }
  const why = person.disabledAt === null ? 'a wrong password' : 'access that was ended'
  return { says: `A sign-in as ${person.email} with ${why}.`, of: person.email }
}
