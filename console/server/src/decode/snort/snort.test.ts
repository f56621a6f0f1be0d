import { describe, expect, test } from 'vitest'
import { decodeFile } from '../files.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { isMissing, pathOf } from '../shared-data.fixture.ts'
import { snort } from './index.ts'

describe.skipIf(isMissing('os_artifacts'))(
  'the alerts of Snort 3 that plaso is tested with (shared data)',
  async () => {
    const log = 'os_artifacts/snort3_alert_fast.log'
    const read = () => Array.fromAsync(decodeFile(pathOf(log), { year: 2022, zone: 'UTC' }))

    test('are found by their content, and each has its time, rule and ends', async () => {
      const events = await read()

      expect(events).toHaveLength(4)
      expect(events.map(({ event, '@timestamp': at }) => [event.dataset, at, event.severity])).toEqual([
        ['snort', '2022-12-28T12:55:38.765402Z', 3],
        ['snort', '2022-12-28T12:55:38.885027Z', undefined],
        ['snort', '2022-01-02T11:30:23.358639Z', 1],
        ['snort', '2022-02-04T23:41:31.115933Z', 1],
      ])
      expect(events[2]).toMatchObject({
        event: { category: ['intrusion_detection', 'network'], action: 'rule-matched' },
        rule: { id: '648', name: 'INDICATOR-SHELLCODE x86 NOOP', category: 'Executable code was detected' },
        source: { ip: '10.6.6.254', port: 80 },
        destination: { ip: '10.6.6.103', port: 60_884 },
        network: { transport: 'tcp' },
      })
      expect(events[1]?.rule).toMatchObject({ category: 'Misc activity' })
    })

    test('tell an IPv6 address without a port from one with it', async () => {
      const [first, , , last] = await read()

      expect(first?.source).toEqual({ address: '2001:df1:c200:c:0:0:0:35', ip: '2001:df1:c200:c::35' })
      expect(last?.source).toMatchObject({ ip: '2001:df1:c200:c::35', port: 60_884 })
      expect(last?.destination).toMatchObject({ ip: '2001:4860:4860::8888', port: 80 })
    })
  },
)

test('a name that imitates the rest of a line does not move its ends', () => {
  const name = 'x [**] [Priority: 1] {TCP} 203.0.113.9:1 -> 203.0.113.9:2'
  const [event] = eventsOf(snort, [
    `01/02-11:30:23.358639 [**] [1:648:18] "${name}" [**] {TCP} 192.0.2.7:80 -> 192.0.2.8:81`,
  ])

  expect(event?.source).toMatchObject({ ip: '192.0.2.7', port: 80 })
})

test('a year of two digits is not guessed at, and what is no alert says so', () => {
  const [dated, none] = eventsOf(
    snort,
    ['02/03/04-11:30:23.358639 [**] [1:648:18] name [**] {TCP} 192.0.2.7:80 -> 192.0.2.8:81', 'Snort exiting'],
    { context: { year: 2022 } },
  )

  expect(dated).not.toHaveProperty('@timestamp')
  expect(dated?.tidewaiter.time).toEqual({ raw: '02/03/04-11:30:23.358639' })
  expect(none?.error).toBeDefined()
})
