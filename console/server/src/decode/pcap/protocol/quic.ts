import type { Datagram } from '../beginning.ts'
import { latin1, u8, u16, u32 } from '../bytes.ts'
import type { DatagramProtocol } from '../protocol.ts'

const [longForm, fixedBit, longestId] = [0x80, 0x40, 20]
/** Drafts with the header of the standard. */
const [firstDraft, lastDraft] = [22, 34]

/**
 * RFC 9000, section 17, and the versions before it. Names are encrypted, with keys that follow from the packet, but
 * decoders have no ciphers: only the version is told.
 */
export const quic: DatagramProtocol = {
  name: 'quic',
  finds(asks, answers) {
    for (const datagram of [...asks, ...answers]) {
      const version = longVersion(datagram) ?? googleVersion(datagram)
      if (version !== undefined) return { name: 'quic', own: { quic_version: version } }
    }
    return undefined
  },
}

/** A long header: version, both connection ids, and what the type of the packet asks for. */
function longVersion({ bytes, length }: Datagram): string | undefined {
  const first = u8(bytes, 0)
  if (first < longForm) return undefined
  const version = u32(bytes, 1)
  const name = nameOf(version)
  if (name === undefined || length < 21) return undefined
  if (isOldIds(version)) return isOldHeader(bytes) ? name : undefined
  const destination = u8(bytes, 5)
  const source = u8(bytes, 6 + destination)
  const isIds = destination >= 0 && destination <= longestId && source >= 0 && source <= longestId
  if (!isIds || (first & fixedBit) === 0) return undefined
  return isBody(bytes, { first, at: 7 + destination + source, length, version }) ? name : undefined
}

function nameOf(version: number): string | undefined {
  if (version === 1) return '1'
  if (version === 0x6b3343cf) return '2'
  const draft = version - 0xff000000
  if (draft >= firstDraft && draft <= lastDraft) return `draft-${draft}`
  // Facebook's mvfst.
  if (version >>> 4 === 0xfaceb00) return `mvfst-${(version & 15).toString(16)}`
  const text = String.fromCharCode(version >>> 24, (version >>> 16) & 255, (version >>> 8) & 255, version & 255)
  return /^[QT]0\d\d$/.test(text) ? text : undefined
}

/** Up to Q049 one byte holds the lengths of both ids, less 3. */
function isOldIds(version: number): boolean {
  return (version >>> 8 === q04 && (version & 0xff) <= nine) || version === 0xfaceb001
}

/** `Q04` and `9`. */
const [q04, nine] = [0x513034, 0x39]

function isOldHeader(bytes: Uint8Array): boolean {
  const lengths = u8(bytes, 5)
  const one = (nibble: number) => nibble === 0 || nibble >= 5
  return lengths > 0 && one(lengths >> 4) && one(lengths & 15)
}

const [initial, zeroRtt, handshake] = [0, 1, 2]

/** A packet is not longer than its datagram; that of a client's first one must be 1200 bytes. */
function isBody(
  bytes: Uint8Array,
  { first, at, length, version }: { first: number; at: number; length: number; version: number },
): boolean {
  const type = version === 0x6b3343cf ? (((first >> 4) & 3) + 3) & 3 : (first >> 4) & 3
  // A retry says nothing that can be checked, and answers a packet that says enough.
  if (type !== initial && type !== zeroRtt && type !== handshake) return false
  const token = type === initial ? variable(bytes, at) : { value: 0, next: at }
  const body = token && variable(bytes, token.next + token.value)
  return body !== undefined && body.value >= 20 && body.next + body.value <= length
}

/** RFC 9000, section 16: the two highest bits say how long the number is. */
function variable(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  const first = u8(bytes, at)
  if (first < 0) return undefined
  if (first < 0x40) return { value: first, next: at + 1 }
  if (first < 0x80) return at + 2 > bytes.length ? undefined : { value: u16(bytes, at) & 0x3fff, next: at + 2 }
  if (first < 0xc0) return at + 4 > bytes.length ? undefined : { value: u32(bytes, at) & 0x3fffffff, next: at + 4 }
  return undefined
}

/** Google's QUIC before Q046: flags, the id of the connection, the version; the first message of a client is CHLO. */
function googleVersion({ bytes }: Datagram): string | undefined {
  const flags = u8(bytes, 0)
  const hasVersion = (flags & 0xc1) === 0x01 && (flags & 0x08) !== 0
  const version = latin1(bytes, 9, 13)
  if (!hasVersion || !/^Q0[1-4]\d$/.test(version)) return undefined
  // Behind the packet's number, a hash, and the head of a frame.
  return latin1(bytes, 13, 48).includes('CHLO') ? version : undefined
}
