import { has, u8, u16 } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

const connect = 0x10

/** MQTT 3.1, 3.1.1 and 5, section 3.1: a client begins with CONNECT, which names the protocol and its level. */
export const mqtt: StreamProtocol = {
  name: 'mqtt',
  finds(asks, answers) {
    if (isConnect(asks)) return { name: 'mqtt' }
    return isPublishing(asks) && (answers.length === 0 || isPublishing(answers)) ? { name: 'mqtt' } : undefined
  },
}

function isConnect(bytes: Uint8Array): boolean {
  if (u8(bytes, 0) !== connect) return false
  const { value, next } = remaining(bytes, 1)
  if (value < 10) return false
  const is3 = u16(bytes, next) === 6 && has(bytes, next + 2, 'MQIsdp') && u8(bytes, next + 8) === 3
  const level = u8(bytes, next + 6)
  const isLater = u16(bytes, next) === 4 && has(bytes, next + 2, 'MQTT') && (level === 4 || level === 5)
  return is3 || isLater
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

/** The flags that each type of packet must have; 16 for any (section 2.1.3). */
const flags = [-1, 0, 0, 16, 0, 0, 2, 0, 2, 0, 2, 0, 0, 0, 0, 0]
/** Types that are 2 bytes, or 4. */
const sizes = new Map([
  [2, 2],
  [4, 2],
  [5, 2],
  [6, 2],
  [7, 2],
  [11, 2],
  [12, 0],
  [13, 0],
  [14, 0],
])
const leastPackets = 3

/** A capture that begins within a connection: packets one after the other to the end of what is there. */
function isPublishing(bytes: Uint8Array): boolean {
  let count = 0
  for (let at = 0; at < bytes.length; count++) {
    const [type, flag] = [u8(bytes, at) >> 4, u8(bytes, at) & 15]
    const { value, next } = remaining(bytes, at + 1)
    const wanted = flags[type]
    if (value < 0 || (wanted !== 16 && wanted !== flag) || value !== (sizes.get(type) ?? value)) return false
    at = next + value
  }
  return count >= leastPackets
}
