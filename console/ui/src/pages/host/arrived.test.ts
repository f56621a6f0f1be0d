import type { EventRow } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { addRows, nothingArrived, rowsOf } from './arrived.ts'

test('a record that is told twice counts once, what the server left out counts as well', () => {
  const first = addRows(nothingArrived, [row('h/1/0'), row('h/1/1')], 0)

  expect(addRows(first, [row('h/1/1'), row('h/1/2')], 40).count).toBe(43)
})

test('what was seen does not grow without end', () => {
  const many = Array.from({ length: 6000 }, (_, at) => row(`h/1/${at}`))

  expect(addRows(addRows(nothingArrived, many, 0), [row('h/2/0')], 0).seen.size).toBe(1)
})

test('through a lens only what is of its category arrived', () => {
  const started = row('h/1/0', { event: { category: ['process', 'file'] } })
  const rows = [started, row('h/1/1', { event: { category: ['network'] } }), row('h/1/2')]

  expect(rowsOf('process', rows)).toEqual([started])
  expect(rowsOf(undefined, rows)).toEqual(rows)
})

function row(record: string, document: EventRow['document'] = {}): EventRow {
  const at = '2026-10-28T03:05:22.000Z'
  return {
    record,
    host: { id: 'h', name: 'h' },
    source: 'log-file:/var/log/auth.log',
    at,
    hostAt: at,
    readAt: at,
    receivedAt: at,
    position: 1,
    document,
  }
}
