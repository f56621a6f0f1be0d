import { p256 } from '@noble/curves/nist.js'
import { concat } from '@tidewaiter/protocol'
import { bytesOf } from './keys.ts'

/** Signatures written by hand, so that each can be wrong in one way. */

const order = p256.Point.Fn.ORDER

export function numbersOf(signature: Uint8Array): { r: bigint; s: bigint } {
  const { r, s } = p256.Signature.fromBytes(signature, 'der')
  return { r, s }
}

/** The other signature that the same r has: both are valid (SEC 1, 4.1). */
export function highS(signature: Uint8Array): Uint8Array {
  const { r, s } = numbersOf(signature)
  return derOf(integer(r), integer(s > order / 2n ? s : order - s))
}

/** An INTEGER in its shortest form, behind as many needless zeros as asked for. */
export function integer(value: bigint, zeros = 0): Uint8Array {
  const digits = value.toString(16)
  const bytes = bytesOf(digits.length % 2 === 0 ? digits : `0${digits}`)
  const sign = (bytes[0] ?? 0) >= 0x80 ? 1 : 0
  const content = concat(new Uint8Array(sign + zeros), bytes)
  return concat(Uint8Array.of(0x02, content.length), content)
}

export function derOf(...parts: readonly Uint8Array[]): Uint8Array {
  const content = concat(...parts)
  return concat(Uint8Array.of(0x30, content.length), content)
}

export { order }
