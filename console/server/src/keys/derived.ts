import { createECDH, createPrivateKey, hkdfSync } from 'node:crypto'
import { ageKeyPair } from '@tidewaiter/protocol/node/age'
import { type KeyPair, pairOf } from './key-pair.ts'

/*
 * Keys that follow from others in the keys folder: what has a copy of those, has these too.
 */

/** What offline collections are encrypted to: the private half in the form of age, and the public one (`age1…`). */
export function collectionPair(masterKey: Uint8Array): { identity: string; recipient: string } {
  return ageKeyPair(new Uint8Array(hkdfSync('sha256', masterKey, '', 'tidewaiter collections', 32)))
}

/** Order of the group of P-256 (SP 800-186, 3.2.1.3). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
/** Eight bytes more than the order has, so that no scalar is likelier than another (FIPS 186-5, A.2.1). */
const scalarBytes = 40

/**
 * What imported files of one host are sealed with: a host is its key, so each name has one, which follows from the
 * intake key.
 */
export function importPair(intake: KeyPair, name: string): KeyPair {
  const { d = '' } = intake.privateKey.export({ format: 'jwk' })
  const bytes = hkdfSync('sha256', Buffer.from(d, 'base64url'), '', `tidewaiter import ${name}`, scalarBytes)
  const scalar = (BigInt(`0x${Buffer.from(bytes).toString('hex')}`) % (order - 1n)) + 1n
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(scalar.toString(16).padStart(64, '0'), 'hex')
  const point = ecdh.getPublicKey()
  const toText = (part: Uint8Array) => Buffer.from(part).toString('base64url')
  const [x, y] = [toText(point.subarray(1, 33)), toText(point.subarray(33))]
  const key = { kty: 'EC', crv: 'P-256', d: toText(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex')), x, y }
  return pairOf(createPrivateKey({ key, format: 'jwk' }))
}
