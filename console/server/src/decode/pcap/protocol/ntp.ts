import type { Datagram } from '../beginning.ts'
import { u8, u16, u32 } from '../bytes.ts'
import type { DatagramProtocol } from '../protocol.ts'

/** RFC 5905, section 7.3; 6 and 7 manage a server (RFC 9327, and ntpd's own). */
const modes = { symmetric: 1, client: 3, broadcast: 5, control: 6, private: 7 }
const head = 48
/** Keys and extensions beyond it are short. */
const longest = 512
/** Seconds from 1900 to 2000: a clock that was set says a later time. 0 says that there is none. */
const year2000 = 3_155_673_600

export const ntp: DatagramProtocol = {
  name: 'ntp',
  finds(asks, answers) {
    const modesSeen = [...asks, ...answers].map(modeOf)
    if (modesSeen.includes(-1)) return undefined
    return { name: 'ntp', ...(modesSeen.includes(modes.private) && { own: { ntp_mode: 'private' } }) }
  },
}

function modeOf({ bytes, length }: Datagram): number {
  const first = u8(bytes, 0)
  const [version, mode] = [(first >> 3) & 7, first & 7]
  if (first < 0 || version < 1 || version > 4) return -1
  if (mode >= modes.control && version < 2) return -1
  if (mode === modes.private) return isPrivate(bytes, length) ? mode : -1
  if (mode === modes.control) return isControl(bytes, length) ? mode : -1
  return mode >= modes.symmetric && mode <= modes.broadcast && isTime(bytes, length, mode) ? mode : -1
}

/** Stratum to 16, poll to 17, delay and dispersion of some seconds, and times that can be. */
function isTime(bytes: Uint8Array, length: number, mode: number): boolean {
  if (bytes.length < head || length < head || length > longest || length % 4 !== 0) return false
  if (u8(bytes, 1) > 16 || u8(bytes, 2) > 17 || u16(bytes, 4) > 16 || u16(bytes, 8) > 64) return false
  const [reference, originate, receive, transmit] = [16, 24, 32, 40].map((at) => u32(bytes, at))
  // A client may tell nothing and send a random number for its time (RFC 9769).
  if (mode === modes.client && reference === 0 && originate === 0 && receive === 0)
    return transmit !== 0 && isFollowed(bytes, length)
  const isSet = (time = 0) => time === 0 || time >= year2000
  return isSet(reference) && isSet(originate) && isSet(receive) && isSet(transmit) && transmit !== 0
}

/** Nothing, a key with its digest (RFC 5905, section 7.3), or an extension with its length. */
function isFollowed(bytes: Uint8Array, length: number): boolean {
  const extension = u16(bytes, head + 2)
  return [48, 52, 68, 72].includes(length) || (extension >= 16 && extension % 4 === 0 && head + extension <= length)
}

/** Operation, sequence, status, association, offset, then as many bytes as are told, filled up to words. */
function isControl(bytes: Uint8Array, length: number): boolean {
  const [flags, count] = [u8(bytes, 1), u16(bytes, 10)]
  const [operation, isAnswer] = [flags & 0x1f, (flags & 0x80) !== 0]
  const isHead = (u8(bytes, 0) & 0xc0) === 0 && operation >= 1 && operation <= 12 && u16(bytes, 2) > 0
  const isAsked = isAnswer || (flags < 0x20 && u16(bytes, 4) === 0 && u16(bytes, 8) === 0)
  return isHead && isAsked && count >= 0 && 12 + Math.ceil(count / 4) * 4 === length
}

/** `ntp_request.h` of ntpd: implementation 2 or 3; an answer holds items of one size that fill it. */
function isPrivate(bytes: Uint8Array, length: number): boolean {
  const isAnswer = (u8(bytes, 0) & 0x80) !== 0
  const [implementation, code] = [u8(bytes, 2), u8(bytes, 3)]
  const [items, size] = [u16(bytes, 4) & 0x0fff, u16(bytes, 6)]
  if (bytes.length < 8 || (implementation !== 2 && implementation !== 3) || code > 45) return false
  if (isAnswer) return size > 0 && items > 0 && items * size + 8 === length
  return u32(bytes, 4) === 0 && [8, 48, 184, 192].includes(length)
}
