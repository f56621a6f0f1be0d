import { type Static, Type } from 'typebox'
import { Hash, HostId, Time } from '../record.ts'
import { Ask } from '../task.ts'

/** Asks hosts for something. `expiresIn`: hours that a host which is offline has to come back. */
export const NewCollection = Type.Object(
  {
    ask: Ask,
    hosts: Type.Array(HostId, { minItems: 1, maxItems: 1000, uniqueItems: true }),
    expiresIn: Type.Optional(Type.Integer({ minimum: 1, maximum: 24 * 90, default: 24 * 7 })),
  },
  { additionalProperties: false },
)
export type NewCollection = Static<typeof NewCollection>

/**
 * How the task of one host stands: `queued` until the host is there, `sent`, `received` (its sealed record says so),
 * then one of the ends. `failed`: it was begun and not done; `refused`: the host would not, and `code` says why.
 */
export const TaskState = Type.Union([
  Type.Literal('queued'),
  Type.Literal('sent'),
  Type.Literal('received'),
  Type.Literal('answered'),
  Type.Literal('refused'),
  Type.Literal('failed'),
  Type.Literal('expired'),
  Type.Literal('cancelled'),
])
export type TaskState = Static<typeof TaskState>

const Count = Type.Integer({ minimum: 0 })
const Maybe = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()])

/** One artifact that a host announced. `lost`: it will not arrive; one that is still `announced` may. */
export const ArtifactRow = Type.Object({
  host: HostId,
  task: Type.String(),
  sha256: Hash,
  size: Count,
  path: Type.String(),
  state: Type.Union([Type.Literal('announced'), Type.Literal('held'), Type.Literal('lost')]),
  why: Maybe(Type.String()),
  /** The sealed record that announces it. */
  record: Type.String(),
  changedDuringRead: Maybe(Type.Boolean()),
  heldAt: Maybe(Time),
})
export type ArtifactRow = Static<typeof ArtifactRow>

export const CollectionTask = Type.Object({
  id: Type.String(),
  host: HostId,
  state: TaskState,
  code: Maybe(Type.String()),
  says: Maybe(Type.String()),
  sentAt: Maybe(Time),
  endedAt: Maybe(Time),
  /** The sealed record of the answer. */
  record: Maybe(Type.String()),
  /** Artifacts and bytes so far, and what was in scope and is not had. */
  artifacts: Count,
  bytes: Count,
  leftOut: Count,
})
export type CollectionTask = Static<typeof CollectionTask>

export const Collection = Type.Object({
  id: Type.String(),
  ask: Ask,
  createdAt: Time,
  createdBy: Type.String(),
  expiresAt: Time,
  cancelledAt: Maybe(Time),
  /** Hosts by the state of their task. */
  states: Type.Record(Type.String(), Count),
  /** Artifacts that were announced and did not arrive. */
  missing: Count,
})
export type Collection = Static<typeof Collection>

export const CollectionDetail = Type.Object({
  ...Collection.properties,
  tasks: Type.Array(CollectionTask),
  artifacts: Type.Array(ArtifactRow),
})
export type CollectionDetail = Static<typeof CollectionDetail>
