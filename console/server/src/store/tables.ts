import type { Generated } from 'kysely'
import type { ArtifactTable, CollectionTable, CollectionTaskTable } from './collection-tables.ts'

/** Times are RFC 3339 text in UTC with milliseconds, so that they sort as they read. JSON columns are named so. */

export interface SettingTable {
  name: string
  value: string
}

export interface HostTable {
  /** Small number that stands for the host in the ledger and in the index. */
  no: Generated<number>
  id: string
  name: string
  kind: 'agent' | 'import' | 'collection'
  os: string
  platform: string
  /** SPKI, DER. */
  public_key: Uint8Array
  agent: string
  /** active or revoked; whether it is online is not stored. */
  state: 'active' | 'revoked'
  token_id: string | null
  /** JSON of the chain this host goes on from: {host, seq, header}. */
  lineage: string | null
  certificate_expires_at: string | null
  enrolled_at: string
  last_seen_at: string | null
  /** Why it is silent, as far as that is known (`receive/farewell.ts`). */
  farewell: string | null
  task_counter: Generated<number>
  clock_offset_ms: number | null
  /** JSON of the newest `state` message. */
  last_state: string | null
}

export interface TokenTable {
  id: string
  /** SHA-256 of the secret, hex. */
  secret_hash: string
  label: string
  uses: number
  used: Generated<number>
  created_at: string
  created_by: string
  expires_at: string
  revoked_at: string | null
}

export interface AttemptTable {
  no: Generated<number>
  at: string
  token_id: string | null
  name: string | null
  address: string
  step: 'reached' | 'token' | 'key' | 'first-batch'
  code: string | null
  says: string | null
  host: string | null
}

/** What was refused or does not fit, by name: nothing is refused silently. */
export interface IrregularityTable {
  no: Generated<number>
  at: string
  host: string | null
  code: string
  says: string
  seq: number | null
  address: string | null
}

/** A time in which nothing was heard of a host, with what the console made of it when it noticed. */
export interface SilenceTable {
  no: Generated<number>
  host: string
  /** When something was heard of it last. */
  began_at: string
  raised_at: string
  ended_at: string | null
  /** As in `receive/silence.ts`. */
  cause: string
  /** 1 where the host said so before. */
  expected: number
  says: string
}

export interface IndicatorTable {
  id: string
  type: string
  /** Normal form. */
  value: string
  source: string
  confidence: number | null
  tlp: string
  valid_from: string
  valid_until: string | null
  note: string
  added_at: string
  added_by: string
  expired_at: string | null
}

export interface FindingTable {
  id: string
  detector: string
  row: string | null
  host: string | null
  severity: string
  title: string
  subject_type: string
  subject_value: string
  first_at: string
  last_at: string
  count: number
  /** JSON: record ids, at most 200. */
  records: string
  /** JSON: sentences. */
  why: string
  /** JSON: ids of findings that were merged into this one. */
  aliases: string
  verdict: string
  decided_by: string | null
  decided_at: string | null
  reason: string | null
  found_at: string
}

/** A finding nobody had decided on that its evidence no longer shows: should it come back, it has its id again. */
export interface WithdrawnFindingTable {
  id: string
  detector: string
  host: string
  subject_type: string
  subject_value: string
  first_at: string
  last_at: string
  found_at: string
  /** JSON: ids. */
  aliases: string
}

/** What a detector counted of one subject in one window of a host: rebuilt whenever the window is judged again. */
export interface TallyTable {
  detector: string
  host: string
  /** `<type> <value>` */
  subject: string
  from_ms: number
  to_ms: number
  /** 1 where it matters only beside others. */
  context: number
  /** JSON: rows of the detector's `measure`. */
  rows: string
  judged_ms: number
}

export interface IncidentTable {
  id: string
  name: string
  opened_at: string
  opened_by: string
  closed_at: string | null
  /** Rises with every change of the incident, its facts or its items. */
  rev: number
}

/** Append-only: the newest revision of a field is the fact, the older ones stay. */
export interface FactTable {
  incident: string
  field: string
  rev: number
  state: string
  value: string
  by: string
  at: string
  reason: string | null
}

export interface IncidentItemTable {
  id: string
  incident: string
  kind: 'finding' | 'sighting' | 'record'
  ref: string
  note: string
  added_at: string
  added_by: string
  removed_at: string | null
  removed_by: string | null
  /** Revisions of the incident at which it came and went: a package as of an earlier cut sees what stood then. */
  added_rev: number
  removed_rev: number | null
}

export interface PackageTable {
  id: string
  incident: string
  number: number
  profile: string
  disclose: string
  tlp: string
  state: string
  /** JSON of the cut: {ledger, size, incidentRev, audit}. */
  cut: string
  file: string
  bytes: number | null
  sha256: string | null
  signer: string | null
  built_at: string | null
  built_by: string
  problem: string | null
  /** JSON: texts for whoever built it. */
  warnings: string
}

/** The signature of a package manifest, made once: the same manifest is never signed twice. */
export interface SignatureTable {
  /** SHA-256 of `tagmanifest-sha256.txt`. */
  manifest: string
  signature: Uint8Array
  cms: Uint8Array
  signed_at: string
}

export interface PersonTable {
  id: string
  email: string
  name: string
  role: string
  /** argon2id, PHC string. */
  password_hash: string
  created_at: string
  disabled_at: string | null
}

export interface SessionTable {
  /** SHA-256 of the cookie's secret, hex. */
  id: string
  person: string
  csrf: string
  created_at: string
  seen_at: string
  expires_at: string
  revoked_at: string | null
}

/** What a host had been acknowledged that a restored console lacked when it came back. */
export interface RefeedTable {
  /** Id of the ledger that began with the restore. */
  ledger: string
  host: string
  /** Newest batch that was restored; 0 where there is none. */
  after: number
  /** Newest batch up to which the console had acknowledged the host's chain. */
  acked: number
  /** Oldest batch the host still had; null where it had none. */
  oldest: number | null
  /** Entries of the ledger before, as the newest head says that the host holds of it; null where it holds none. */
  seen: number | null
  at: string
}

/** Every act, chained: `hash` is SHA-256 over the previous hash and the line of this one. */
export interface AuditTable {
  no: number
  at: string
  who: string
  act: string
  /** JSON. */
  data: string
  prev: string
  hash: string
}

export interface Tables {
  setting: SettingTable
  host: HostTable
  token: TokenTable
  attempt: AttemptTable
  irregularity: IrregularityTable
  silence: SilenceTable
  indicator: IndicatorTable
  finding: FindingTable
  withdrawn_finding: WithdrawnFindingTable
  tally: TallyTable
  incident: IncidentTable
  fact: FactTable
  incident_item: IncidentItemTable
  package: PackageTable
  signature: SignatureTable
  person: PersonTable
  session: SessionTable
  refeed: RefeedTable
  collection: CollectionTable
  collection_task: CollectionTaskTable
  artifact: ArtifactTable
  audit: AuditTable
}
