import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { type Batch, findRecord, type OpenBatch, parseHeader, recordBytes, verifyHeader } from './batch.ts'
import { equal, fromBase64, fromHex, fromUtf8, parseCompactJson, toBase64, toHex, toUtf8 } from './bytes.ts'
import { Refusal } from './error.ts'
import { pathOf, rootFromPath } from './merkle.ts'
import { leafOf, saltBytes } from './payload.ts'
import type { Primitives } from './primitives.ts'
import { ChunkHead, Hash, recordId } from './record.ts'
import { limits } from './wire/limits.ts'

/**
 * One record with all that proves it, and nothing of its neighbours: a sibling hash on the path covers a salted leaf,
 * so that not even a value of few possibilities can be found by trying them. It still tells the host, batch number,
 * record count, times and source list of its batch.
 */
export const Proof = Type.Object(
  {
    tw: Type.Literal('proof/1'),
    /** The header line, as sealed. */
    header: Type.String({ maxLength: limits.header }),
    /** Base64. */
    signature: Type.String({ maxLength: 200 }),
    index: Type.Integer({ minimum: 0, maximum: limits.records }),
    /** 16 bytes, hex. */
    salt: Type.String({ pattern: `^[0-9a-f]{${saltBytes * 2}}$` }),
    /** The chunk head line, as sealed. */
    chunk: Type.String({ maxLength: limits.chunkHead }),
    position: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    /** Base64. */
    record: Type.String({ maxLength: Math.ceil(limits.record / 3) * 4 }),
    path: Type.Array(Hash, { maxItems: 64 }),
  },
  { additionalProperties: false },
)
export type Proof = Static<typeof Proof>

/** Proof of record `index` of an opened batch. */
export function prove(
  p: Primitives,
  batch: Pick<Batch, 'headerBytes' | 'signature'>,
  open: OpenBatch,
  index: number,
): Proof {
  const found = findRecord(open, index)
  if (found === undefined) throw new RangeError(`the batch has no record ${index}`)
  const { chunk, at } = found
  return {
    tw: 'proof/1',
    header: fromUtf8(batch.headerBytes),
    signature: toBase64(batch.signature),
    index,
    salt: toHex(p.aes256ctr(open.seed, (index + 1) * saltBytes).subarray(index * saltBytes)),
    chunk: fromUtf8(chunk.headLine),
    position: chunk.positions[at] as number,
    record: toBase64(recordBytes(chunk, at)),
    path: pathOf(p, open.leaves, index).map(toHex),
  }
}

export interface ProvenRecord {
  id: string
  head: ChunkHead
  position: number
  record: Uint8Array
}

/** The record that a proof shows to be sealed by the owner of `publicKey`. Throws `proof-malformed`, `signature-wrong`, `proof-wrong`. */
export function checkProof(p: Primitives, proof: unknown, publicKey: Uint8Array): ProvenRecord {
  if (!Value.Check(Proof, proof)) throw new Refusal('proof-malformed', 'not of the shape proof/1')
  const signature = fromBase64(proof.signature)
  const record = fromBase64(proof.record)
  const headLine = toUtf8(proof.chunk)
  const head = parseCompactJson(headLine)
  if (signature === undefined || record === undefined || !Value.Check(ChunkHead, head))
    throw new Refusal('proof-malformed', 'signature, record or chunk head cannot be read')
  const headerBytes = toUtf8(proof.header)
  const header = parseHeader(headerBytes)
  verifyHeader(p, { headerBytes, signature }, publicKey)
  const leaf = leafOf(p, fromHex(proof.salt) as Uint8Array, headLine, proof.position, record)
  const path = proof.path.map((hash) => fromHex(hash) as Uint8Array)
  const root = rootFromPath(p, leaf, { index: proof.index, count: header.count }, path)
  if (root === undefined || !equal(root, fromHex(header.root) as Uint8Array))
    throw new Refusal('proof-wrong', 'the record does not lead to the root the host signed')
  return { id: recordId(header.host, header.seq, proof.index), head, position: proof.position, record }
}
