import { u8 } from './bytes.ts'
import type { Layers } from './layers.ts'

/** Types that are question and answer, each with its counterpart, as the Community ID pairs them (after Zeek). */
const pairs4 = pairsOf([
  [8, 0],
  [13, 14],
  [15, 16],
  [10, 9],
  [17, 18],
])
const pairs6 = pairsOf([
  [128, 129],
  [133, 134],
  [135, 136],
  [130, 131],
  [139, 140],
  [144, 145],
])

function pairsOf(pairs: readonly (readonly [number, number])[]): ReadonlyMap<number, number> {
  return new Map(pairs.flatMap(([question, answer]) => [[question, answer] as const, [answer, question] as const]))
}

/** Type and counterpart stand where ports do; a type without one stands with its code, and goes one way. */
export function icmp(layers: Layers): boolean {
  const { bytes, at } = layers
  if (at + 2 > layers.to) return false
  const type = u8(bytes, at)
  const counterpart = (layers.isIpv6 ? pairs6 : pairs4).get(type)
  layers.sourcePort = type
  layers.destinationPort = counterpart ?? u8(bytes, at + 1)
  layers.isOneWay = counterpart === undefined
  return true
}
