import type { HostCard } from '@tidewaiter/protocol'
import type { Clock, Fact, IncidentItem } from '@tidewaiter/protocol/api'
import type { ImporterNumberKind } from '../incidents/importer-numbers.ts'
import type { PackageChoice } from './cut.ts'
import type { CutState } from './cut-state.ts'

/** Everything a package says, before it is written as text: what the writers of its files take. */
export interface PackageContent {
  number: number
  choice: PackageChoice
  /** Fingerprint of the key it is signed with. */
  signer: string
  /** The state of the cut, without what others gave us under a label stricter than the package's. */
  state: CutState
  /** Indicators that are left out for their label. */
  notForwarded: number
  incident: { id: string; name: string; openedAt: string; openedBy: string }
  facts: Fact[]
  clocks: Clock[]
  items: IncidentItem[]
  /** How many importer numbers of each kind are known to be compromised; null while the question is not answered with numbers. */
  importerNumbers: Record<ImporterNumberKind, number> | null
  disclosure: Disclosure
}

/** The records that are cited, and what of them the package holds. */
export interface Disclosure {
  /** Every record that a fact, finding, sighting or item cites -> what cites it. In order of host, batch and index. */
  cites: ReadonlyMap<string, readonly string[]>
  withheld: { record: string; why: string }[]
  /** References that people made and that name no record. */
  strange: string[]
  hosts: DisclosedHost[]
  batches: DisclosedBatch[]
  records: DisclosedRecord[]
}

export interface DisclosedHost {
  card: HostCard
  headers: number
  records: number
}

export interface DisclosedRecord {
  id: string
  host: string
  source: string
  /** When it was read, by the clock of the host. */
  readAt: string
  bytes: number
}

/** A batch of which at least one record is disclosed. */
export interface DisclosedBatch {
  /** `<host>[~branch]/<seq>`. */
  id: string
  host: string
  seq: number
  headerHash: string
  /** Ledger position and time of receipt, milliseconds. */
  position: number
  receivedAtMs: number
  sealedAt: string
  agent: string
  zone: string
  clockOffsetMs: number | null
  /** Records in the batch, and how many of them are disclosed. */
  count: number
  disclosed: number
}
