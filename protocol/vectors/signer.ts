import { concat, toHex, toUtf8 } from '@tidewaiter/protocol'
import { nodePrimitives as p } from '@tidewaiter/protocol/node'
import { writeDer } from '../src/package/der.ts'
import { bytesOf, type TestKey } from './keys.ts'

/** What a signer of packages shows, written by hand (RFC 5280, RFC 5652), so that each part can be wrong in one way. */

const sequence = (...parts: readonly Uint8Array[]) => writeDer(0x30, ...parts)
const set = (...parts: readonly Uint8Array[]) => writeDer(0x31, ...parts)
const tagged = (...parts: readonly Uint8Array[]) => writeDer(0xa0, ...parts)
const integer = (value: number) => writeDer(0x02, Uint8Array.of(value))
const oid = (hex: string) => writeDer(0x06, bytesOf(hex))

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
const sha256 = sequence(oid('608648016503040201'), writeDer(0x05))
const always = sequence(writeDer(0x17, toUtf8('000101000000Z')), writeDer(0x18, toUtf8('99991231235959Z')))

export interface Certificate {
  der: Uint8Array
  issuerAndSerial: Uint8Array
}

/** A self-signed certificate of this key; `signer` is another one where it is to be wrong. */
export function certificateOf({ name, publicKey, sign }: TestKey, signer = sign): Certificate {
  const subject = sequence(set(sequence(oid('550403'), writeDer(0x0c, toUtf8(`Tidewaiter vectors: ${name}`)))))
  const serial = writeDer(0x02, concat(Uint8Array.of(0x40), p.sha256(publicKey).subarray(0, 15)))
  const fields = [tagged(integer(2)), serial, ecdsaWithSha256, subject, always, subject, publicKey]
  const signed = sequence(...fields)
  const signature = writeDer(0x03, Uint8Array.of(0), signer(signed))
  return { der: sequence(signed, ecdsaWithSha256, signature), issuerAndSerial: sequence(subject, serial) }
}

/** A detached CMS with one signature and no signed attributes. */
export function cmsOf({ der, issuerAndSerial }: Certificate, signature: Uint8Array): Uint8Array {
  const signer = sequence(integer(1), issuerAndSerial, sha256, ecdsaWithSha256, writeDer(0x04, signature))
  const data = sequence(oid('2a864886f70d010701'))
  const signed = sequence(integer(1), set(sha256), data, tagged(der), set(signer))
  return sequence(oid('2a864886f70d010702'), tagged(signed))
}

export function fingerprintOf({ publicKey }: TestKey): string {
  return toHex(p.sha256(publicKey))
}
