import { backups } from './backups.ts'
import { broker } from './broker.ts'
import { collections } from './collections.ts'
import { events } from './events.ts'
import { findings } from './findings.ts'
import { hosts } from './hosts.ts'
import { incidents } from './incidents.ts'
import { indicators } from './indicators.ts'
import { keys } from './keys.ts'
import { overview } from './overview.ts'
import { packages } from './packages.ts'
import { people } from './people.ts'
import { reading } from './reading.ts'
import { refusals } from './refusals.ts'
import type { Route } from './route.ts'
import { session } from './session.ts'
import { tokens } from './tokens.ts'
import { witnesses } from './witnesses.ts'

/** Every resource of the API, one file each. */
export const routes: readonly Route[] = [
  backups,
  broker,
  collections,
  events,
  findings,
  hosts,
  incidents,
  indicators,
  keys,
  overview,
  packages,
  people,
  reading,
  refusals,
  session,
  tokens,
  witnesses,
]
