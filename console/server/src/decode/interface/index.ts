import { lines } from '../cut.ts'
import type { DecodeContext, DecodeRecord, Decoder, Event } from '../decoder.ts'
import { unreadable } from '../document.ts'
import { countIn, detectRows, parseRow, rowEvent, textIn } from '../row.ts'
import { toText } from '../text.ts'

const dataset = 'interface'

/** Counters of /proc/net/dev in its own names; they count from when the interface was made. */
const counters = ['bytes', 'packets', 'errs', 'drop'].flatMap((name) => [`rx_${name}`, `tx_${name}`])

/** Rows of the agent's counters of network interfaces (/proc/net/dev). */
export const interfaces: Decoder = {
  id: 'interface',
  title: 'Counters of network interfaces, from /proc/net/dev',
  reads: ({ source }) => source === 'interface' || source.startsWith('interface:'),
  detects: (sample) => detectRows(sample, ['face', 'rx_bytes', 'tx_bytes']),
  cut: lines,
  start: (context) => ({ push: (record) => [toEvent(record, context)], end: () => [], state: () => undefined }),
}

function toEvent(record: DecodeRecord, context: DecodeContext): Event {
  const text = toText(record.bytes)
  const row = parseRow(text)
  const name = row && textIn(row, 'face')
  if (row === undefined || name === undefined)
    return unreadable(record, dataset, { says: 'The record is no row of a network interface.', text })
  const event = rowEvent(record, { dataset, text }, context)
  // Every pass that finds other numbers gives a row: that is a measurement, and no new interface.
  Object.assign(event.event, { kind: 'metric', category: ['network'], type: ['info'], action: 'interface-counters' })
  const counts = counters.map((counter) => [counter, countIn(row, counter)] as const)
  event.tidewaiter.interface = { name, ...Object.fromEntries(counts.filter(([, count]) => count !== undefined)) }
  event.message = `${name} received ${countIn(row, 'rx_bytes') ?? '?'} and sent ${countIn(row, 'tx_bytes') ?? '?'} bytes`
  return event
}
