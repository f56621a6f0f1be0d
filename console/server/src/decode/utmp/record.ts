import { formatIpv6, toIp } from '../address.ts'
import { toText } from '../text.ts'
import { instant } from '../time.ts'

/** `struct utmp` where glibc keeps 32-bit times in it (x86, 32-bit ARM; utmp(5)), little-endian. */
export const recordBytes = 384

const at = {
  type: 0,
  pid: 4,
  line: 8,
  user: 44,
  host: 76,
  exit: 332,
  session: 336,
  seconds: 340,
  micros: 344,
  address: 348,
}

/** `ut_type` by its number. */
const types = [
  'empty',
  'run-level',
  'boot',
  'new-time',
  'old-time',
  'init',
  'login',
  'user',
  'dead',
  'accounting',
] as const

export interface Login {
  type: (typeof types)[number]
  pid: number
  terminal: string
  user: string
  /** Name or address of the other end, or what else the writer put there. */
  host: string
  /** Only of a session that ended: what ended it, and what it returned. */
  exit: { signal: number; code: number }
  session: number
  /** RFC 3339 in UTC; undefined where it says 0. */
  at: string | undefined
  ip: string | undefined
}

/** Undefined for bytes that are no record. */
export function readLogin(bytes: Uint8Array): Login | undefined {
  if (bytes.length !== recordBytes) return undefined
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const type = types[data.getInt16(at.type, true)]
  const [seconds, micros] = [data.getUint32(at.seconds, true), data.getInt32(at.micros, true)]
  if (type === undefined || micros < 0 || micros > 999_999) return undefined
  return {
    type,
    pid: data.getInt32(at.pid, true),
    terminal: textAt(bytes, at.line, 32),
    user: textAt(bytes, at.user, 32),
    host: textAt(bytes, at.host, 256),
    exit: { signal: data.getInt16(at.exit, true), code: data.getInt16(at.exit + 2, true) },
    session: data.getInt32(at.session, true),
    at: seconds === 0 ? undefined : instant(seconds, String(micros).padStart(6, '0')),
    ip: addressAt(data),
  }
}

/** Up to the first NUL; a field that is full has none. */
function textAt(bytes: Uint8Array, from: number, length: number): string {
  const field = bytes.subarray(from, from + length)
  const end = field.indexOf(0)
  return toText(end < 0 ? field : field.subarray(0, end))
}

/** `ut_addr_v6` in network order; an IPv4 address fills the first of its four words. */
function addressAt(data: DataView): string | undefined {
  const words = [0, 4, 8, 12].map((offset) => data.getUint32(at.address + offset))
  if (words.every((word) => word === 0)) return undefined
  if (words.slice(1).every((word) => word === 0)) {
    const [word = 0] = words
    return [24, 16, 8, 0].map((bits) => (word >>> bits) & 0xff).join('.')
  }
  return toIp(formatIpv6(words.flatMap((word) => [word >>> 16, word & 0xffff])))
}

/**
 * True when bytes look like records one after the other: types that exist, microseconds that are some, nothing in the
 * reserved bytes at the end, and not all of it empty. A last record may be torn.
 */
export function looksLikeLogins(sample: Uint8Array): boolean {
  const count = Math.floor(sample.length / recordBytes)
  let used = 0
  for (let i = 0; i < count; i++) {
    const record = sample.subarray(i * recordBytes, (i + 1) * recordBytes)
    const login = readLogin(record)
    const isPadded = record[2] === 0 && record[3] === 0 && record.subarray(364).every((byte) => byte === 0)
    if (login === undefined || !isPadded) return false
    if (login.type !== 'empty' || login.at !== undefined) used++
  }
  return used > 0
}
