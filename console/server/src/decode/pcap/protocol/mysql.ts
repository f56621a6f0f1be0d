import { isPrintable, latin1, u8, u24le } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

/**
 * The server greets (MySQL's "Protocol::HandshakeV10"): a packet with number 0, version 10, the server's version as text, a
 * thread, 8 bytes of a challenge, a zero. Or it refuses: error 0xff.
 */
export const mysql: StreamProtocol = {
  name: 'mysql',
  finds(_, answers) {
    const version = versionIn(answers)
    return version === undefined ? undefined : { name: 'mysql', own: { server_banner: version } }
  },
}

const longestVersion = 100

function versionIn(bytes: Uint8Array): string | undefined {
  const length = u24le(bytes, 0)
  if (u8(bytes, 3) !== 0 || u8(bytes, 4) !== 10 || length < 34 || length > 512) return undefined
  const end = bytes.subarray(0, 5 + longestVersion).indexOf(0, 5)
  const isText = end > 6 && isPrintable(bytes, 5, end) && u8(bytes, 5) >= 48 && u8(bytes, 5) <= 57
  // The zero behind the challenge.
  return isText && u8(bytes, end + 13) === 0 && end < length + 4 ? latin1(bytes, 5, end) : undefined
}
