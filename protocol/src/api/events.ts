import Type, { type Static } from 'typebox'
import { Proof } from '../proof.ts'
import { ChunkHead, Time } from '../record.ts'
import { page } from './list.ts'

/** A search: the grammar of `ux.md` 3.5, and a span of time apart from it. Durations such as `-2h` are allowed in from and to. */
export const EventQuery = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 2000 })),
    from: Type.Optional(Type.String({ maxLength: 40 })),
    to: Type.Optional(Type.String({ maxLength: 40 })),
    host: Type.Optional(Type.String({ maxLength: 64 })),
    order: Type.Optional(Type.Union([Type.Literal('newest'), Type.Literal('oldest')])),
    after: Type.Optional(Type.String({ maxLength: 500 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  },
  { additionalProperties: false },
)
export type EventQuery = Static<typeof EventQuery>

/** One event in a list: what the table shows. `document` is the ECS event, decoded again from its record. */
export const EventRow = Type.Object({
  record: Type.String(),
  host: Type.Object({ id: Type.String(), name: Type.String() }),
  source: Type.String(),
  /** Source time corrected by the host's clock offset; the time read where the source has none. */
  at: Time,
  /** As the host's clock said. */
  hostAt: Time,
  readAt: Time,
  receivedAt: Time,
  position: Type.Integer(),
  document: Type.Record(Type.String(), Type.Unknown()),
})
export type EventRow = Static<typeof EventRow>

export const EventPage = page(EventRow)
export type EventPage = Static<typeof EventPage>

/** Counts per bucket for the chart above the table, and the coverage sentence that stands beside every answer. */
export const Histogram = Type.Object({
  bucketMs: Type.Integer(),
  buckets: Type.Array(Type.Object({ at: Time, count: Type.Integer() })),
  total: Type.Integer(),
  asOf: Type.Integer(),
  coverage: Type.Object({ hosts: Type.Integer(), covered: Type.Integer(), says: Type.String() }),
})
export type Histogram = Static<typeof Histogram>

/** One record as the host sealed it, what was made of it, and its proof. */
export const RecordDetail = Type.Object({
  event: Type.Union([EventRow, Type.Null()]),
  record: Type.String(),
  head: ChunkHead,
  position: Type.Integer(),
  /** The bytes, base64. */
  bytes: Type.String(),
  proof: Proof,
  /** Ledger position and time received of its batch. */
  ledgerPosition: Type.Integer(),
  receivedAt: Time,
})
export type RecordDetail = Static<typeof RecordDetail>
