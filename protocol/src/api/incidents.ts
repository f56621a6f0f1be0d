import { type Static, Type } from 'typebox'
import { Time } from '../record.ts'
import { Finding } from './findings.ts'
import { Sighting, Tlp } from './indicators.ts'

/** A fact is a value, or honestly not known yet, or does not apply; nothing is `null` by accident. */
export const FactState = Type.Union([
  Type.Literal('unanswered'),
  Type.Literal('answered'),
  Type.Literal('not-known-yet'),
  Type.Literal('does-not-apply'),
])
export type FactState = Static<typeof FactState>

/** An answer that another one has taken the place of: who gave it, and who changed it, when and why. */
export const EarlierAnswer = Type.Object({
  state: FactState,
  value: Type.String(),
  rev: Type.Integer(),
  by: Type.String(),
  at: Time,
  changedBy: Type.String(),
  changedAt: Time,
  /** Why it was changed. */
  reason: Type.Optional(Type.String()),
})
export type EarlierAnswer = Static<typeof EarlierAnswer>

/** One of the facts CBP asks for, as last recorded. */
export const Fact = Type.Object({
  /** Code name of the field: `incident.occurredAt`, `cause`, `pii` ... */
  field: Type.String(),
  /** What CBP calls it. */
  label: Type.String(),
  help: Type.String(),
  kind: Type.Union([Type.Literal('time'), Type.Literal('text'), Type.Literal('choice'), Type.Literal('list')]),
  choices: Type.Optional(Type.Array(Type.String())),
  /** Section of the form, in CBP's order. */
  section: Type.String(),
  source: Type.String(),
  state: FactState,
  value: Type.String(),
  rev: Type.Integer(),
  by: Type.Optional(Type.String()),
  at: Type.Optional(Time),
  reason: Type.Optional(Type.String()),
  /** What was recorded before it, newest first. Of times that move a clock all of them, of other facts the newest ten. */
  earlier: Type.Optional(Type.Array(EarlierAnswer)),
})
export type Fact = Static<typeof Fact>

export const SetFact = Type.Object(
  {
    field: Type.String({ maxLength: 64 }),
    state: FactState,
    value: Type.String({ maxLength: 20_000 }),
    /** Revision the change is based on: another one in between is refused with `revision-stale`. */
    rev: Type.Integer({ minimum: 0 }),
    /** Mandatory when a discovery time changes. */
    reason: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
)
export type SetFact = Static<typeof SetFact>

/** The list of compromised importer numbers, to be sealed with a passphrase. */
export const SealRequest = Type.Object(
  { passphrase: Type.String({ minLength: 12, maxLength: 1024 }) },
  { additionalProperties: false },
)
export type SealRequest = Static<typeof SealRequest>

export const SealedList = Type.Object({
  /** An age file, base64. */
  sealed: Type.String(),
  fileName: Type.String(),
  /** Numbers in it. */
  count: Type.Integer(),
})
export type SealedList = Static<typeof SealedList>

/** A duty with a running clock. `dueAt` null until its trigger is known. */
export const Clock = Type.Object({
  id: Type.String(),
  duty: Type.String(),
  authority: Type.String(),
  startedAt: Type.Union([Time, Type.Null()]),
  dueAt: Type.Union([Time, Type.Null()]),
  stoppedAt: Type.Union([Time, Type.Null()]),
  /** The business days that were counted (`2026-10-30`), those of the office; null where elapsed hours count. */
  counted: Type.Union([Type.Object({ zone: Type.String(), days: Type.Array(Type.String()) }), Type.Null()]),
  says: Type.String(),
})
export type Clock = Static<typeof Clock>

export const IncidentRow = Type.Object({
  id: Type.String(),
  name: Type.String(),
  openedAt: Time,
  openedBy: Type.String(),
  closedAt: Type.Union([Time, Type.Null()]),
  rev: Type.Integer(),
  factsAnswered: Type.Integer(),
  factsTotal: Type.Integer(),
  clock: Type.Union([Clock, Type.Null()]),
})
export type IncidentRow = Static<typeof IncidentRow>

/** What people put into an incident. */
export const IncidentItem = Type.Object({
  id: Type.String(),
  kind: Type.Union([Type.Literal('finding'), Type.Literal('sighting'), Type.Literal('record')]),
  ref: Type.String(),
  addedAt: Time,
  addedBy: Type.String(),
  note: Type.String(),
})
export type IncidentItem = Static<typeof IncidentItem>

export const NewItem = Type.Object(
  {
    kind: Type.Union([Type.Literal('finding'), Type.Literal('sighting'), Type.Literal('record')]),
    ref: Type.String({ maxLength: 200 }),
    note: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
)
export type NewItem = Static<typeof NewItem>

export const PackageState = Type.Union([
  Type.Literal('building'),
  Type.Literal('built'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
])

export const PackageRow = Type.Object({
  id: Type.String(),
  incident: Type.String(),
  number: Type.Integer(),
  profile: Type.Union([Type.Literal('soc'), Type.Literal('reconnection')]),
  disclose: Type.Union([Type.Literal('records'), Type.Literal('batches')]),
  tlp: Tlp,
  state: PackageState,
  step: Type.String(),
  done: Type.Integer(),
  of: Type.Integer(),
  fileName: Type.String(),
  bytes: Type.Union([Type.Integer(), Type.Null()]),
  sha256: Type.Union([Type.String(), Type.Null()]),
  signerFingerprint: Type.Union([Type.String(), Type.Null()]),
  /** The cut the content is as of. */
  cut: Type.String(),
  builtAt: Type.Union([Time, Type.Null()]),
  builtBy: Type.String(),
  /** What whoever built it should know before it is sent, such as findings that are no part of it. */
  warnings: Type.Array(Type.String()),
  problem: Type.Optional(Type.String()),
})
export type PackageRow = Static<typeof PackageRow>

export const BuildPackage = Type.Object(
  {
    profile: Type.Union([Type.Literal('soc'), Type.Literal('reconnection')]),
    disclose: Type.Optional(Type.Union([Type.Literal('records'), Type.Literal('batches')])),
    tlp: Type.Optional(Tlp),
    /** Build again as of an earlier cut. */
    asOf: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type BuildPackage = Static<typeof BuildPackage>

export const IncidentDetail = Type.Intersect([
  IncidentRow,
  Type.Object({
    facts: Type.Array(Fact),
    clocks: Type.Array(Clock),
    items: Type.Array(IncidentItem),
    findings: Type.Array(Finding),
    sightings: Type.Array(Sighting),
    packages: Type.Array(PackageRow),
  }),
])
export type IncidentDetail = Static<typeof IncidentDetail>

export const NewIncident = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
)
export type NewIncident = Static<typeof NewIncident>
