import { type Static, Type } from 'typebox'
import { Hash, HostId, SourceId, Time } from '../record.ts'
import { text } from '../text.ts'

const closed = { additionalProperties: false }
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Text = text(200)
const Words = text(500)
const Base64 = text(400)

/** How much is collected: `triage` is bounded by time and bytes, `full` is all there is. */
export const CollectionProfile = Type.Union([Type.Literal('triage'), Type.Literal('full')])
export type CollectionProfile = Static<typeof CollectionProfile>

/** An enrolled host says with its own key that the collection was made on its machine. */
export const Kin = Type.Object({ host: HostId, publicKey: Base64, signature: Base64 }, closed)
export type Kin = Static<typeof Kin>

/** The first part of a collection file: whose key signs all others. Name and system are labels. */
export const CollectionOpening = Type.Object(
  {
    tw: Type.Literal('collection/1'),
    host: HostId,
    /** SPKI, base64: the key was made for this one file. */
    publicKey: Base64,
    name: Text,
    os: Text,
    platform: Text,
    agent: Text,
    profile: CollectionProfile,
    startedAt: Time,
    kin: Type.Optional(Kin),
  },
  closed,
)
export type CollectionOpening = Static<typeof CollectionOpening>

/** What came of one source: `not-read` where it is there and was not read, or not to its end. */
export const CollectedSource = Type.Object(
  {
    id: SourceId,
    state: Type.Union([
      Type.Literal('covered'),
      Type.Literal('lost'),
      Type.Literal('not-enabled'),
      Type.Literal('not-read'),
    ]),
    records: Count,
    lost: Type.Array(Type.Object({ count: Type.Union([Count, Type.Null()]), cause: Text }, closed), { maxItems: 20 }),
    why: Type.Optional(Words),
    fix: Type.Optional(Words),
  },
  closed,
)
export type CollectedSource = Static<typeof CollectedSource>

/** The last part: without it the file was cut off. `complete`: every collector came to its end. */
export const CollectionEnd = Type.Object(
  {
    tw: Type.Literal('collection-end/1'),
    host: HostId,
    batches: Count,
    records: Count,
    /** Hash of the newest header; null where nothing was sealed. */
    newest: Type.Union([Hash, Type.Null()]),
    endedAt: Time,
    complete: Type.Boolean(),
    why: Type.Optional(Words),
    sources: Type.Array(CollectedSource, { maxItems: 5000 }),
    /** Sources for which there was no room here: their batches hold what came of them. */
    leftOut: Count,
  },
  closed,
)
export type CollectionEnd = Static<typeof CollectionEnd>
