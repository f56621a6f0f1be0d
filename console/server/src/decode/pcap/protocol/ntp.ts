import type { Datagram } from '../beginning.ts'
import { u8, u16, u32 } from '../bytes.ts'
import type { DatagramProtocol } from '../protocol.ts'

/** RFC 5905, section 7.3: the header, then key and digest, or extensions of words. */
const head = 48
const modes = { symmetric: 1, passive: 2, client: 3, server: 4, broadcast: 5 }
/** Seconds from 1900 to 2000: what keeps time was not set before. 0 says that there is none. */
const year2000 = 3_155_673_600

export const ntp: DatagramProtocol = {
  name: 'ntp',
  finds(asks, answers) {
    return [...asks, ...answers].every(isNtp) ? { name: 'ntp' } : undefined
  },
}

function isNtp({ bytes, length }: Datagram): boolean {
  const first = u8(bytes, 0)
  const [version, mode] = [(first >> 3) & 7, first & 7]
  const isForm = bytes.length >= head && length >= head && length <= 512 && length % 4 === 0
  if (!isForm || version < 1 || version > 4 || mode < modes.symmetric || mode > modes.broadcast) return false
  const [stratum, poll] = [u8(bytes, 1), u8(bytes, 2)]
  if (stratum > 16 || poll > 17) return false
  // Precision is a power of two below 1; delay and dispersion are seconds with a fraction of 16 bits.
  const precision = u8(bytes, 3)
  if (precision !== 0 && precision < 0xe0 && !isUnset(bytes, mode)) return false
  if (u16(bytes, 4) > 16 || u16(bytes, 8) > 64) return false
  const times = [16, 24, 32, 40].map((at) => u32(bytes, at))
  // A client may send a random number for its time (RFC 9769); all else is unset then.
  if (mode === modes.client && times.slice(0, 3).every((time) => time === 0)) return isUnset(bytes, mode)
  return times.every((time) => time === 0 || time >= year2000) && (times[3] ?? 0) !== 0
}

/** A client without a clock of its own fills in only what it must. */
function isUnset(bytes: Uint8Array, mode: number): boolean {
  return mode === modes.client && u32(bytes, 12) <= 0xffffffff && u16(bytes, 4) <= 16
}
