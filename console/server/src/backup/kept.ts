import type { Tables } from '../store/tables.ts'

/** Which tables a backup holds: all but who is signed in. A table that is added must say here which it is. */
const kept = {
  setting: true,
  host: true,
  token: true,
  attempt: true,
  irregularity: true,
  indicator: true,
  finding: true,
  withdrawn_finding: true,
  tally: true,
  incident: true,
  fact: true,
  incident_item: true,
  package: true,
  signature: true,
  person: true,
  session: false,
  refeed: true,
  silence: true,
  collection: true,
  collection_task: true,
  artifact: true,
  audit: true,
} as const satisfies Record<keyof Tables, boolean>

/** In their order in a backup. */
export const keptTables = (Object.keys(kept) as (keyof typeof kept)[]).filter((table) => kept[table])

/** Files of the keys folder a backup holds beside the material: what the recovery key opens, and for whom. */
export const recoveryFiles = ['recovery.json', 'recovery.age'] as const
