import type { Datagram } from '../beginning.ts'
import { u8, u32 } from '../bytes.ts'
import type { DatagramProtocol, Found, StreamProtocol } from '../protocol.ts'
import { type Element, elementAt, inner, integerOf, tag } from './ber.ts'

/** RFC 4120, section 5: the tag of an application is 0x60 and the number of the message, which stands within once more. */
const messages = new Map([
  [10, 'AS-REQ'],
  [11, 'AS-REP'],
  [12, 'TGS-REQ'],
  [13, 'TGS-REP'],
  [14, 'AP-REQ'],
  [15, 'AP-REP'],
  [30, 'KRB-ERROR'],
])

/** Each message after its length (section 7.2.2). */
export const kerberosStream: StreamProtocol = {
  name: 'kerberos',
  finds(asks, answers) {
    return foundOf([asks, answers].map((bytes) => messageAt(bytes, 4, u32(bytes, 0) + 4)))
  },
}

export const kerberosDatagrams: DatagramProtocol = {
  name: 'kerberos',
  finds(asks, answers) {
    return foundOf([...asks, ...answers].map(({ bytes, length }: Datagram) => messageAt(bytes, 0, length)))
  },
}

function foundOf(types: readonly (number | undefined)[]): Found | undefined {
  const known = types.flatMap((type) => messages.get(type ?? 0) ?? [])
  return known.length === 0 ? undefined : { name: 'kerberos', own: { kerberos_messages: known } }
}

function messageAt(bytes: Uint8Array, at: number, to: number): number | undefined {
  const outer = elementAt(bytes, at)
  if (outer === undefined || outer.to !== to || !messages.has(outer.tag - 0x60)) return undefined
  const type = outer.tag - 0x60
  const body = inner(bytes, outer, tag.sequence)
  if (body === undefined || body.to !== outer.to) return undefined
  // Requests to a key server number their fields from 1, all others from 0.
  const first = u8(bytes, body.from)
  const version = inner(bytes, body, first)
  const kind = version && inner(bytes, body, first + 1, version.to)
  const isNumbered = first === (type === 10 || type === 12 ? 0xa1 : 0xa0)
  return isNumbered && valueIn(bytes, version) === 5 && valueIn(bytes, kind) === type ? type : undefined
}

const valueIn = (bytes: Uint8Array, outer: Element | undefined) => integerOf(bytes, inner(bytes, outer, tag.integer))
