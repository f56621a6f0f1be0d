import type { Message } from '../decoder.ts'
import { countIn, defined, type Row, textIn } from '../row.ts'
import { timeline } from '../time.ts'
import { timeOf } from './time-of.ts'

/** Times here always say their offset. */
const place = timeline({})

function instantOf(raw: string | undefined): string | undefined {
  const written = timeOf(raw)
  return raw === undefined || written?.offset === undefined ? undefined : place(raw, written).at
}

/** `flow` counts both directions of a connection, `netflow` one. */
export function readFlow(flow: Row): Partial<Message> {
  const [start, end] = [instantOf(textIn(flow, 'start')), instantOf(textIn(flow, 'end'))]
  const sent = {
    bytes: countIn(flow, 'bytes_toserver') ?? countIn(flow, 'bytes'),
    packets: countIn(flow, 'pkts_toserver') ?? countIn(flow, 'pkts'),
  }
  const received = { bytes: countIn(flow, 'bytes_toclient'), packets: countIn(flow, 'pkts_toclient') }
  const [source, destination] = [defined(sent), defined(received)]
  const state = textIn(flow, 'state')
  const ns = start === undefined || end === undefined ? Number.NaN : nanosBetween(start, end)
  const reason = textIn(flow, 'reason')
  return {
    event: {
      category: ['network'],
      type: ['connection'],
      action: 'network-flow',
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
      // A clock that was set back between both gives no duration.
      ...(ns >= 0 && { duration: ns }),
      ...(reason !== undefined && { reason }),
    },
    ...(source !== undefined && { source }),
    ...(destination !== undefined && { destination }),
    network: {
      bytes: (sent.bytes ?? 0) + (received.bytes ?? 0),
      packets: (sent.packets ?? 0) + (received.packets ?? 0),
    },
    ...(state !== undefined && { tidewaiter: { state } }),
  }
}

/** Of two RFC 3339 instants with microseconds. */
function nanosBetween(start: string, end: string): number {
  const micros = (at: string) => Number(/\.(\d{1,6})/.exec(at)?.[1]?.padEnd(6, '0') ?? 0)
  const seconds = (at: string) => Math.floor(Date.parse(at) / 1000)
  return (seconds(end) - seconds(start)) * 1e9 + (micros(end) - micros(start)) * 1000
}
