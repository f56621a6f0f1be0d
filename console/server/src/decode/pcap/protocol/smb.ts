import { has, u8, u16le, u24 } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

/** MS-SMB2 section 2.2.4. */
const dialects = new Map([
  [0x0202, '2.0.2'],
  [0x0210, '2.1'],
  [0x02ff, '2.x'],
  [0x0300, '3.0'],
  [0x0302, '3.0.2'],
  [0x0311, '3.1.1'],
])

const [sessionHead, sessionRequest, header2] = [4, 0x81, 64]
/** SMB 1, 2 and 3, 3 encrypted, 3 compressed. */
const marks = ['\xffSMB', '\xfeSMB', '\xfdSMB', '\xfcSMB']

/** Over the session service of NetBIOS (RFC 1002, section 4.3) or directly over TCP, which has the same head. */
export const smb: StreamProtocol = {
  name: 'smb',
  finds(asks, answers) {
    const [ask, answer] = [messageAt(asks), messageAt(answers)]
    if (ask < 0 && answer < 0) return undefined
    const dialect =
      dialectOf(answers, answer) ?? (isVersion1(asks, ask) || isVersion1(answers, answer) ? '1' : undefined)
    return { name: 'smb', ...(dialect !== undefined && { own: { smb_dialect: dialect } }) }
  },
}

/** Where the first message begins, after its length; −1 where there is none. */
function messageAt(bytes: Uint8Array): number {
  const first = u8(bytes, 0)
  // A session is asked for (two names of 34 bytes) and granted first.
  const at = first === sessionRequest ? 72 : first === 0x82 ? 4 : 0
  const length = u24(bytes, at + 1)
  const isMessage = u8(bytes, at) === 0 && length >= 32 && marks.some((mark) => has(bytes, at + sessionHead, mark))
  return isMessage ? at + sessionHead : -1
}

const isVersion1 = (bytes: Uint8Array, at: number) => at >= 0 && has(bytes, at, marks[0] ?? '')

/** The server's choice stands in the answer to the first command, number 0. */
function dialectOf(bytes: Uint8Array, at: number): string | undefined {
  const isNegotiation = at >= 0 && has(bytes, at, marks[1] ?? '') && u16le(bytes, at + 12) === 0
  return isNegotiation && u16le(bytes, at + header2) === 65 ? dialects.get(u16le(bytes, at + header2 + 4)) : undefined
}
