import { defined, type Row, textIn } from '../row.ts'
import type { Said } from '../system-row.ts'

interface Clock {
  source?: string | undefined
  stratum?: number | undefined
  /** Seconds; positive where the clock of the host is ahead. */
  offset_s?: number | undefined
  synchronised?: boolean | undefined
}

/** What a program that keeps the clock says of it. */
export function sayTimeSource(row: Row): Said | undefined {
  const [command, text] = [textIn(row, 'command'), textIn(row, 'text')]
  if (command === undefined || text === undefined) return undefined
  const read = readers[command.split(' ', 1)[0] ?? '']
  const clock = read?.(text) ?? {}
  const says = [
    ...(clock.source === undefined ? [] : [`follows ${clock.source}`]),
    ...(clock.offset_s === undefined ? [] : [`${clock.offset_s} s off`]),
    ...(clock.synchronised === undefined ? [] : [clock.synchronised ? 'synchronised' : 'not synchronised']),
  ]
  return {
    message: `${command}: ${says.length > 0 ? says.join(', ') : text.slice(0, 200)}`,
    more: defined({ clock: defined({ ...clock }), command }) ?? {},
  }
}

const readers: Readonly<Record<string, (text: string) => Clock>> = {
  chronyc: ofChrony,
  timedatectl: ofTimedate,
  ntpq: ofNtp,
}

/**
 * chronyc(1), `tracking` with `-c`: id, name, stratum, time of reference, system time, ... , leap status. System time is
 * how far the clock of NTP is ahead of that of the host ("fast of NTP time" is negative there).
 */
function ofChrony(text: string): Clock {
  const fields = text.split('\n', 1)[0]?.split(',') ?? []
  if (fields.length < 14) return {}
  const [, name, stratum, , ahead] = fields
  const offset = numberOf(ahead)
  return {
    source: name || undefined,
    stratum: numberOf(stratum),
    offset_s: offset === undefined ? undefined : 0 - offset,
    synchronised: fields[13] !== 'Not synchronised',
  }
}

/** `NTPSynchronized=yes` of `show`, `ServerName=` of `show-timesync` (timedatectl(1)). */
function ofTimedate(text: string): Clock {
  const values = new Map(text.split('\n').map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]))
  const is = values.get('NTPSynchronized')
  return {
    source: values.get('ServerName') || values.get('ServerAddress') || undefined,
    synchronised: is === undefined ? undefined : is === 'yes',
  }
}

/** `leap=00, stratum=2, refid=192.0.2.1, offset=0.123` (ntpq(8), rv): milliseconds; the leap of a clock that runs free is 11. */
function ofNtp(text: string): Clock {
  const value = (name: string) => new RegExp(`\\b${name}=([^,\\s]+)`).exec(text)?.[1]
  const [leap, offset] = [value('leap'), numberOf(value('offset'))]
  return {
    source: value('refid'),
    stratum: numberOf(value('stratum')),
    offset_s: offset === undefined ? undefined : 0 - offset / 1000,
    synchronised: leap === undefined ? undefined : leap !== '11',
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[-+]?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined
}
