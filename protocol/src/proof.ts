import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { type Batch, findRecord, type OpenBatch, parseHeader, recordBytes, verifyHeader } from './batch.ts'
import { fromBase64, fromHex, fromUtf8, toBase64, toHex, toUtf8 } from './bytes.ts'
import { Refusal } from './error.ts'
import { pathOf, rootFromPath } from './merkle.ts'
import { leafOf, parseChunkHead, saltBytes, saltOf } from './payload.ts'
import type { Primitives } from './primitives.ts'
import { type ChunkHead, Hash, recordId } from './record.ts'
import { text } from './text.ts'
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
    header: Type.String(),
    /** Base64. */
    signature: text(200),
    index: Type.Integer({ minimum: 0, maximum: limits.records }),
    /** 16 bytes, hex. */
    salt: Type.String({ pattern: `^[0-9a-f]{${saltBytes * 2}}$` }),
    /** The chunk head line, as sealed. */
    chunk: Type.String(),
    position: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    /** Base64. */
    record: Type.String(),
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
    salt: toHex(saltOf(p, open.seed, index)),
    chunk: fromUtf8(chunk.headLine),
    position: chunk.positions[at] as number,
    record: toBase64(recordBytes(chunk, at)),
    path: pathOf(open.tree, index).map(toHex),
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
  const { headerBytes, signature, head, headLine, record } = readParts(proof)
  const header = parseHeader(headerBytes)
  verifyHeader(p, { headerBytes, signature }, publicKey)
  const { position } = proof
  const leaf = leafOf(p, { salt: hexOf(proof.salt), headLine, position, record })
  const root = rootFromPath(p, leaf, { index: proof.index, count: header.count }, proof.path.map(hexOf))
  if (root === undefined || toHex(root) !== header.root)
    throw new Refusal('proof-wrong', 'the record does not lead to the root the host signed')
  return { id: recordId(header.host, header.seq, proof.index), head, position, record }
}

/** What stands in a proof as text. Throws `proof-malformed`. */
function readParts(proof: Proof) {
  if (!proof.header.isWellFormed() || !proof.chunk.isWellFormed())
    throw new Refusal('proof-malformed', 'header and chunk head have characters that are not text')
  const signature = fromBase64(proof.signature)
  const record = fromBase64(proof.record)
  const headLine = toUtf8(proof.chunk)
  const head = parseChunkHead(headLine)
  if (signature === undefined || record === undefined || head === undefined || record.length > limits.record)
    throw new Refusal('proof-malformed', 'signature, record or chunk head cannot be read')
  return { headerBytes: toUtf8(proof.header), signature, head, headLine, record }
}

/** Bytes of text that the schema holds to be hex. */
function hexOf(text: string): Uint8Array {
  return fromHex(text) ?? new Uint8Array(0)
}
