import { isPrintable, u8, u16 } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

/** SOCKS 4, 4a and 5 (RFC 1928). Short as they are, both sides must agree. */
export const socks: StreamProtocol = {
  name: 'socks',
  finds(asks, answers) {
    if (isVersion5(asks, answers)) return { name: 'socks', own: { socks_version: '5' } }
    return isVersion4(asks, answers) ? { name: 'socks', own: { socks_version: '4' } } : undefined
  },
}

const noneAcceptable = 0xff

/** Methods are offered, the server takes one of them; then the request says what to connect to. */
function isVersion5(asks: Uint8Array, answers: Uint8Array): boolean {
  const count = u8(asks, 1)
  if (u8(asks, 0) !== 5 || count < 1 || count > 16 || u8(answers, 0) !== 5) return false
  const chosen = u8(answers, 1)
  if (chosen === noneAcceptable) return asks.length === 2 + count && answers.length === 2
  if (!asks.subarray(2, 2 + count).includes(chosen)) return false
  const at = 2 + count
  if (asks.length === at) return answers.length === 2
  // With a password first (RFC 1929), or at once.
  return chosen === 2 ? u8(asks, at) === 1 : isRequest5(asks, at)
}

/** Connect, bind or associate; 0; an address of IPv4, a name, or of IPv6. */
function isRequest5(bytes: Uint8Array, at: number): boolean {
  const [command, kind] = [u8(bytes, at + 1), u8(bytes, at + 3)]
  return u8(bytes, at) === 5 && command >= 1 && command <= 3 && u8(bytes, at + 2) === 0 && [1, 3, 4].includes(kind)
}

/** Version, command, port, address, a user that a zero ends; the answer has 8 bytes: 0, and granted or why not. */
function isVersion4(asks: Uint8Array, answers: Uint8Array): boolean {
  const command = u8(asks, 1)
  const end = asks.indexOf(0, 8)
  const isAsked = u8(asks, 0) === 4 && (command === 1 || command === 2) && end >= 8 && isPrintable(asks, 8, end)
  const code = u8(answers, 1)
  return isAsked && u16(asks, 2) > 0 && u8(answers, 0) === 0 && code >= 90 && code <= 93 && answers.length >= 8
}
