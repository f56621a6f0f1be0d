import { type Static, Type } from 'typebox'
import { concat, equal, parseCompactJson, toHex, toUtf8 } from './bytes.ts'
import { check } from './check.ts'
import { Refusal } from './error.ts'
import { rootOf, type Tree, treeOf } from './merkle.ts'
import { decodePayload, encodePayload, leavesOf, type OpenChunk } from './payload.ts'
import type { Primitives } from './primitives.ts'
import { type Chunk, Hash, HostId, Position, SourceId, Time } from './record.ts'
import { newScratch } from './scratch.ts'
import { text } from './text.ts'
import { limits } from './wire/limits.ts'
import { inflatePayload } from './zstd/inflate-payload.ts'

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Text = text(200)
const Milliseconds = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })
const closed = { additionalProperties: false }

/** What a batch says of one source: `first` is the `next` of the batch before; count 0 means alive and silent. */
export const SourceSpan = Type.Object({ id: SourceId, first: Position, next: Position, count: Count }, closed)
export type SourceSpan = Static<typeof SourceSpan>

/** Evidence the agent had to give up. `count` null where it cannot be known. */
export const Loss = Type.Object(
  { source: SourceId, count: Type.Union([Count, Type.Null()]), cause: Text, from: Time, to: Time },
  closed,
)
export type Loss = Static<typeof Loss>

/** A ledger head as the agent received it: the text that was signed, and the signature (base64). */
export const SignedHead = Type.Object({ head: text(1024), signature: text(200) }, closed)
export type SignedHead = Static<typeof SignedHead>

/** The newest header of the chain that this one goes on from. */
export const Lineage = Type.Object({ host: HostId, seq: Count, header: Hash }, closed)
export type Lineage = Static<typeof Lineage>

/** The signed statement of a batch. Its bytes are hashed, signed and stored as they stand and never written again. */
export const Header = Type.Object(
  {
    tw: Type.Literal('batch/1'),
    host: HostId,
    seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    /** SHA-256 of the previous header (without its signature); null in the first batch of a chain. */
    prev: Type.Union([Hash, Type.Null()]),
    /** The chain this one goes on from after a fork or a new installation. */
    lineage: Type.Optional(Lineage),
    root: Hash,
    count: Type.Integer({ minimum: 0, maximum: limits.records }),
    /** Bytes of the inflated payload. */
    rawBytes: Type.Integer({ minimum: 0, maximum: limits.raw }),
    payloadBytes: Type.Integer({ minimum: 0, maximum: limits.payload }),
    payloadSha256: Hash,
    agent: Text,
    bootId: Text,
    /** IANA zone of the host and its offset when the batch was sealed, minutes east of UTC. */
    zone: Text,
    utcOffset: Type.Integer({ minimum: -1440, maximum: 1440 }),
    /** Host clock minus console clock, milliseconds, as last measured; null before the first contact. */
    clockOffset: Type.Union([Type.Object({ ms: Milliseconds, measuredAt: Time }, closed), Type.Null()]),
    /** Earliest and latest time read, host clock. */
    from: Time,
    to: Time,
    sealedAt: Time,
    sources: Type.Array(SourceSpan, { maxItems: 2000 }),
    lost: Type.Array(Loss, { maxItems: 2000 }),
    witness: Type.Union([SignedHead, Type.Null()]),
  },
  closed,
)
export type Header = Static<typeof Header>

/** The parts of a batch, cut but not yet believed. */
export interface Batch {
  /** The whole, as sealed. */
  bytes: Uint8Array
  header: Header
  headerBytes: Uint8Array
  headerHash: string
  signature: Uint8Array
  payload: Uint8Array
}

/** Where a host's chain stands: its newest header. */
export interface Tip {
  seq: number
  headerHash: string
}

const magic = toUtf8('TWB1')

export type Statement = Omit<Header, 'tw' | 'root' | 'count' | 'rawBytes' | 'payloadBytes' | 'payloadSha256'>

const scratchForPayload = newScratch()

/** Seals chunks into a batch. `seed` is 32 fresh random bytes; `sign` holds the host's private key. */
export function seal(
  p: Primitives,
  chunks: readonly Chunk[],
  { seed, statement, sign }: { seed: Uint8Array; statement: Statement; sign: (data: Uint8Array) => Uint8Array },
): Batch {
  // Nothing of the batch shares its memory: it is compressed before the next one is sealed.
  const raw = encodePayload(seed, chunks, scratchForPayload)
  if (raw.length > limits.raw)
    throw new Refusal('batch-too-large', `${raw.length} bytes of records, the limit is ${limits.raw}`)
  const open = decodePayload(raw)
  const payload = p.deflate(raw)
  const { host, seq, prev, lineage, ...rest } = statement
  const header: Header = {
    tw: 'batch/1',
    host,
    seq,
    prev,
    ...(lineage !== undefined && { lineage }),
    root: toHex(rootOf(p, leavesOf(p, open.seed, open.chunks, open.count))),
    count: open.count,
    rawBytes: raw.length,
    payloadBytes: payload.length,
    payloadSha256: toHex(p.sha256(payload)),
    ...rest,
  }
  const headerBytes = toUtf8(JSON.stringify(header))
  return splitBatch(p, joinBatch(headerBytes, sign(headerBytes), payload))
}

function joinBatch(header: Uint8Array, signature: Uint8Array, payload: Uint8Array): Uint8Array {
  const lengths = new DataView(new ArrayBuffer(6))
  lengths.setUint32(0, header.length)
  lengths.setUint16(4, signature.length)
  return concat(
    magic,
    new Uint8Array(lengths.buffer, 0, 4),
    header,
    new Uint8Array(lengths.buffer, 4, 2),
    signature,
    payload,
  )
}

/** Bytes of a batch before its payload, from the stored parts. */
export function joinHead(header: Uint8Array, signature: Uint8Array): Uint8Array {
  return joinBatch(header, signature, new Uint8Array(0))
}

/** Cuts a batch into its parts and reads the header. Checks shape and limits only; the parts share memory with `bytes`. */
export function splitBatch(p: Primitives, bytes: Uint8Array): Batch {
  if (bytes.length < 10 || !equal(bytes.subarray(0, 4), magic))
    throw new Refusal('batch-malformed', 'does not begin with TWB1')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerLength = view.getUint32(4)
  if (headerLength > limits.header)
    throw new Refusal('batch-too-large', `the header has ${headerLength} bytes, the limit is ${limits.header}`)
  const signatureAt = 8 + headerLength + 2
  if (signatureAt > bytes.length) throw new Refusal('batch-malformed', 'ends inside the header')
  const signatureLength = view.getUint16(8 + headerLength)
  if (signatureLength > limits.signature) throw new Refusal('batch-too-large', 'the signature is over the limit')
  const payloadAt = signatureAt + signatureLength
  if (payloadAt > bytes.length) throw new Refusal('batch-malformed', 'ends inside the signature')
  const headerBytes = bytes.subarray(8, 8 + headerLength)
  const header = parseHeader(headerBytes)
  const payload = bytes.subarray(payloadAt)
  if (payload.length !== header.payloadBytes)
    throw new Refusal(
      'batch-malformed',
      `the header announces ${header.payloadBytes} bytes of payload, there are ${payload.length}`,
    )
  const signature = bytes.subarray(signatureAt, payloadAt)
  return { bytes, header, headerBytes, headerHash: toHex(p.sha256(headerBytes)), signature, payload }
}

export function parseHeader(bytes: Uint8Array): Header {
  const value = bytes.length > limits.header ? undefined : parseCompactJson(bytes)
  if (!check(Header, value) || Object.keys(value)[0] !== 'tw')
    throw new Refusal('header-malformed', 'the header is not one line of compact JSON of batch/1')
  return value
}

/** Checks that the host signed this header and that the payload is the one it names. Does not inflate anything. */
export function verifyBatch(p: Primitives, batch: Batch, publicKey: Uint8Array): void {
  verifyHeader(p, batch, publicKey)
  if (toHex(p.sha256(batch.payload)) !== batch.header.payloadSha256)
    throw new Refusal('payload-digest-wrong', 'the payload is not the one the host signed')
}

export function verifyHeader(
  p: Primitives,
  { headerBytes, signature }: Pick<Batch, 'headerBytes' | 'signature'>,
  publicKey: Uint8Array,
): void {
  if (!p.verifyP256(publicKey, headerBytes, signature))
    throw new Refusal('signature-wrong', 'the header is not signed by the key of the host')
}

/** What a batch is to the chain that is held. `repeated` is harmless; `gap` and `fork` are recorded and shown. */
export type Place = 'next' | 'repeated' | 'gap' | 'fork'

/**
 * Where a batch stands in its host's chain.
 * @param tip newest header held, or null
 * @param held hash of the header held under the batch's own number, if one is
 */
export function placeOf(
  { header: { seq, prev }, headerHash }: { header: Pick<Header, 'seq' | 'prev'>; headerHash: string },
  tip: Tip | null,
  held: string | undefined,
): Place {
  if (held !== undefined) return held === headerHash ? 'repeated' : 'fork'
  const expected = (tip?.seq ?? 0) + 1
  if (seq > expected) return 'gap'
  return seq === expected && prev === (tip?.headerHash ?? null) ? 'next' : 'fork'
}

/** A batch whose records can be read. */
export interface OpenBatch {
  header: Header
  seed: Uint8Array
  chunks: OpenChunk[]
  tree: Tree
}

/**
 * Inflates the payload to the announced size and checks count and root: only now are its records what the host sealed.
 * @throws `inflate-too-large`, `payload-malformed`, `root-wrong`
 */
export function openBatch(p: Primitives, { header, payload }: Pick<Batch, 'header' | 'payload'>): OpenBatch {
  const { seed, chunks, count } = decodePayload(inflatePayload(p, payload, header.rawBytes))
  if (count !== header.count)
    throw new Refusal('payload-malformed', `holds ${count} records, announced were ${header.count}`)
  const tree = treeOf(p, leavesOf(p, seed, chunks, count))
  if (toHex(tree.root) !== header.root)
    throw new Refusal('root-wrong', 'the records do not give the root in the header')
  return { header, seed, chunks, tree }
}

/** The chunk that holds record `index`, and its place in it. */
export function findRecord(
  batch: Pick<OpenBatch, 'chunks'>,
  index: number,
): { chunk: OpenChunk; at: number } | undefined {
  const chunk = batch.chunks.find(({ first, count }) => index >= first && index < first + count)
  return chunk === undefined ? undefined : { chunk, at: index - chunk.first }
}

export function recordBytes(chunk: OpenChunk, at: number): Uint8Array {
  return chunk.bytes.subarray(chunk.starts[at], chunk.ends[at])
}
