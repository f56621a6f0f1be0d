import { type Static, Type } from 'typebox'
import { Time } from '../record.ts'
import { Finding, Severity } from './findings.ts'
import { Host } from './hosts.ts'
import { IncidentRow } from './incidents.ts'
import { Sighting } from './indicators.ts'

/** One of the eight rows of the CBP table: what was found and on how many hosts was looked. */
export const RowTile = Type.Object({
  row: Type.String(),
  /** Null where this version has no detector for the row yet: not looked, and said so. */
  detector: Type.Union([Type.String(), Type.Null()]),
  open: Type.Integer(),
  total: Type.Integer(),
  worst: Type.Union([Severity, Type.Null()]),
  /** Title of the newest of its worst open findings; empty where none is open. */
  fact: Type.String(),
  looked: Type.Integer(),
  hosts: Type.Integer(),
  /** Findings per two hours over the last 24 h, oldest first, 12 numbers. */
  trend: Type.Array(Type.Integer()),
})
export type RowTile = Static<typeof RowTile>

/** The whole overview in one answer. */
export const Overview = Type.Object({
  rows: Type.Array(RowTile),
  hosts: Type.Object({
    total: Type.Integer(),
    online: Type.Integer(),
    lagging: Type.Integer(),
    silent: Type.Integer(),
    degraded: Type.Integer(),
  }),
  hostList: Type.Array(Host),
  eventsPerSecond: Type.Number(),
  events: Type.Integer(),
  lagBatches: Type.Integer(),
  findings: Type.Array(Finding),
  openFindings: Type.Integer(),
  sightings: Type.Array(Sighting),
  incidents: Type.Array(IncidentRow),
  /** First steps, ticked from what is really there; empty when all are done. */
  checklist: Type.Array(
    Type.Object({ id: Type.String(), title: Type.String(), done: Type.Boolean(), href: Type.String() }),
  ),
  /** What an admin must know: index in clear, disk nearly full, console behind. */
  warnings: Type.Array(Type.Object({ code: Type.String(), says: Type.String(), fix: Type.Optional(Type.String()) })),
  asOf: Type.Integer(),
  at: Time,
})
export type Overview = Static<typeof Overview>

export const KeyCard = Type.Object({
  name: Type.String(),
  use: Type.String(),
  fingerprint: Type.String(),
  publicKey: Type.String(),
  createdAt: Time,
})
export type KeyCard = Static<typeof KeyCard>
