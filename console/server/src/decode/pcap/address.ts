import { formatIpv6 } from '../address.ts'
import { u8, u16 } from './bytes.ts'
import type { Layers } from './layers.ts'

export function toAddress(words: Layers['source'], isIpv6: boolean): string {
  const [first] = words
  if (!isIpv6) return `${first >>> 24}.${(first >>> 16) & 0xff}.${(first >>> 8) & 0xff}.${first & 0xff}`
  return formatIpv6(words.flatMap((word) => [word >>> 16, word & 0xffff]))
}

export function ipv4At(bytes: Uint8Array, at: number): string {
  return [0, 1, 2, 3].map((i) => u8(bytes, at + i)).join('.')
}

export function ipv6At(bytes: Uint8Array, at: number): string {
  return formatIpv6(Array.from({ length: 8 }, (_, i) => u16(bytes, at + i * 2)))
}
