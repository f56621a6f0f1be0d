import type { SignedHead } from '../batch.ts'
import type { Head } from '../log.ts'
import type { Primitives } from '../primitives.ts'
import type { HostCard } from './evidence.ts'
import type { Report } from './report.ts'

/** The head of the cut and the keys of its ledger, newest first. */
export interface LedgerEvidence {
  signed: SignedHead
  head: Head
  root: Uint8Array
  keys: readonly Uint8Array[]
  /** Ledgers it goes on from: how far, and how much was taken again. */
  restored: readonly { head: Head; refed: number }[]
}

/** Records whose proofs lead to a header that must still come. */
export interface CitedRecords {
  seq: number
  indexes: Set<number>
}

export interface HostEvidence {
  card: HostCard
  publicKey: Uint8Array
  /** Hash of a header -> disclosed records of its batch, until that header was read. */
  cited: Map<string, CitedRecords>
}

/** What the headers of all hosts add up to. */
export interface Tally {
  headers: number
  inclusions: number
  /** Witnessed heads that were shown to be beginnings of the ledger. */
  heads: number
  /** Witnessed heads that this ledger did not sign. */
  strangeHeads: number
  /** Witnessed heads of a ledger this one was restored from, beyond what was restored: ledger -> the largest size. */
  beyond: Map<string, number>
  /** Losses that hosts announced, and how many records they counted. */
  losses: number
  lostRecords: number
  branches: number
  gaps: number
}

/** Where the chain of actions stands. */
export interface Acts {
  no: number
  hash: string
  withheld: number
}

/** The evidence of a package as far as its files have been read: what they need from one another, and nothing else. */
export interface Evidence {
  p: Primitives
  report: Report
  ledger: LedgerEvidence | undefined
  hosts: Map<string, HostEvidence>
  acts: Acts | undefined
  tally: Tally
  /** Records read, proven or not. */
  records: number
  /** Ids of the records whose proofs hold, up to the header of a batch that is disclosed. */
  proven: Set<string>
}

export function newEvidence(p: Primitives, report: Report): Evidence {
  return {
    p,
    report,
    ledger: undefined,
    hosts: new Map(),
    acts: undefined,
    tally: {
      headers: 0,
      inclusions: 0,
      heads: 0,
      strangeHeads: 0,
      beyond: new Map(),
      losses: 0,
      lostRecords: 0,
      branches: 0,
      gaps: 0,
    },
    records: 0,
    proven: new Set(),
  }
}
