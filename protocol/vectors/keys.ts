import { p256 } from '@noble/curves/nist.js'
import { concat, fromHex, hostIdOf, toUtf8 } from '@tidewaiter/protocol'
import { nodePrimitives as p } from '@tidewaiter/protocol/node'

/** A key that everybody knows: its secret is the SHA-256 of its name. */
export interface TestKey {
  name: string
  /** SPKI, DER. */
  publicKey: Uint8Array
  /** The id of a host with this key. */
  host: string
  /** Deterministic (RFC 6979), so that vectors made again are the same. */
  sign(data: Uint8Array): Uint8Array
}

const spkiPrefix = bytesOf('3059301306072a8648ce3d020106082a8648ce3d030107034200')

function keyOf(name: string): TestKey {
  const secret = p.sha256(toUtf8(`tidewaiter vectors: ${name}`))
  const publicKey = spkiOf(p256.getPublicKey(secret, false))
  return {
    name,
    publicKey,
    host: hostIdOf(p.sha256(publicKey)),
    sign: (data) => p256.sign(data, secret, { prehash: true, format: 'der' }),
  }
}

/** A public key around a point, whether it is one of the curve or not. */
export function spkiOf(point: Uint8Array): Uint8Array {
  return concat(spkiPrefix, point)
}

export function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex)
  if (bytes === undefined) throw new TypeError(`${hex} is not hex`)
  return bytes
}

export const hostKey = keyOf('host')
export const otherKey = keyOf('other host')
export const ledgerKey = keyOf('ledger')
export const packageKey = keyOf('package')
