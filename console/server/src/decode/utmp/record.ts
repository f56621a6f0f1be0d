import { formatIpv6, toIp } from '../address.ts'
import { nulText } from '../text.ts'
import { instant } from '../time.ts'
import { type Layout, type LoginType, layouts } from './layout.ts'

export interface Login {
  type: LoginType
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

/** Undefined for bytes that are no record. The length and the byte order of its type tell which system wrote it. */
export function readLogin(bytes: Uint8Array): Login | undefined {
  for (const layout of layouts) {
    const login = layout.bytes === bytes.length ? readAs(bytes, layout) : undefined
    if (login !== undefined) return login
  }
  return undefined
}

function readAs(bytes: Uint8Array, layout: Layout): Login | undefined {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const { isLittle, line, user, host, exit, session } = layout
  const type = layout.types[data.getInt16(layout.type, isLittle)]
  const [counted, micros] = [integerAt(data, layout.seconds, isLittle), integerAt(data, layout.micros, isLittle)]
  // Those of 32 bits go on after 2038.
  const seconds = layout.seconds.size === 4 ? counted >>> 0 : counted
  if (type === undefined || micros < 0 || micros > 999_999) return undefined
  return {
    type,
    pid: data.getInt32(layout.pid, isLittle),
    terminal: nulText(bytes, line.at, line.length),
    user: nulText(bytes, user.at, user.length),
    host: nulText(bytes, host.at, host.length),
    exit:
      exit === undefined
        ? { signal: 0, code: 0 }
        : { signal: data.getInt16(exit, isLittle), code: data.getInt16(exit + 2, isLittle) },
    session: session === undefined ? 0 : integerAt(data, session, isLittle),
    at: seconds === 0 ? undefined : instant(seconds, String(micros).padStart(6, '0')),
    ip: layout.address === undefined ? undefined : addressAt(data, layout.address),
  }
}

function integerAt(data: DataView, { at, size }: Layout['seconds'], isLittle: boolean): number {
  return size === 4 ? data.getInt32(at, isLittle) : Number(data.getBigInt64(at, isLittle))
}

/** `ut_addr_v6` in network order; an IPv4 address fills the first of its four words. */
function addressAt(data: DataView, at: number): string | undefined {
  const words = [0, 4, 8, 12].map((offset) => data.getUint32(at + offset))
  if (words.every((word) => word === 0)) return undefined
  if (words.slice(1).every((word) => word === 0)) {
    const [word = 0] = words
    return [24, 16, 8, 0].map((bits) => (word >>> bits) & 0xff).join('.')
  }
  return toIp(formatIpv6(words.flatMap((word) => [word >>> 16, word & 0xffff])))
}

/**
 * The layout in which bytes look like records one after the other: types that exist, microseconds that are some, nothing
 * in the reserved bytes, and not all of it empty. A last record may be torn. Undefined for other bytes.
 */
export function layoutOf(sample: Uint8Array): Layout | undefined {
  return layouts.find((layout, i) => looksLike(sample, layout, i === 0))
}

/** `UTMPX_FILE_VERS`: name in the first record of macOS. */
const signature = 'utmpx-1.00'

/** @param isUsual others are rare: they have to look like logins in more than their numbers */
function looksLike(sample: Uint8Array, layout: Layout, isUsual: boolean): boolean {
  const count = Math.floor(sample.length / layout.bytes)
  let used = 0
  for (let i = 0; i < count; i++) {
    const record = sample.subarray(i * layout.bytes, (i + 1) * layout.bytes)
    const login = readAs(record, layout)
    if (login === undefined || !layout.reserved.every(([from, to]) => isZero(record.subarray(from, to)))) return false
    if (layout.reserved.length === 0 && i === 0 && login.user !== signature) return false
    if (!isUsual && !isPlain(login)) return false
    if (login.type !== 'empty' || login.at !== undefined) used++
  }
  return used > 0
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

/** Text without control characters, and a time that a computer of our days may have had. */
function isPlain({ type, terminal, user, host, at }: Login): boolean {
  const isText = [terminal, user, host].every((text) => !/[\p{Cc}\uFFFD]/u.test(text))
  const hasTime = type === 'empty' || type === 'signature' || (at !== undefined && at > '1985' && at < '2107')
  return isText && hasTime
}
