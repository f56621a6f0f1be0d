import type { Datagram } from '../beginning.ts'
import { isPrintable } from '../bytes.ts'
import type { DatagramProtocol } from '../protocol.ts'
import { elementAt, inner, integerOf, tag } from './ber.ts'

const versions = new Map([
  [0, '1'],
  [1, '2c'],
  [3, '3'],
])

export const snmp: DatagramProtocol = {
  name: 'snmp',
  finds(asks, answers) {
    const found = [...asks, ...answers].map(versionOf)
    const [version] = found
    if (version === undefined || found.includes(undefined)) return undefined
    return { name: 'snmp', own: { snmp_version: version } }
  },
}

/** RFC 1157 and 3416: version, community, request. RFC 3412: version, header, security parameters, data. */
function versionOf({ bytes, length }: Datagram): string | undefined {
  const message = elementAt(bytes, 0)
  if (message?.tag !== tag.sequence || message.to !== length) return undefined
  const number = inner(bytes, message, tag.integer)
  const version = versions.get(integerOf(bytes, number))
  if (number === undefined || version === undefined) return undefined
  if (version === '3') {
    const header = inner(bytes, message, tag.sequence, number.to)
    return header !== undefined && inner(bytes, message, tag.octets, header.to) !== undefined ? version : undefined
  }
  const community = inner(bytes, message, tag.octets, number.to)
  if (community === undefined || !isPrintable(bytes, community.from, community.to)) return undefined
  const request = elementAt(bytes, community.to)
  const isRequest = request !== undefined && request.tag >= 0xa0 && request.tag <= 0xa8
  return isRequest && request.to === message.to ? version : undefined
}
