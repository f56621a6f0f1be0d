import type { Datagram } from '../beginning.ts'
import { u16, u32 } from '../bytes.ts'
import type { DatagramProtocol, StreamProtocol } from '../protocol.ts'

/** RFC 8489, section 5. */
const [head, cookie] = [20, 0x2112a442]

export const stunDatagrams: DatagramProtocol = {
  name: 'stun',
  finds(asks, answers) {
    // Media that is caught midway has messages of it too, to keep the way open.
    return isFirst(asks) || isFirst(answers) ? { name: 'stun' } : undefined
  },
}

function isFirst([first]: readonly Datagram[]): boolean {
  return first !== undefined && isMessage(first.bytes, first.length)
}

/** RFC 8489, section 6.2.2: messages one after the other, or each after its length (RFC 4571). */
export const stunStream: StreamProtocol = {
  name: 'stun',
  finds: (asks, answers) => (isOnStream(asks) || isOnStream(answers) ? { name: 'stun' } : undefined),
}

function isOnStream(bytes: Uint8Array): boolean {
  if (u32(bytes, 4) === cookie) return isMessage(bytes, head + u16(bytes, 2))
  return u32(bytes, 6) === cookie && isMessage(bytes.subarray(2), u16(bytes, 0))
}

/** Without the cookie (RFC 3489) the type must be one of those, and the attributes known. */
function isMessage(bytes: Uint8Array, length: number): boolean {
  const [type, size] = [u16(bytes, 0), u16(bytes, 2)]
  if (type < 0 || type >= 0x4000 || size % 4 !== 0 || size + head !== length) return false
  const isNew = u32(bytes, 4) === cookie
  if (!isNew && !classicTypes.has(type)) return false
  return isAttributes(bytes, length, isNew)
}

const classicTypes = new Set([0x0001, 0x0101, 0x0111, 0x0002, 0x0102, 0x0112, 0x0003, 0x0103, 0x0113, 0x0004, 0x0115])
/** RFC 3489 section 11.2, and the early TURN that Microsoft uses (MS-TURN section 2.2.2). */
const classicAttributes = new Set([
  ...Array.from({ length: 0x0b }, (_, i) => i + 1),
  ...[
    0x0d, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x20, 0x8006, 0x8008, 0x8020, 0x8022, 0x8028, 0x8029, 0x8050,
    0x8070,
  ],
])

/** Type, length, value, up to the last byte. */
function isAttributes(bytes: Uint8Array, to: number, isNew: boolean): boolean {
  let at = head
  while (at + 4 <= bytes.length && at < to) {
    if (!isNew && !classicAttributes.has(u16(bytes, at))) return false
    at += 4 + Math.ceil(u16(bytes, at + 2) / 4) * 4
  }
  return at === to || (bytes.length < to && at <= to) ? isNew || to > head : false
}
