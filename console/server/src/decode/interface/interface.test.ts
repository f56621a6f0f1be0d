import { expect, test } from 'vitest'
import { eventsOf, snapshotEvents } from '../recorded.fixture.ts'
import { interfaces } from './index.ts'

test('a recorded interface is measured, and changed counters are no new interface', () => {
  expect(snapshotEvents(interfaces, 'interface').map(({ event }) => event)).toMatchObject([
    {
      '@timestamp': expect.any(String),
      event: { kind: 'metric', category: ['network'], type: ['info'] },
      tidewaiter: { interface: { name: 'lo', rx_bytes: 0, tx_bytes: 0 } },
    },
    {
      event: { kind: 'metric', type: ['info'] },
      tidewaiter: { interface: { name: 'lo', rx_bytes: 404, tx_packets: 6 } },
    },
  ])
})

test('counters that are no numbers are left out', () => {
  expect(
    eventsOf(interfaces, ['{"face":"eth0","rx_bytes":"7","tx_bytes":-1,"rx_drop":3}'])[0]?.tidewaiter.interface,
  ).toEqual({
    name: 'eth0',
    rx_drop: 3,
  })
})

test('a record that is no row says so', () => {
  for (const text of ['', '{}', '[]', '{"face":7}', '{"face":""}'])
    expect(eventsOf(interfaces, [text])).toMatchObject([{ error: { message: expect.any(String) } }])
})
