import { has, isPrintable, latin1, u8, u32 } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

/** PostgreSQL's "Message Formats": requests that a connection begins with, each 8 bytes long or longer. */
const codes = { version3: 0x00030000, cancel: 80877102, ssl: 80877103, gss: 80877104 }

export const postgresql: StreamProtocol = {
  name: 'postgresql',
  finds(asks, answers) {
    const code = u32(asks, 4)
    const length = u32(asks, 0)
    if (code === codes.ssl || code === codes.gss)
      return length === 8 && isChoice(answers) ? { name: 'postgresql' } : undefined
    if (code === codes.cancel) return length === 16 && asks.length === 16 ? { name: 'postgresql' } : undefined
    if (code >>> 16 === 3 && code >= codes.version3 && length >= 9 && length <= 10_000) return startup(asks, length)
    return isMidway(asks, answers) ? { name: 'postgresql' } : undefined
  },
}

/** One byte: yes or no; or an old server's error. */
const isChoice = (bytes: Uint8Array) =>
  bytes.length === 0 || ['S', 'N', 'G', 'E'].some((letter) => has(bytes, 0, letter))

/** Names and values, each ended by a zero; a zero ends them all. `user` must be one. */
function startup(bytes: Uint8Array, length: number) {
  const fields = latin1(bytes, 8, length).split('\0')
  const at = fields.indexOf('user')
  const isWhole = bytes.length < length || u8(bytes, length - 1) === 0
  if (at < 0 || at % 2 === 1 || !isWhole) return undefined
  return { name: 'postgresql', own: { database_user: fields[at + 1] ?? '' } }
}

/** Messages of a server: a letter, its length, and the next. */
const serverTypes = new Set('RKSZTDCENnt123IAGHsVvWc'.split(''))
const clientTypes = new Set('QPBDESXCpHfdcF'.split(''))

function isMidway(asks: Uint8Array, answers: Uint8Array): boolean {
  return chain(asks, clientTypes) + chain(answers, serverTypes) >= 3 && chain(asks, clientTypes) > 0 && isQuery(asks)
}

/** A client asks in text. */
function isQuery(bytes: Uint8Array): boolean {
  const end = u32(bytes, 1)
  return (
    (has(bytes, 0, 'Q') || has(bytes, 0, 'P')) &&
    end >= 5 &&
    u8(bytes, end) === 0 &&
    isPrintable(bytes, 6, Math.min(end, 12))
  )
}

/** Messages one after the other; 0 where something is none. */
function chain(bytes: Uint8Array, types: ReadonlySet<string>): number {
  let count = 0
  for (let at = 0; at + 5 <= bytes.length; count++) {
    const length = u32(bytes, at + 1)
    if (!types.has(latin1(bytes, at, at + 1)) || length < 4 || length > 1_000_000) return 0
    at += 1 + length
  }
  return count
}
