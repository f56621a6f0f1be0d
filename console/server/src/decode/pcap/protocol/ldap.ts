import type { Datagram } from '../beginning.ts'
import { u8 } from '../bytes.ts'
import type { DatagramProtocol, StreamProtocol } from '../protocol.ts'
import { elementAt, inner, integerOf, tag } from './ber.ts'

/** RFC 4511: operations by their tag, and the tag that their content begins with; 0 for none that is sure. */
const operations = new Map([
  [0x60, tag.integer], // bind request: its version
  [0x61, tag.enumerated], // bind response
  [0x42, 0], // unbind request: empty
  [0x63, tag.octets], // search request: its base
  [0x64, tag.octets], // search result entry: its name
  [0x65, tag.enumerated], // search result done
  [0x73, tag.octets], // search result reference
  [0x66, tag.octets], // modify request
  [0x67, tag.enumerated],
  [0x68, tag.octets], // add request
  [0x69, tag.enumerated],
  [0x6b, tag.enumerated],
  [0x6c, tag.octets],
  [0x6d, tag.enumerated],
  [0x6e, tag.octets],
  [0x6f, tag.enumerated],
  [0x77, 0x80], // extended request: its name
  [0x78, tag.enumerated], // extended response
])

export const ldapStream: StreamProtocol = {
  name: 'ldap',
  finds(asks, answers) {
    const all = [asks, answers].filter(({ length }) => length > 0)
    return all.every((bytes) => messageEnd(bytes) > 0) ? { name: 'ldap' } : undefined
  },
}

/** Connectionless, as domain controllers are looked for. */
export const ldapDatagrams: DatagramProtocol = {
  name: 'ldap',
  finds(asks, answers) {
    return [...asks, ...answers].every(isMessage) ? { name: 'ldap' } : undefined
  },
}

/** Answers may follow each other in one datagram. */
function isMessage({ bytes, length }: Datagram): boolean {
  const end = messageEnd(bytes)
  return end > 0 && end <= length
}

/** Where the first message ends; 0 where there is none. */
function messageEnd(bytes: Uint8Array): number {
  const message = elementAt(bytes, 0)
  const id = message?.tag === tag.sequence ? inner(bytes, message, tag.integer) : undefined
  if (message === undefined || id === undefined || integerOf(bytes, id) < 0) return 0
  const operation = elementAt(bytes, id.to)
  if (operation === undefined || operation.to > message.to) return 0
  const first = operations.get(operation.tag)
  if (first === undefined) return 0
  if (first === 0) return operation.from === operation.to ? message.to : 0
  return u8(bytes, operation.from) === first && isWhole(bytes, operation.from, operation.to) ? message.to : 0
}

function isWhole(bytes: Uint8Array, at: number, to: number): boolean {
  const element = elementAt(bytes, at)
  return element !== undefined && element.to <= to
}
