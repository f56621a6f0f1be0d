import { type Static, Type } from 'typebox'
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
  /** Source time corrected by the host's clock offset, in the source's own precision; the time read where it has none. */
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
/** On how many hosts every source was covered over the time of a search, and that as a sentence. */
export const SearchCoverage = Type.Object({ hosts: Type.Integer(), covered: Type.Integer(), says: Type.String() })
export type SearchCoverage = Static<typeof SearchCoverage>

export const Histogram = Type.Object({
  bucketMs: Type.Integer(),
  buckets: Type.Array(Type.Object({ at: Time, count: Type.Integer() })),
  total: Type.Integer(),
  asOf: Type.Integer(),
  coverage: SearchCoverage,
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
  /** SPKI of the key that sealed it, base64: with it the reader's own browser checks the proof. */
  publicKey: Type.Optional(Type.String()),
  /** Ledger position and time received of its batch. */
  ledgerPosition: Type.Integer(),
  receivedAt: Time,
})
export type RecordDetail = Static<typeof RecordDetail>

/** One record as lists show it: its beginning, without private numbers. To open the record itself is written down. */
export const RecordLine = Type.Object({
  event: Type.Union([EventRow, Type.Null()]),
  record: Type.String(),
  /** Its first bytes, base64. */
  bytes: Type.String(),
  isCut: Type.Boolean(),
  receivedAt: Time,
})
export type RecordLine = Static<typeof RecordLine>

/** How far the index has read: `asOf` of `size` batches. */
export const IndexState = Type.Object({
  asOf: Type.Integer(),
  size: Type.Integer(),
  /** It was forgotten, and reads the whole ledger again. */
  rebuilding: Type.Boolean(),
  /** Batches that could not be read, and the ledger positions of the first of them; none while it is rebuilt. */
  leftOut: Type.Object({ batches: Type.Integer(), positions: Type.Array(Type.Integer()) }),
})
export type IndexState = Static<typeof IndexState>
