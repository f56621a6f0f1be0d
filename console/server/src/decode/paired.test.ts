import { describe, expect, test } from 'vitest'
import type { Event } from './decoder.ts'
import { decoderById } from './index.ts'
import { recordOf } from './recorded.fixture.ts'

const refusal =
  '2016-11-20T00:04:00.110+0100 [conn1] Failed to authenticate ana@admin with mechanism MONGODB-CR: AuthenticationFailed UserNotFound'
const end = '2016-11-20T00:04:00.111+0100 [conn1] end connection 192.0.2.7:53276 (0 connections now open)'
const other = '2016-11-20T00:04:00.111+0100 [conn2] end connection 203.0.113.9:53276 (0 connections now open)'
const late = '2016-11-20T00:04:09.000+0100 [conn1] end connection 203.0.113.9:53276 (0 connections now open)'
const head = 'Apr 15, 2013 8:34:08 PM org.slf4j.impl.JCLLoggerAdapter warn'
const warning = 'WARNING: Authentication attempt from 192.0.2.7 for user "ana" failed.'
const trace = '\tat org.example.Main.main(Main.java:7)'

/** Events of lines, each with an id of its own; `|` is a place where the batch ends. */
function read(id: string, lines: readonly string[]): Event[] {
  const decoder = decoderById(id)
  let decoding = decoder.start({})
  const events: Event[] = []
  for (const [i, line] of lines.entries()) {
    if (line === '|') {
      const state = JSON.stringify(decoding.state())
      decoding = decoder.start({}, state === undefined ? undefined : JSON.parse(state))
    } else events.push(...decoding.push({ ...recordOf(line), id: `host/1/${i}` }))
  }
  return [...events, ...decoding.end()]
}

const placesOf = (events: readonly Event[]) =>
  events.map(({ tidewaiter }) => (tidewaiter.records ?? [tidewaiter.record]).map((id) => id.slice(7)).join('+'))

describe('a refusal of MongoDB that names no address', () => {
  test('has that of its connection, whose end follows at once', () => {
    const events = read('mongodb', [refusal, end])

    expect(events).toMatchObject([
      {
        '@timestamp': '2016-11-19T23:04:00.110Z',
        event: { outcome: 'failure', action: 'sign-in', original: `${refusal}\n${end}` },
        user: { name: 'ana' },
        source: { ip: '192.0.2.7', port: 53276 },
        tidewaiter: { record: 'host/1/0', records: ['host/1/0', 'host/1/1'] },
      },
    ])
  })

  test('waits over the end of a batch and over other lines', () => {
    expect(placesOf(read('mongodb', [refusal, '|', other, trace, '|', end]))).toEqual(['2', '3', '0+5'])
  })

  test('has none where the connection ends later, or never', () => {
    expect(placesOf(read('mongodb', [refusal, late]))).toEqual(['0', '1'])
    expect(placesOf(read('mongodb', [refusal]))).toEqual(['0'])
    for (const event of read('mongodb', [refusal, other, late]).filter(({ event }) => event.outcome === 'failure'))
      expect(event).not.toHaveProperty('source')
  })

  test('does not wait in a crowd without end, and what is kept of it is small', () => {
    const crowd = Array.from({ length: 40 }, (_, i) =>
      refusal.replace('conn1', `conn${i}`).replace('ana', `"${'\0'.repeat(900)}`),
    )
    const decoding = decoderById('mongodb').start({})
    const given = crowd.flatMap((line) => decoding.push(recordOf(line)))

    expect(JSON.stringify(decoding.state() ?? {}).length).toBeLessThan(65_536)
    expect(given.length + [...decoding.end()].length).toBe(40)
  })
})

describe('a line of java.util.logging', () => {
  test('has the time of the line before it', () => {
    expect(read('guacamole', [head, '|', warning])).toMatchObject([
      {
        event: { outcome: 'failure', original: `${head}\n${warning}` },
        source: { ip: '192.0.2.7' },
        user: { name: 'ana' },
        tidewaiter: { records: ['host/1/0', 'host/1/2'], time: { raw: 'Apr 15, 2013 8:34:08 PM' } },
      },
    ])
  })

  test('has none where that is missing, and a stack trace stays what it is', () => {
    expect(placesOf(read('guacamole', [warning, head, warning, trace, head]))).toEqual(['0', '1+2', '3', '4'])
    expect(read('guacamole', [warning])[0]?.tidewaiter.time).toBeUndefined()
  })
})
