import { nulText, view } from '../text.ts'
import { instant } from '../time.ts'

/** `struct futx` of FreeBSD (lib/libc/gen/utxdb.h), big-endian and packed: type, time, id, pid, user, line, host. */
export const recordBytes = 197
/** With type and time alone: zeros at its end are left out in utx.log. */
const leastBytes = 9

const types = ['empty', 'boot', 'old-time', 'new-time', 'user', 'init', 'login', 'dead', 'shutdown'] as const

export interface Entry {
  type: (typeof types)[number]
  /** RFC 3339 in UTC; undefined where it says 0. */
  at: string | undefined
  /** Of the session, in hex: its end has nothing else in common with its beginning. */
  session: string
  pid: number
  user: string
  terminal: string
  host: string
}

/** Undefined for bytes that are no record. */
export function readEntry(bytes: Uint8Array): Entry | undefined {
  const type = types[bytes[0] ?? 255]
  if (type === undefined || bytes.length < leastBytes || bytes.length > recordBytes) return undefined
  const all = Buffer.alloc(recordBytes)
  all.set(bytes)
  const micros = all.readBigUInt64BE(1)
  const at = instant(Number(micros / 1_000_000n), String(micros % 1_000_000n).padStart(6, '0'))
  if (at === undefined) return undefined
  return {
    type,
    at: micros === 0n ? undefined : at,
    session: all.toString('hex', 9, 17).replace(/(00)+$/, ''),
    pid: all.readUInt32BE(17),
    user: nulText(all, 21, 32),
    terminal: nulText(all, 53, 16),
    host: nulText(all, 69, 128),
  }
}

/** Length of the record of utx.log that begins at `from`, with the two bytes that say it; undefined before they are there. */
export function logged(bytes: Uint8Array, from: number): number | undefined {
  return from + 2 > bytes.length ? undefined : 2 + view(bytes).readUInt16BE(from)
}

/** `log`: records say their length; `fixed`: utx.active and utx.lastlogin, where all have the same. */
export function kindOf(sample: Uint8Array): 'log' | 'fixed' | undefined {
  if (isLog(sample)) return 'log'
  return isFixed(sample) ? 'fixed' : undefined
}

/** A last record may be torn. */
function isLog(sample: Uint8Array): boolean {
  let count = 0
  for (let at = 0, length = logged(sample, at); length !== undefined; length = logged(sample, at)) {
    const end = at + length
    if (end > sample.length) return count > 0 && length <= recordBytes + 2
    if (!isLikely(sample.subarray(at + 2, end))) return false
    count++
    at = end
  }
  return count > 0
}

function isFixed(sample: Uint8Array): boolean {
  const count = Math.floor(sample.length / recordBytes)
  let used = 0
  for (let i = 0; i < count; i++) {
    const record = sample.subarray(i * recordBytes, (i + 1) * recordBytes)
    // Where a session ended, all but the type may stand as it did.
    if (record.every((byte) => byte === 0)) continue
    if (!isLikely(record)) return false
    used++
  }
  return used > 0
}

/** Text without control characters, and a time after FreeBSD began to write these (2010). */
function isLikely(bytes: Uint8Array): boolean {
  const entry = readEntry(bytes)
  if (entry?.at === undefined || entry.at < '2009' || entry.at > '2107') return false
  return [entry.user, entry.terminal, entry.host].every((text) => !/[\p{Cc}\uFFFD]/u.test(text))
}
