import { has, latin1, u8, u32 } from '../bytes.ts'
import { type Found, mostText, type StreamProtocol } from '../protocol.ts'

/** PostgreSQL's "Message Formats": what a connection begins with. A minor version may follow 3. */
const codes = { version3: 0x00030000, cancel: 80877102, ssl: 80877103, gss: 80877104 }
const mostStartup = 10_000

export const postgresql: StreamProtocol = {
  name: 'postgresql',
  finds(asks, answers) {
    const [length, code] = [u32(asks, 0), u32(asks, 4)]
    const isEncryption = (code === codes.ssl || code === codes.gss) && length === 8 && isChoice(answers)
    const isCancel = code === codes.cancel && length === 16 && asks.length === 16
    if (isEncryption || isCancel) return { name: 'postgresql' }
    const isVersion3 = code >>> 16 === codes.version3 >>> 16 && length >= 9 && length <= mostStartup
    return isVersion3 ? startup(asks, length) : undefined
  },
}

/** One byte: yes or no; or an old server's error. */
function isChoice(bytes: Uint8Array): boolean {
  return bytes.length === 0 || ['S', 'N', 'G', 'E'].some((letter) => has(bytes, 0, letter))
}

/** Names and values, each ended by a zero; a zero ends them all. `user` must be one. */
function startup(bytes: Uint8Array, length: number): Found | undefined {
  const fields = latin1(bytes, 8, length).split('\0')
  const at = fields.indexOf('user')
  const isWhole = bytes.length < length || u8(bytes, length - 1) === 0
  if (at < 0 || at % 2 === 1 || !isWhole) return undefined
  return { name: 'postgresql', own: { database_user: (fields[at + 1] ?? '').slice(0, mostText) } }
}
