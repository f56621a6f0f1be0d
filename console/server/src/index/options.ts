import type { Logger } from 'pino'
import type { Keys } from '../keys/keys.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import type { DetectorWindows } from './write/dirty.ts'

export interface IndexOptions {
  /** Folder of the index, made when it is not there. Everything in it can be made again from the ledger. */
  dir: string
  ledgerDir: string
  keys: Pick<Keys, 'dir' | 'indexKey'>
  /** Hosts and indicators. */
  store: Store
  ledger: Pick<Ledger, 'size' | 'entry' | 'find' | 'payload' | 'onAppend'>
  /** What they read is marked for them, in windows of theirs. */
  detectors: readonly DetectorWindows[]
  log: Logger
  now(): number
  /** New values a host may add in one day of the console (`evidence.md` 11). */
  mostNewValues?: number
}
