import { has, isPrintable, u8, u16 } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

const [connect, publish] = [1, 3]

/** MQTT 3.1, 3.1.1 and 5, section 3.1: a client begins with CONNECT, which names the protocol and its level. */
export const mqtt: StreamProtocol = {
  name: 'mqtt',
  finds(asks, answers) {
    const packets = [packetsIn(asks), packetsIn(answers)]
    const isMidway = !packets.includes(-1) && Math.max(...packets) >= leastPackets
    return isConnect(asks) || isMidway ? { name: 'mqtt' } : undefined
  },
}

function isConnect(bytes: Uint8Array): boolean {
  if (u8(bytes, 0) !== connect << 4) return false
  const { value, next } = remaining(bytes, 1)
  if (value < 10) return false
  const is3 = u16(bytes, next) === 6 && has(bytes, next + 2, 'MQIsdp') && u8(bytes, next + 8) === 3
  const level = u8(bytes, next + 6)
  return is3 || (u16(bytes, next) === 4 && has(bytes, next + 2, 'MQTT') && (level === 4 || level === 5))
}

/** Seven bits a byte, at most four of them; −1 for what is no length. */
function remaining(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0
  for (let i = 0; i < 4; i++) {
    const byte = u8(bytes, at + i)
    if (byte < 0) break
    value += (byte & 0x7f) * 128 ** i
    if (byte < 0x80) return { value, next: at + i + 1 }
  }
  return { value: -1, next: at }
}

/** By type, from its publication to its end: the flags that it must have (section 2.1.3). */
const flags: readonly (number | 'any' | undefined)[] = [
  undefined,
  undefined,
  undefined,
  'any',
  0,
  0,
  2,
  0,
  2,
  0,
  2,
  0,
  0,
  0,
  0,
]
/** By type: the length of what follows, where it is always the same (MQTT 3). */
const lengths = new Map<number, number>([
  [12, 0],
  [13, 0],
  [14, 0],
  ...[2, 4, 5, 6, 7, 11].map((type) => [type, 2] as const),
])
const leastPackets = 3

/** Where a capture begins within a connection: packets one after the other to the end of what is there, or −1. */
function packetsIn(bytes: Uint8Array): number {
  let count = 0
  let at = 0
  while (at < bytes.length) {
    const next = packetEnd(bytes, at)
    if (next < 0) return -1
    at = next
    count++
  }
  return count
}

/** −1 for what is no packet. */
function packetEnd(bytes: Uint8Array, at: number): number {
  const [type, flag] = [u8(bytes, at) >> 4, u8(bytes, at) & 15]
  const { value, next } = remaining(bytes, at + 1)
  const [wanted, length] = [flags[type], lengths.get(type)]
  if (value < 0 || (wanted !== 'any' && wanted !== flag) || (length ?? value) !== value) return -1
  return type !== publish || isTopic(bytes, next, value) ? next + value : -1
}

/** Section 3.3.2: its length, then a text without wildcards. */
function isTopic(bytes: Uint8Array, at: number, room: number): boolean {
  const length = u16(bytes, at)
  if (length < 0) return true
  const topic = bytes.subarray(at + 2, at + 2 + length)
  return length >= 1 && length + 2 <= room && isPrintable(topic, 0, topic.length) && !topic.includes(35)
}
