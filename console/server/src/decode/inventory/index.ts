import { lines } from '../cut.ts'
import type { DecodeContext, DecodeRecord, Decoder, Event } from '../decoder.ts'
import { unreadable } from '../document.ts'
import { detectRows, parseRow, rowEvent, textIn } from '../row.ts'
import { isShallow } from '../shallow.ts'
import { toText } from '../text.ts'
import { hostOf } from './host.ts'

const dataset = 'inventory'

/** Sections of what systeminformation says about a machine. */
export const inventory: Decoder = {
  id: 'inventory',
  title: 'The machine itself, from systeminformation',
  reads: ({ source }) => source === 'inventory' || source.startsWith('inventory:'),
  detects: (sample) => detectRows(sample, ['section', 'value']),
  cut: lines,
  start: (context) => ({ push: (record) => [toEvent(record, context)], end: () => [], state: () => undefined }),
}

function toEvent(record: DecodeRecord, context: DecodeContext): Event {
  const text = toText(record.bytes)
  const row = parseRow(text)
  const section = row && textIn(row, 'section')
  if (row === undefined || section === undefined || !isShallow(row.value))
    return unreadable(record, dataset, { says: 'The record is no section of an inventory.', text })
  const event = rowEvent(record, { dataset, text }, context)
  const type = record.head.pass?.holds === 'appeared' ? 'change' : 'info'
  Object.assign(event.event, { kind: 'asset', category: ['host'], type: [type], action: 'inventory' })
  event.tidewaiter.inventory = { section, value: row.value }
  const host = hostOf(section, row.value)
  if (host !== undefined) event.host = host
  event.message = section
  return event
}
