import type { Logger } from 'pino'
import type { Collect } from './collect/collect.ts'
import type { Index } from './index/index-port.ts'
import type { Keys } from './keys/keys.ts'
import type { Heads } from './ledger/heads.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { Live } from './live.ts'
import type { Packages } from './package/packages.ts'
import type { SetupCode } from './people/setup.ts'
import type { Receive } from './receive/receive.ts'
import type { Store } from './store/store.ts'
import type { Vault } from './store/vault.ts'

/** What the console is made of; everything a route may reach. */
export interface Deps {
  /** The data folder. */
  data: string
  keys: Keys
  store: Store
  vault: Vault
  ledger: Ledger
  index: Index
  /** The agent port; null until it is open, and when no console is running and a command works on the data folder alone. */
  receive: Receive | null
  /** What writes the ledger's heads to a folder of IT's; null where none was named. */
  heads: Pick<Heads, 'problem'> | null
  packages: Packages
  collect: Collect
  live: Live
  setupCode: SetupCode
  log: Logger
  /** Milliseconds UTC. */
  now(): number
}
