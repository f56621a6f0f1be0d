import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { Refusal } from './error.ts'
import { CollectorId, text } from './text.ts'

/** Kinds of evidence that reach personal data: off until IT allows them on the host itself. */
export const PrivateKind = Type.Union([
  Type.Literal('process-memory'),
  Type.Literal('mail'),
  Type.Literal('home'),
  Type.Literal('history'),
  // Packets hold what was typed and written, passwords of old protocols among it.
  Type.Literal('capture'),
])
export type PrivateKind = Static<typeof PrivateKind>

const Megabytes = Type.Integer({ minimum: 1, maximum: 1_000_000 })

/** Hard bounds of the agent. One that is left out is the agent's own default, never none. */
export const Caps = Type.Object(
  {
    /** Budget of the spool, acknowledged batches included. */
    spoolMb: Type.Optional(Megabytes),
    memoryMb: Type.Optional(Megabytes),
    /** Of one core, in percent; 100 takes the bound off. */
    cpuPercent: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    kilobytesPerSecond: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000 })),
  },
  { additionalProperties: false },
)
export type Caps = Static<typeof Caps>

/**
 * A database server whose counters of what was read are asked for. Its password stands in a file of its own, and in no
 * record, policy or message.
 */
export const DatabaseServer = Type.Object(
  {
    /** A label: becomes the instance of the source id. */
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
    engine: Type.Union([Type.Literal('postgresql'), Type.Literal('mysql'), Type.Literal('sql-server')]),
    /** PostgreSQL: the folder of its socket; MySQL and MariaDB: the socket itself. */
    socket: Type.Optional(text(200, { least: 1 })),
    host: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$' })),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
    user: text(128, { least: 1 }),
    passwordFile: Type.Optional(text(4096, { least: 1 })),
    /** The one whose tables are counted (PostgreSQL). */
    database: Type.Optional(text(128, { least: 1 })),
    /** PEM file of the authority that certifies the server; left out: those that Node trusts. */
    caFile: Type.Optional(text(4096, { least: 1 })),
  },
  { additionalProperties: false },
)
export type DatabaseServer = Static<typeof DatabaseServer>

/**
 * What an agent collects and within which bounds: the schema of `/etc/tidewaiter/agent.yaml` and of the console's
 * `policy` message. The host's file decides; the console may narrow it, never widen it.
 */
export const Policy = Type.Object(
  {
    /** Collector ids; left out means all. */
    sources: Type.Optional(Type.Array(CollectorId, { maxItems: 200 })),
    /** More log files to follow. */
    files: Type.Optional(Type.Array(text(4096, { least: 1 }), { maxItems: 1000 })),
    /** Files and folders that are compared with what they were; left out: the agent's own list. */
    integrity: Type.Optional(Type.Array(text(4096, { least: 1 }), { maxItems: 1000 })),
    /** History is read of files that changed in so many days before the first contact; 0: none; left out: all. */
    backfillDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 36_500 })),
    caps: Type.Optional(Caps),
    databases: Type.Optional(Type.Array(DatabaseServer, { maxItems: 12 })),
    allow: Type.Optional(Type.Array(PrivateKind, { maxItems: 16 })),
  },
  { additionalProperties: false },
)
export type Policy = Static<typeof Policy>

/** Throws `policy-malformed`. */
export function parsePolicy(value: unknown): Policy {
  if (Value.Check(Policy, value)) return value
  const [error] = Value.Errors(Policy, value)
  throw new Refusal(
    'policy-malformed',
    `${error?.instancePath || 'policy'}: ${error?.message ?? 'not of the known shape'}`,
  )
}

const unbounded = Number.POSITIVE_INFINITY

/**
 * The policy in force: what the host's own file says, narrowed by the console's. Files, paths, databases and allowances
 * are the host's alone.
 */
export function narrow(local: Policy, remote: Policy): Policy {
  const sources =
    local.sources === undefined ? remote.sources : local.sources.filter((id) => remote.sources?.includes(id) ?? true)
  const caps: Caps = { ...local.caps }
  for (const [name, value] of Object.entries(remote.caps ?? {}) as [keyof typeof caps, number][])
    caps[name] = Math.min(caps[name] ?? value, value)
  const days = Math.min(local.backfillDays ?? unbounded, remote.backfillDays ?? unbounded)
  const backfill = days === unbounded ? {} : { backfillDays: days }
  return {
    ...local,
    ...backfill,
    ...(sources !== undefined && { sources }),
    ...(Object.keys(caps).length > 0 && { caps }),
  }
}
