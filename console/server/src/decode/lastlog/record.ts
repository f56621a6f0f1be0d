import { nulText } from '../text.ts'
import { instant } from '../time.ts'

/** `struct lastlog` of glibc (bits/utmp.h): time, line (32), host (256). */
interface Layout {
  bytes: number
  timeBytes: 4 | 8
  isLittle: boolean
}

export interface LastLogin {
  /** RFC 3339 in UTC. */
  at: string
  terminal: string
  host: string
}

/** Where times are 32 bits, as on x86. */
export const recordBytes = 292
const lineBytes = 32
const hostBytes = 256

/** The time has 32 bits where utmp records have 384 bytes, and 64 where they have 400. */
const layouts: readonly Layout[] = [
  { bytes: recordBytes, timeBytes: 4, isLittle: true },
  { bytes: 296, timeBytes: 8, isLittle: true },
  { bytes: recordBytes, timeBytes: 4, isLittle: false },
  { bytes: 296, timeBytes: 8, isLittle: false },
]

/** True for what was never written. */
export function isEmpty(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false
  return true
}

/** Undefined for bytes that are no record in any byte order. */
export function readLastLogin(bytes: Uint8Array): LastLogin | undefined {
  for (const layout of layouts) {
    const login = layout.bytes === bytes.length ? readAs(bytes, layout) : undefined
    if (login !== undefined) return login
  }
  return undefined
}

/** Read in the wrong byte order, a time is out of all bounds or nearly always so: it decides. */
function readAs(bytes: Uint8Array, { timeBytes, isLittle }: Layout): LastLogin | undefined {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const seconds = timeBytes === 4 ? data.getUint32(0, isLittle) : Number(data.getBigInt64(0, isLittle))
  const at = instant(seconds, '')
  const [line, host] = [nulText(bytes, timeBytes, lineBytes), nulText(bytes, timeBytes + lineBytes, hostBytes)]
  // From the first Unix with lastlog to where 32 bits end.
  // Both end within their fields: writers see to it, and bytes that are text have no NUL.
  const isEnded = bytes[timeBytes + lineBytes - 1] === 0 && bytes.at(-1) === 0
  const isTime = at !== undefined && at > '1983' && at < '2107'
  return isTime && isEnded && line !== '' && isPlain(line) && isPlain(host) ? { at, terminal: line, host } : undefined
}

function isPlain(text: string): boolean {
  return !/[\p{Cc}\uFFFD]/u.test(text)
}

/**
 * The layout in which all records are last sign-ins or were never written, and one was. Nothing stands behind the end of
 * a text: strncpy fills with zeros. Undefined for other bytes.
 */
export function layoutOf(sample: Uint8Array): Layout | undefined {
  return layouts.find((layout) => {
    let used = 0
    for (let from = 0; from + layout.bytes <= sample.length; from += layout.bytes) {
      const record = sample.subarray(from, from + layout.bytes)
      if (isEmpty(record)) continue
      if (readAs(record, layout) === undefined || !isFilled(record, layout)) return false
      used++
    }
    return used > 0
  })
}

function isFilled(record: Uint8Array, { timeBytes }: Layout): boolean {
  const fields = [record.subarray(timeBytes, timeBytes + lineBytes), record.subarray(timeBytes + lineBytes)]
  return fields.every((field) => {
    const end = field.indexOf(0)
    return end < 0 || isEmpty(field.subarray(end))
  })
}
