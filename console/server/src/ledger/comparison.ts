import type { Head, SignedHead } from '@tidewaiter/protocol'
import type { WalkedEntry } from './walk.ts'

/** A head of the ledger that somebody else holds. */
export interface Witness {
  head: SignedHead
  /** Who holds it: the id of a host, or the name of a file. */
  by: string
  /** Sealed into a batch, told by a connected host, or kept in a file. */
  how: 'sealed' | 'connected' | 'file'
  /** The batch it was sealed into. */
  seq?: number
}

export interface Comparing {
  /** Walks the ledger from its first entry; asked a second time where heads are old. */
  walk(): Iterable<WalkedEntry>
  /** SPKI of the keys that sign heads. */
  ledgerKeys: readonly Uint8Array[]
  /** Id under which the console seals what it says itself. */
  consoleHost: string
  /** SPKI of hosts, by id. */
  hostKeys: ReadonlyMap<string, Uint8Array>
  /** Heads that are held outside the ledger. */
  others: readonly Witness[]
  step?(done: number): void
}

/** Where a ledger stands to another one that its first entry names. */
export interface Before {
  /** Null where nothing was left of it. */
  ledger: string | null
  size: number
  at: string
  /** Entries of it that somebody witnessed, where they are more than what was restored. */
  seen: number | null
}

/** Heads of one host, or of one file, that no key of this console signed. */
export interface Claim {
  by: string
  how: Witness['how']
  heads: number
  /** The latest of them by its own time; null where none can be read. */
  newest: Head | null
}

export interface Comparison {
  ledger: string
  size: number
  root: string
  /** Heads that were compared and fit, and hosts that hold them. */
  fitting: number
  hosts: number
  /** Connected hosts that told a head that fits. */
  told: string[]
  /** Names of files of heads that fit. */
  files: string[]
  /** Newest entry that a fitting head covers, plus one. */
  covered: number
  /** The first entry that is not the one that was witnessed lies from `from` to `to`. */
  difference: { from: number; to: number; proof: Witness[] } | null
  /** Ledgers signed by this console of which this one says nothing. */
  unnamed: { ledger: string; size: number; proof: Witness }[]
  before: Before[]
  /** Batches that are missing in the chain of a host. */
  holes: { host: string; from: number; to: number }[]
  /** Positions of entries that their host did not sign, or whose header cannot be read. */
  broken: number[]
  /** Heads that no key of this console signed, by who holds them: of another console, made up, or of what was here before. */
  claims: Claim[]
  /** Heads that were too many to be compared. */
  left: number
}
