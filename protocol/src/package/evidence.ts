import { type Static, Type } from 'typebox'
import { Lineage, SignedHead } from '../batch.ts'
import { concat, fromBase64, toBase64 } from '../bytes.ts'
import { hashBytes } from '../merkle.ts'
import { Hash, HostId, Time } from '../record.ts'
import { text } from '../text.ts'

/** Shapes of the evidence in a package: each is one line of compact JSON. */

const closed = { additionalProperties: false }
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Seq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Text = text(1000)
const Base64 = Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$', maxLength: 8192 })

/** Id of a record in a package: that of a branch of a fork has eight digits of its header hash behind the host. */
export const RecordId = Type.String({ pattern: '^[0-9a-f]{32}(~[0-9a-f]{8})?/[1-9][0-9]{0,15}/(0|[1-9][0-9]{0,8})$' })

/** `host.json`: whose records these are, and which of its batches the package speaks of. */
export const HostCard = Type.Object(
  {
    tw: Type.Literal('host/1'),
    id: HostId,
    /** As the host called itself: a label, proven by nothing. */
    name: Text,
    os: Text,
    kind: Text,
    /** SPKI in base64; the id is its hash. */
    publicKey: Base64,
    lineage: Type.Union([Lineage, Type.Null()]),
    /** First and last batch of the span whose headers follow. */
    span: Type.Object({ from: Seq, to: Seq }, closed),
    /** Batches of the span that the console never received. */
    gaps: Type.Array(Type.Object({ from: Seq, to: Seq }, closed), { maxItems: 10_000 }),
  },
  closed,
)
export type HostCard = Static<typeof HostCard>

/** A line of `headers.ndjson`: one batch without its content, and its place in the ledger. */
export const HeaderLine = Type.Object(
  {
    /** The entry in the ledger: with header and signature it gives the entry's hash (`entryOf`). */
    position: Count,
    receivedAtMs: Count,
    /** On a second branch of a fork: the first eight digits of the header's hash. */
    branch: Type.Union([Type.String({ pattern: '^[0-9a-f]{8}$' }), Type.Null()]),
    /** The header line, as sealed. */
    header: Type.String(),
    signature: Base64,
    /** That the ledger of the head this header witnesses is a beginning of the one of the cut; null without such a head. */
    consistency: Type.Union([Base64, Type.Null()]),
    /** That the entry is in the ledger of the cut; for batches of which a record is disclosed. */
    inclusion: Type.Union([Base64, Type.Null()]),
  },
  closed,
)
export type HeaderLine = Static<typeof HeaderLine>

/** `ledger.json`: the head everything is proven against. */
export const LedgerCard = Type.Object(
  {
    tw: Type.Literal('ledger/1'),
    /** SPKI in base64, of the key that signs heads now and of those that did before. */
    keys: Type.Array(Base64, { minItems: 1, maxItems: 100 }),
    /** The head of the cut. */
    head: SignedHead,
    /** Ledgers that this one goes on from, where it was restored, the oldest first. */
    restored: Type.Optional(
      Type.Array(
        Type.Object(
          {
            /** The head as it was restored. */
            head: SignedHead,
            /** That it is a beginning of the ledger of the cut. */
            consistency: Base64,
            /** Batches that were taken again from hosts, which had been acknowledged after that head: the console's word. */
            refed: Count,
          },
          closed,
        ),
        { minItems: 1, maxItems: 100 },
      ),
    ),
  },
  closed,
)
export type LedgerCard = Static<typeof LedgerCard>

/** A line of `70_actions.ndjson`. `hash` is the SHA-256 of the compact JSON of the six members before it, in this order. */
export const ActionLine = Type.Union([
  Type.Object(
    {
      no: Seq,
      at: Type.String(),
      who: Type.String(),
      act: Type.String(),
      /** JSON, as text. */
      data: Type.String(),
      prev: Hash,
      hash: Hash,
    },
    closed,
  ),
  /** An act that concerns another incident: only its place in the chain. */
  Type.Object({ no: Seq, withheld: Type.Literal(true), hash: Hash }, closed),
])
export type ActionLine = Static<typeof ActionLine>

/** What a verifier needs of `20_incident_summary.json`; it holds more. */
export const Citations = Type.Object({
  tw: Type.Literal('incident/1'),
  /** What the package says of itself: `at` is the time it speaks from. */
  package: Type.Object({ at: Time }),
  /** Every record that a fact, finding, sighting or item cites. */
  cites: Type.Array(RecordId),
  /** Those that could not be disclosed, and why. */
  withheld: Type.Array(Type.Object({ record: RecordId, why: Text }, closed)),
})
export type Citations = Static<typeof Citations>

/** Hashes one after the other in one base64 text, as proofs stand in a package. */
export function writeHashes(hashes: readonly Uint8Array[]): string {
  return toBase64(concat(...hashes))
}

/** Undefined for anything that `writeHashes` does not write. */
export function readHashes(written: string): Uint8Array[] | undefined {
  const bytes = fromBase64(written)
  if (bytes === undefined || bytes.length % hashBytes !== 0) return undefined
  return Array.from({ length: bytes.length / hashBytes }, (_, i) => bytes.subarray(i * hashBytes, (i + 1) * hashBytes))
}
