import { formatIpv6 } from '../address.ts'
import type { Layers } from './layers.ts'

export function toAddress(words: Layers['source'], isIpv6: boolean): string {
  const [first] = words
  if (!isIpv6) return `${first >>> 24}.${(first >>> 16) & 0xff}.${(first >>> 8) & 0xff}.${first & 0xff}`
  return formatIpv6(words.flatMap((word) => [word >>> 16, word & 0xffff]))
}
