import { has, latin1, u8, u16, u16le } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

/** TPKT (RFC 1006), then a request or confirmation of a connection of X.224. */
const [x224Request, x224Confirm] = [0xe0, 0xd0]
const cookie = 'Cookie: mstshash='
const negotiation = { request: 1, response: 2, failure: 3 }

/**
 * MS-RDPBCGR, sections 2.2.1.1 and 2.2.1.2. Many protocols begin with X.224; that of RDP is class 0 and names a user or
 * negotiates its security.
 */
export const rdp: StreamProtocol = {
  name: 'rdp',
  finds(asks, answers) {
    const name = cookieIn(asks)
    const isAsked = name !== undefined || isNegotiation(asks, x224Request)
    if (!isAsked && !isNegotiation(answers, x224Confirm)) return undefined
    return { name: 'rdp', ...(name !== undefined && name !== '' && { own: { rdp_cookie: name } }) }
  },
}

function isConnection(bytes: Uint8Array, type: number): boolean {
  const length = u16(bytes, 2)
  return (
    u16(bytes, 0) === 0x0300 &&
    u8(bytes, 4) === length - 5 &&
    u8(bytes, 5) === type &&
    u8(bytes, 10) === 0 &&
    length >= 11 &&
    length <= bytes.length
  )
}

function cookieIn(bytes: Uint8Array): string | undefined {
  if (!isConnection(bytes, x224Request) || !has(bytes, 11, cookie)) return undefined
  const end = bytes.indexOf(13, 11)
  return end < 0 ? undefined : latin1(bytes, 11 + cookie.length, end)
}

/** The last 8 bytes: type, flags, length 8, protocols. */
function isNegotiation(bytes: Uint8Array, type: number): boolean {
  if (!isConnection(bytes, type)) return false
  const at = u16(bytes, 2) - 8
  const kind = u8(bytes, at)
  const isKind =
    type === x224Request ? kind === negotiation.request : kind === negotiation.response || kind === negotiation.failure
  return at >= 11 && isKind && u16le(bytes, at + 2) === 8
}
