import type { Tlp } from '@tidewaiter/protocol/api'

/**
 * The state a package speaks of: entries of the ledger, revision of the incident, lines of the audit log. Evidence,
 * facts and acts are read as of it; what else was true then is kept with it (`cut-state.ts`).
 */
export interface Cut {
  /** Id of the ledger. */
  ledger: string
  size: number
  incidentRev: number
  audit: number
}

/** What a person chose about a package. */
export interface PackageChoice {
  profile: 'soc'
  disclose: 'records'
  tlp: Tlp
}

/** `<ledger>:<size>:<incident revision>:<audit line>`: what `--as-of` takes and a list of packages shows. */
export function formatCut({ ledger, size, incidentRev, audit }: Cut): string {
  return [ledger, size, incidentRev, audit].join(':')
}

/** Undefined for anything that `formatCut` does not write. */
export function parseCut(text: string): Cut | undefined {
  const [, ledger, size, incidentRev, audit] = /^([0-9a-f]{32}):(\d{1,15}):(\d{1,15}):(\d{1,15})$/.exec(text) ?? []
  return ledger === undefined
    ? undefined
    : { ledger, size: Number(size), incidentRev: Number(incidentRev), audit: Number(audit) }
}
