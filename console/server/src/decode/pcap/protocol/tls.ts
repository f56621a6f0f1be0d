import { u8, u16, u24 } from '../bytes.ts'
import type { Found, StreamProtocol } from '../protocol.ts'
import { type Hello, helloAt, helloFields, type Manner, offered } from './tls-hello.ts'

const recordHead = 5
/** RFC 5246, section 6.2.3: 2^14 of plain text, and what encryption may add. */
const mostRecord = 16_384 + 2048
const types = { changeCipher: 20, alert: 21, handshake: 22, application: 23 }

const isVersion = (version: number) => version >= 0x0300 && version <= 0x0304
const manner: Manner = { head: 4, hasCookie: false, isVersion }

const versions = new Map([
  [0x0300, { protocol: 'ssl', text: '3.0' }],
  [0x0301, { protocol: 'tls', text: '1.0' }],
  [0x0302, { protocol: 'tls', text: '1.1' }],
  [0x0303, { protocol: 'tls', text: '1.2' }],
  [0x0304, { protocol: 'tls', text: '1.3' }],
])

export const tls: StreamProtocol = {
  name: 'tls',
  finds(asks, answers) {
    const [client, server] = [helloIn(asks), helloIn(answers)]
    if (client !== undefined || server !== undefined) return foundOf(client, server)
    return isOldHello(asks) || isMidway(asks, answers) ? { name: 'tls' } : undefined
  },
}

function foundOf(first: Hello | undefined, second: Hello | undefined): Found | undefined {
  const [client, server] = first?.isClient === false ? [second, first] : [first, second]
  if (client?.isClient === false || server?.isClient === true) return undefined
  const version = server?.version === undefined ? undefined : versions.get(server.version)
  return { name: 'tls', fields: helloFields(client, server, version), own: offered(client) }
}

function helloIn(bytes: Uint8Array): Hello | undefined {
  if (u8(bytes, 0) !== types.handshake || !isVersion(u16(bytes, 1))) return undefined
  const length = u16(bytes, 3)
  return length < 4 || length > mostRecord ? undefined : helloAt(bytes, recordHead, manner)
}

/** The hello of SSL 2 (RFC 5246, appendix E.2), with which clients of old begin: lengths must add up. */
function isOldHello(bytes: Uint8Array): boolean {
  const length = u16(bytes, 0)
  const version = u16(bytes, 3)
  if (length < 0x8000 || u8(bytes, 2) !== 1 || !(version === 2 || isVersion(version))) return false
  const [suites, session, challenge] = [u16(bytes, 5), u16(bytes, 7), u16(bytes, 9)]
  const isWhole = 9 + suites + session + challenge === (length & 0x7fff)
  return isWhole && suites % 3 === 0 && (session === 0 || session === 16) && challenge >= 16 && challenge <= 32
}

/**
 * A capture that begins within a connection: one record after the other, in every direction that there is. One alone must
 * end where its direction ends.
 */
function isMidway(asks: Uint8Array, answers: Uint8Array): boolean {
  const [one, two] = [recordsIn(asks), recordsIn(answers)]
  return one >= 0 && two >= 0 && one + two >= 2
}

/** Records, of which the last may be cut off; one that ends with the bytes counts for two, and −1 says that one is none. */
function recordsIn(bytes: Uint8Array): number {
  let count = 0
  let at = 0
  while (at + recordHead <= bytes.length) {
    const length = u16(bytes, at + 3)
    if (!isVersion(u16(bytes, at + 1)) || !isRecord(bytes, at, length)) return -1
    at += recordHead + length
    count++
  }
  if (at < bytes.length && !isBegin(bytes, at)) return -1
  return at === bytes.length && count > 0 ? count + 1 : count
}

/** Of a head that is cut off. */
function isBegin(bytes: Uint8Array, at: number): boolean {
  const type = u8(bytes, at)
  return type >= types.changeCipher && type <= types.application && [3, -1].includes(u8(bytes, at + 1))
}

function isRecord(bytes: Uint8Array, at: number, length: number): boolean {
  const type = u8(bytes, at)
  if (type === types.changeCipher) return length === 1
  // Two bytes in the clear, or encrypted with its checksum.
  if (type === types.alert) return length === 2 ? isAlert(u16(bytes, at + recordHead)) : length >= 18 && length < 256
  if (type === types.handshake) return length >= 4 && length <= mostRecord && isHandshake(bytes, at, length)
  return type === types.application && length <= mostRecord
}

function isAlert(value: number): boolean {
  return value < 0 || value >> 8 === 1 || value >> 8 === 2
}

/** Of a Finished that is encrypted: 16 bytes, and what the shortest cipher adds. */
const leastEncrypted = 32

/** In the clear it lies in its record, or goes on in others; encrypted it says nothing. */
function isHandshake(bytes: Uint8Array, at: number, length: number): boolean {
  return length >= leastEncrypted || u24(bytes, at + recordHead + 1) <= length - 4
}
