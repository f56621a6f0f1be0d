import { instant } from './time.ts'

const beyondLow = 0x1_0000_0000

/** A 64-bit number without a sign, in full. */
export function integerText(data: DataView, at: number): string {
  const high = data.getUint32(at + 4, true)
  return high < 0x20_0000 ? String(high * beyondLow + data.getUint32(at, true)) : data.getBigUint64(at, true).toString()
}

/** `0x3e7`, of four or eight bytes. */
export function hexText(data: DataView, at: number, bytes: number): string {
  const low = data.getUint32(at, true)
  const high = bytes >= 8 ? data.getUint32(at + 4, true) : 0
  return high === 0 ? `0x${low.toString(16)}` : `0x${high.toString(16)}${low.toString(16).padStart(8, '0')}`
}

/** `{54849625-5478-4994-a5ba-3e3b0328c30d}`: three numbers little-endian, then bytes. */
export function guidText(bytes: Buffer, data: DataView, at: number): string {
  const head = data.getUint32(at, true).toString(16).padStart(8, '0')
  const second = data
    .getUint16(at + 4, true)
    .toString(16)
    .padStart(4, '0')
  const third = data
    .getUint16(at + 6, true)
    .toString(16)
    .padStart(4, '0')
  return `{${head}-${second}-${third}-${bytes.toString('hex', at + 8, at + 10)}-${bytes.toString('hex', at + 10, at + 16)}}`
}

/** Seconds from 1601, where Windows begins to count, to 1970. */
const secondsBefore1970 = 11_644_473_600
const ticksInSecond = 10_000_000

/** A time of 100-ns ticks since 1601 as RFC 3339 with all seven digits; the bare number beyond the years of RFC 3339. */
export function instantText(data: DataView, at: number): string {
  return instantAt(data, at) ?? integerText(data, at)
}

/** Undefined for a time that is not set (0) or beyond the years of RFC 3339. */
export function instantAt(data: DataView, at: number): string | undefined {
  const [low, high] = [data.getUint32(at, true), data.getUint32(at + 4, true)]
  if (low === 0 && high === 0) return undefined
  // In two steps, each of which a double holds exactly: 2^32 ticks are 429 seconds and 4,967,296 ticks.
  const ticks = high * 4_967_296 + low
  const seconds = high * 429 + Math.floor(ticks / ticksInSecond)
  return instant(seconds - secondsBefore1970, String(ticks % ticksInSecond).padStart(7, '0'))
}

/** SYSTEMTIME: year, month, day of the week, day, hour, minute, second, milliseconds, in words. No zone is given. */
export function systemTimeText(data: DataView, at: number): string {
  const word = (index: number, digits = 2) => String(data.getUint16(at + index * 2, true)).padStart(digits, '0')
  return `${word(0, 4)}-${word(1)}-${word(3)}T${word(4)}:${word(5)}:${word(6)}.${word(7, 3)}`
}

/** `S-1-5-21-...`: revision, number of parts, authority (6, big-endian), the parts. */
export function sidText(data: DataView, at: number, end: number): string {
  if (end - at < 8) return ''
  const authority = data.getUint16(at + 2) * beyondLow + data.getUint32(at + 4)
  let text = `S-${data.getUint8(at)}-${authority}`
  const parts = Math.min(data.getUint8(at + 1), Math.floor((end - at - 8) / 4))
  for (let i = 0; i < parts; i++) text += `-${data.getUint32(at + 8 + i * 4, true)}`
  return text
}
