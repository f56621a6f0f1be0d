import type { Datagram } from '../beginning.ts'
import { u8, u16, u24 } from '../bytes.ts'
import type { DatagramProtocol } from '../protocol.ts'
import { type Hello, helloAt, helloFields, type Manner, offered } from './tls-hello.ts'

const recordHead = 13
const handshakeHead = 12
const handshake = 22
/** Counts how often keys were agreed. */
const mostEpoch = 255

/** DTLS 1.0, 1.2, 1.3, and OpenSSL's before there was a standard. */
const versions = new Map([
  [0xfeff, { protocol: 'dtls', text: '1.0' }],
  [0xfefd, { protocol: 'dtls', text: '1.2' }],
  [0xfefc, { protocol: 'dtls', text: '1.3' }],
  [0x0100, { protocol: 'dtls', text: '1.0' }],
])

const isVersion = (version: number) => versions.has(version)
const manner: Manner = { head: handshakeHead, hasCookie: true, isVersion }

export const dtls: DatagramProtocol = {
  name: 'dtls',
  finds(asks, answers) {
    const all = [...asks, ...answers]
    if (!all.some(isWhole)) return undefined
    const hellos = all.filter(isWhole).flatMap(({ bytes }) => helloIn(bytes) ?? [])
    const [client, server] = [hellos.find(({ isClient }) => isClient), hellos.find(({ isClient }) => !isClient)]
    const version = server?.version === undefined ? undefined : versions.get(server.version)
    return { name: 'dtls', fields: helloFields(client, server, version), own: offered(client) }
  },
}

/** RFC 6347, section 4.1: records that fill the datagram to its last byte. */
function isWhole({ bytes, length }: Datagram): boolean {
  let at = 0
  while (at < bytes.length) {
    const type = u8(bytes, at)
    const [epoch, size] = [u16(bytes, at + 3), u16(bytes, at + 11)]
    if (type < 20 || type > 25 || !isVersion(u16(bytes, at + 1)) || size <= 0 || epoch > mostEpoch) return false
    if (type === handshake && epoch === 0 && !isHandshake(bytes, at + recordHead, size)) return false
    at += recordHead + size
  }
  return at > 0 && (at === length || (bytes.length < length && at > bytes.length))
}

/** The piece lies within its message, and within its record. */
function isHandshake(bytes: Uint8Array, at: number, size: number): boolean {
  const [length, offset, piece] = [u24(bytes, at + 1), u24(bytes, at + 6), u24(bytes, at + 9)]
  return offset + piece <= length && piece + handshakeHead <= size
}

function helloIn(bytes: Uint8Array): Hello | undefined {
  if (u8(bytes, 0) !== handshake || u16(bytes, 3) !== 0) return undefined
  return helloAt(bytes, recordHead, manner)
}
