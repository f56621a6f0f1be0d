import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { concat, equal, fromBase64, parseCompactJson, toUtf8 } from '../bytes.ts'
import { Refusal } from '../error.ts'
import { type Primitives, pointOf } from '../primitives.ts'
import { hostIdOf } from '../record.ts'
import { limits } from '../wire/limits.ts'
import { CollectionEnd, CollectionOpening, type Kin } from './shapes.ts'

/** Bytes before a part: the mark and the length of what follows. */
export const frameBytes = 8
export const frameMark = toUtf8('TWF1')
export const openingMark = toUtf8('TWO1')
export const batchMark = toUtf8('TWB1')
export const endMark = toUtf8('TWE1')

/** A part as it stands in the file. @param content an opening, a batch or an end */
export function toPart(content: Uint8Array): Uint8Array {
  const length = new DataView(new ArrayBuffer(4))
  length.setUint32(0, content.length)
  return concat(frameMark, new Uint8Array(length.buffer), content)
}

type Sign = (data: Uint8Array) => Uint8Array

export function sealOpening(opening: CollectionOpening, sign: Sign): Uint8Array {
  return sealStatement(openingMark, opening, sign)
}

export function sealEnd(end: CollectionEnd, sign: Sign): Uint8Array {
  return sealStatement(endMark, end, sign)
}

/** mark | u32 length | one line of JSON | u16 length | signature over the JSON. */
function sealStatement(mark: Uint8Array, value: object, sign: Sign): Uint8Array {
  const json = toUtf8(JSON.stringify(value))
  const signature = sign(json)
  const lengths = new DataView(new ArrayBuffer(6))
  lengths.setUint32(0, json.length)
  lengths.setUint16(4, signature.length)
  return concat(mark, new Uint8Array(lengths.buffer, 0, 4), json, new Uint8Array(lengths.buffer, 4, 2), signature)
}

/** Which file it is, and the key that it says it is signed with. Throws `collection-malformed`, `signature-wrong`. */
export function openOpening(p: Primitives, bytes: Uint8Array): { opening: CollectionOpening; publicKey: Uint8Array } {
  const { value, json, signature } = splitStatement(openingMark, CollectionOpening, bytes)
  const publicKey = fromBase64(value.publicKey)
  if (publicKey === undefined || pointOf(publicKey) === undefined || hostIdOf(p.sha256(publicKey)) !== value.host)
    throw new Refusal('collection-malformed', 'the key in the first part is not that of its host id')
  if (!p.verifyP256(publicKey, json, signature))
    throw new Refusal('signature-wrong', 'the first part is not signed by the key it names')
  return { opening: value, publicKey }
}

/** Throws `collection-malformed`, `signature-wrong`. */
export function openEnd(p: Primitives, bytes: Uint8Array, publicKey: Uint8Array): CollectionEnd {
  const { value, json, signature } = splitStatement(endMark, CollectionEnd, bytes)
  if (!p.verifyP256(publicKey, json, signature))
    throw new Refusal('signature-wrong', 'the last part is not signed by the key of the collection')
  return value
}

function splitStatement<Schema extends TSchema>(mark: Uint8Array, schema: Schema, bytes: Uint8Array) {
  const malformed = (says: string) => new Refusal('collection-malformed', says)
  if (bytes.length < 10 || !equal(bytes.subarray(0, 4), mark)) throw malformed('a part does not begin as it has to')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = 8 + view.getUint32(4)
  if (end + 2 > bytes.length) throw malformed('a part ends inside its statement')
  const json = bytes.subarray(8, end)
  const signature = bytes.subarray(end + 2)
  if (signature.length !== view.getUint16(end) || signature.length > limits.signature)
    throw malformed('the signature of a part has another length than it says')
  const value = parseCompactJson(json)
  if (!Value.Check(schema, value)) throw malformed('a part is not one line of compact JSON of the known shape')
  return { value: value as Static<Schema>, json, signature }
}

/** What an enrolled host signs with its own key for a collection that was made on its machine. */
export function kinStatement({ host, startedAt }: Pick<CollectionOpening, 'host' | 'startedAt'>): Uint8Array {
  return toUtf8(`tidewaiter collection\n${host}\n${startedAt}\n`)
}

/** The key of the enrolled host, where it signed for this collection; undefined where nobody did, or not so. */
export function kinKeyOf(p: Primitives, opening: CollectionOpening): { kin: Kin; publicKey: Uint8Array } | undefined {
  const { kin } = opening
  const publicKey = kin && fromBase64(kin.publicKey)
  const signature = kin && fromBase64(kin.signature)
  if (kin === undefined || publicKey === undefined || signature === undefined) return undefined
  if (pointOf(publicKey) === undefined || hostIdOf(p.sha256(publicKey)) !== kin.host) return undefined
  return p.verifyP256(publicKey, kinStatement(opening), signature) ? { kin, publicKey } : undefined
}
