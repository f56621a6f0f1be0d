import { u8, u16 } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

/** MS-TDS, section 2.2.3: type, status, length, process, number, window. */
const [head, preLogin, login7, response] = [8, 0x12, 0x10, 0x04]

/** Microsoft SQL Server. */
export const tds: StreamProtocol = {
  name: 'tds',
  finds(asks, answers) {
    const isAsked = isPreLogin(asks, preLogin) || isLogin(asks)
    const isAnswered = answers.length === 0 || u8(answers, 0) === response
    return isAsked && isAnswered ? { name: 'tds' } : undefined
  },
}

function isPacket(bytes: Uint8Array, type: number): boolean {
  const [status, length] = [u8(bytes, 1), u16(bytes, 2)]
  return u8(bytes, 0) === type && (status === 0 || status === 1) && length > head && u8(bytes, 7) === 0
}

/** Section 2.2.6.5: options of 5 bytes, the first one the version, with offsets within the packet; 0xff ends them. */
function isPreLogin(bytes: Uint8Array, type: number): boolean {
  if (!isPacket(bytes, type) || u8(bytes, head) !== 0) return false
  const length = u16(bytes, 2) - head
  for (let at = head; at + 5 <= bytes.length; at += 5) {
    if (u8(bytes, at) === 0xff) return at > head
    if (u8(bytes, at) > 16 || u16(bytes, at + 1) + u16(bytes, at + 3) > length) return false
  }
  return false
}

/** Section 2.2.6.4: its length, little-endian, and a version from 7.0. */
function isLogin(bytes: Uint8Array): boolean {
  const length = u8(bytes, head) + u8(bytes, head + 1) * 256
  const major = u8(bytes, head + 7)
  return isPacket(bytes, login7) && length === u16(bytes, 2) - head && major >= 0x70 && major <= 0x74
}
