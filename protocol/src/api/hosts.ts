import { type Static, Type } from 'typebox'
import { MatrixRow } from '../matrix.ts'
import { Hash, Time } from '../record.ts'
import { CapState, SourceState } from '../wire/frame.ts'
import { page } from './list.ts'

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()])

export const HostStatus = Type.Union([
  Type.Literal('online'),
  Type.Literal('lagging'),
  Type.Literal('silent'),
  Type.Literal('degraded'),
  Type.Literal('outdated'),
  Type.Literal('pending'),
  Type.Literal('revoked'),
  Type.Literal('retired'),
])
export type HostStatus = Static<typeof HostStatus>

export const CoverageState = Type.Union([
  Type.Literal('covered'),
  Type.Literal('lost'),
  Type.Literal('not-enabled'),
  Type.Literal('not-asked'),
  Type.Literal('not-reachable'),
])
export type CoverageState = Static<typeof CoverageState>

/**
 * One span of one source: what the console knows of it. `lost` null where it cannot be counted, `records` null where
 * the span was cut to a time that was asked for: nobody knows where in it they lie.
 */
export const CoverageSpan = Type.Object({
  id: Type.String(),
  state: CoverageState,
  from: Time,
  to: Time,
  records: Nullable(Type.Integer()),
  lost: Nullable(Type.Integer()),
  why: Type.Optional(Type.String()),
  fix: Type.Optional(Type.String()),
})
export type CoverageSpan = Static<typeof CoverageSpan>

/** A time in which nothing was heard of a host. */
export const HostSilence = Type.Object({
  /**
   * What the console made of it by itself: `stopped`, `service-stopped`, `host-stopping`, `uninstalled`, `restarting`,
   * `enrolled` (the agent said so before, which whoever holds its machine can make it say);
   * `closed` (most likely killed), `unanswered` (network, asleep, without power), `not-back`, `certificate-ended`,
   * `never-connected`, `not-served`.
   */
  cause: Type.String(),
  /** The machine was shut down, and said so before. Every other silence is an alarm, also one that was announced. */
  isExpected: Type.Boolean(),
  /** When something was heard of it last. */
  from: Time,
  says: Type.String(),
})
export type HostSilence = Static<typeof HostSilence>

/** One that was raised as an alarm. */
export const PastSilence = Type.Intersect([
  HostSilence,
  Type.Object({
    raisedAt: Time,
    /** Null while it goes on. */
    to: Nullable(Time),
    /** What the host sealed about it since: it settles what it was. */
    settled: Type.Optional(Type.String()),
  }),
])
export type PastSilence = Static<typeof PastSilence>

/** What a host wrote down of its own runs and clocks: times in which it was not there, and steps of its clock. */
export const Absence = Type.Object({
  kind: Type.String(),
  /** By the console's clock, as far as the host's offset was known. */
  from: Time,
  to: Time,
  says: Type.String(),
})
export type Absence = Static<typeof Absence>

export const Host = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** agent, import or collection. */
  kind: Type.Union([Type.Literal('agent'), Type.Literal('import'), Type.Literal('collection')]),
  os: Type.String(),
  platform: Type.String(),
  status: HostStatus,
  /** Why the status is not `online`, in words. */
  why: Type.Optional(Type.String()),
  /** Where nothing is heard of it: what the console makes of that. */
  silence: Type.Optional(HostSilence),
  agent: Type.String(),
  enrolledAt: Time,
  lastSeenAt: Nullable(Time),
  clockOffsetMs: Nullable(Type.Integer()),
  /** Newest batch held. */
  seq: Type.Integer(),
  /** Batches in the ledger that are not yet indexed. */
  lag: Type.Integer(),
  /** Sources of the machine that work, and all of them: what the agent says of itself is in neither. */
  sourcesOk: Type.Integer(),
  sourcesTotal: Type.Integer(),
  openFindings: Type.Integer(),
})
export type Host = Static<typeof Host>

/** Coverage is asked for any span of time; durations such as `-2h` are allowed. */
export const HostQuery = Type.Object(
  { from: Type.Optional(Type.String({ maxLength: 40 })), to: Type.Optional(Type.String({ maxLength: 40 })) },
  { additionalProperties: false },
)
export type HostQuery = Static<typeof HostQuery>

/** What the agent of a host takes of CBP's investigative resources; `rows` empty where it did not say. */
export const HostMatrix = Type.Object({ rows: Type.Array(MatrixRow) })
export type HostMatrix = Static<typeof HostMatrix>

export const HostPage = page(Host)
export type HostPage = Static<typeof HostPage>

/** Something the console refused or found wrong: a gap, a fork, a lying root, a stranger at the door. Repeats are counted in `says`. */
export const Irregularity = Type.Object({
  at: Time,
  code: Type.String(),
  says: Type.String(),
  seq: Nullable(Type.Integer()),
  address: Nullable(Type.String()),
})
export type Irregularity = Static<typeof Irregularity>

/** Where something was refused that no known host stands behind: the agent port, or the sign-in of people. */
export const RefusedAt = Type.Union([Type.Literal('agent-port'), Type.Literal('sign-in')])
export type RefusedAt = Static<typeof RefusedAt>

export const HostDetail = Type.Intersect([
  Host,
  Type.Object({
    publicKeyFingerprint: Hash,
    certificateExpiresAt: Nullable(Time),
    spool: Nullable(Type.Object({ batches: Type.Integer(), bytes: Type.Integer(), unacked: Type.Integer() })),
    cpuPercent: Nullable(Type.Number()),
    rssBytes: Nullable(Type.Integer()),
    /** The agent's caps in force, and which of them slow it down; none where it says nothing of them. */
    caps: Type.Array(CapState),
    /** What the agent says of its sources now. */
    now: Type.Array(SourceState),
    /** One row per source and span, oldest first. */
    sources: Type.Array(CoverageSpan),
    irregularities: Type.Array(Irregularity),
    /** Newest first. */
    silences: Type.Array(PastSilence),
    /** As the host sealed it, newest first. */
    absences: Type.Array(Absence),
    /** Events held, by dataset. */
    datasets: Type.Array(Type.Object({ dataset: Type.String(), count: Type.Integer(), lastAt: Time })),
  }),
])
export type HostDetail = Static<typeof HostDetail>

export const TokenRow = Type.Object({
  id: Type.String(),
  label: Type.String(),
  uses: Type.Integer(),
  used: Type.Integer(),
  createdAt: Time,
  createdBy: Type.String(),
  expiresAt: Time,
  revokedAt: Nullable(Time),
})
export type TokenRow = Static<typeof TokenRow>

/** The tokens, and the addresses that the next one will name: those who have none yet see whom it can let in. */
export const TokenPage = Type.Object({ rows: Type.Array(TokenRow), agentUrls: Type.Array(Type.String()) })
export type TokenPage = Static<typeof TokenPage>

export const NewToken = Type.Object(
  {
    label: Type.Optional(Type.String({ maxLength: 100 })),
    uses: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    /** `30m`, `24h`, `7d`. */
    expires: Type.Optional(
      Type.String({ pattern: '^[0-9]{1,4}[mhd]$', description: 'a number of minutes, hours or days: 30m, 24h, 7d' }),
    ),
  },
  { additionalProperties: false },
)
export type NewToken = Static<typeof NewToken>

/** The token itself, given out this once. */
export const CreatedToken = Type.Object({
  id: Type.String(),
  token: Type.String(),
  expiresAt: Time,
  uses: Type.Integer(),
  agentUrls: Type.Array(Type.String()),
  caFingerprint: Hash,
})
export type CreatedToken = Static<typeof CreatedToken>

/** One try to enrol: how far it came and, when it stopped, why. */
export const Attempt = Type.Object({
  at: Time,
  tokenId: Nullable(Type.String()),
  name: Nullable(Type.String()),
  address: Type.String(),
  step: Type.Union([Type.Literal('reached'), Type.Literal('token'), Type.Literal('key'), Type.Literal('first-batch')]),
  code: Nullable(Type.String()),
  says: Nullable(Type.String()),
  host: Nullable(Type.String()),
})
export type Attempt = Static<typeof Attempt>
