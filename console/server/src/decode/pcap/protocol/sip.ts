import type { Datagram } from '../beginning.ts'
import { line, u8 } from '../bytes.ts'
import type { DatagramProtocol, StreamProtocol } from '../protocol.ts'

/** RFC 3261, section 7: a request or a status line. */
const sipLine = /^(?:[A-Z]{3,10} (?:sips?|tel|urn):\S{1,1000} SIP\/2\.0|SIP\/2\.0 [1-6]\d\d(?: .*)?)$/
/** RFC 2326, section 6, and RFC 7826. */
const rtspLine = /^(?:[A-Z_]{4,13} (?:rtspu?:\/\/\S{1,1000}|\*) RTSP\/[12]\.0|RTSP\/[12]\.0 [1-5]\d\d(?: .*)?)$/

export const sipStream = textual('sip', sipLine)
export const rtsp = textual('rtsp', rtspLine)

export const sipDatagrams: DatagramProtocol = {
  name: 'sip',
  finds(asks, answers) {
    const isSip = ({ bytes }: Datagram) => begins(bytes, sipLine)
    return [...asks, ...answers].some(isSip) ? { name: 'sip' } : undefined
  },
}

function textual(name: string, form: RegExp): StreamProtocol {
  return {
    name,
    finds: (asks, answers) => (begins(asks, form) || begins(answers, form) ? { name } : undefined),
  }
}

function begins(bytes: Uint8Array, form: RegExp): boolean {
  const first = u8(bytes, 0)
  // Methods and versions are in capitals.
  if (first < 65 || first > 90) return false
  return form.test(line(bytes, 0) ?? '')
}
