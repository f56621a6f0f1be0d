import { type Static, Type } from 'typebox'
import { Hash, HostId, Position, SourceId } from '../record.ts'

const closed = { additionalProperties: false }
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** Begins the import of a collection (its opening, base64), or of files for a host of this name. */
export const BeginImport = Type.Union([
  Type.Object({ opening: Type.String({ maxLength: 100_000 }) }, closed),
  Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }) }, closed),
])
export type BeginImport = Static<typeof BeginImport>

/** The host it is from now on, and where its chain stands. */
export const BegunImport = Type.Object({
  host: HostId,
  name: Type.String(),
  tip: Type.Union([Type.Object({ seq: Count, headerHash: Hash }), Type.Null()]),
  /** Where each source of files that were imported for it ended; empty for a collection. */
  places: Type.Array(Type.Object({ id: SourceId, next: Position })),
  /** What is proven of its origin, in words. */
  says: Type.Array(Type.String()),
})
export type BegunImport = Static<typeof BegunImport>

/** `beside`: its place in the chain is passed, or taken by another batch. */
export const TakenBatch = Type.Object({
  is: Type.Union([Type.Literal('added'), Type.Literal('held'), Type.Literal('beside')]),
  seq: Count,
})
export type TakenBatch = Static<typeof TakenBatch>

/** Bytes of a collection that were refused. */
export const DamagedPart = Type.Object(
  {
    at: Count,
    bytes: Count,
    code: Type.String({ maxLength: 60 }),
    says: Type.String({ maxLength: 500 }),
  },
  closed,
)
export type DamagedPart = Static<typeof DamagedPart>

export const FinishImport = Type.Object(
  {
    file: Type.String({ maxLength: 500 }),
    sha256: Hash,
    bytes: Count,
    added: Count,
    held: Count,
    /** The last part of a collection, base64; null where it has none, and for plain files. */
    end: Type.Union([Type.String({ maxLength: 7_000_000 }), Type.Null()]),
    isCut: Type.Boolean(),
    damaged: Type.Array(DamagedPart, { maxItems: 1001 }),
  },
  closed,
)
export type FinishImport = Static<typeof FinishImport>
