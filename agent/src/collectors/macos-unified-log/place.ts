import type { Position } from '@tidewaiter/protocol'

/** Where an entry stands: ticks since the start of the machine, which start that was, and the time of the clock. */
export interface Place {
  boot: string
  /** Decimal text: ticks can be more than a safe integer. */
  mach: string
  /** Microseconds since 1970. */
  micros: number
  /** So many entries of this tick were there, with this one. */
  count: number
}

/** Names stand behind a brace or a comma; within a text each quote has a backslash before it. */
const fields = {
  mach: /[{,]\s*"machTimestamp"\s*:\s*(\d{1,20})\s*[,}]/,
  boot: /[{,]\s*"bootUUID"\s*:\s*"([0-9A-Fa-f-]{36})"/,
  time: /[{,]\s*"timestamp"\s*:\s*"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\.(\d{6})([+-]\d\d)(\d\d)"/,
}

/**
 * Undefined for what is no entry, such as the line that says how many there were.
 * @param bootId of now: `log stream` may leave it empty
 */
export function placeOf(line: Buffer, bootId: string): Place | undefined {
  const text = line.toString('latin1')
  const [, mach] = fields.mach.exec(text) ?? []
  const [, day, clock, micros, hours, minutes] = fields.time.exec(text) ?? []
  const seconds = Date.parse(`${day}T${clock}${hours}:${minutes}`) / 1000
  if (mach === undefined || Number.isNaN(seconds)) return undefined
  const boot = (fields.boot.exec(text)?.[1] ?? bootId).toUpperCase()
  return { boot, mach, micros: seconds * 1e6 + Number(micros), count: 1 }
}

/** As the cursor of a position; `t` is the time in hex, as in the cursors of systemd's journal. */
export function cursorOf({ boot, mach, micros, count }: Place): Position {
  return { cursor: `t=${micros.toString(16)};b=${boot};m=${mach};n=${count}` }
}

export function placeIn(position: Position | undefined): Place | undefined {
  const cursor = position !== undefined && 'cursor' in position ? position.cursor : ''
  const [, micros = '', boot = '', mach = '', count] =
    /^t=([0-9a-f]{1,14});b=([0-9A-F-]{36});m=(\d{1,20});n=(\d{1,9})$/.exec(cursor) ?? []
  return count === undefined ? undefined : { boot, mach, micros: Number.parseInt(micros, 16), count: Number(count) }
}

/** Negative where the first stands before the second; of different starts the clock tells. */
export function compare(a: Place, b: Place): number {
  if (a.boot !== b.boot) return a.micros - b.micros
  const [one, other] = [BigInt(a.mach), BigInt(b.mach)]
  return one === other ? 0 : one < other ? -1 : 1
}
