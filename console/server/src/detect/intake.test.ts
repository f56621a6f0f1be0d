import { expect, onTestFinished, test } from 'vitest'
import { openEventTable } from './event-table.ts'
import { series } from './events.fixture.ts'
import { openIntake } from './intake.ts'

function openTestIntake() {
  const table = openEventTable()
  onTestFinished(() => table.close())
  return { table, intake: openIntake(table, () => true) }
}

const failures = (count: number) => series(count, 1, { at: '2026-10-27T00:00:00Z', from: '203.0.113.77', user: 'root' })

test('events of one name are one host, and those that name none are another', () => {
  const { intake } = openTestIntake()
  for (const [n, event] of failures(9).entries())
    intake.take(n % 3 === 0 ? { ...event, host: {} } : { ...event, host: { name: `host-${n % 3}` } })

  expect([...intake.hosts()]).toEqual([
    { no: 0, isOpen: false },
    { no: 1, isOpen: false, name: 'host-1' },
    { no: 2, isOpen: false, name: 'host-2' },
  ])
})

test('a log that names another host in every line gives a bounded number of hosts, and none of its events is lost', () => {
  const { intake, table } = openTestIntake()
  for (const [n, event] of failures(10_500).entries()) intake.take({ ...event, host: { name: `host-${n}` } })

  const hosts = [...intake.hosts()]

  expect(hosts).toHaveLength(10_001)
  expect(hosts.at(-1)).toEqual({ no: 10_000, isOpen: false })
  const rest = { host: 10_000, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }
  expect(table.measure('select count(*) as events from event', rest)).toEqual([{ events: 500 }])
})

test('a place leads back to the record it was made of, whichever kind of id that has', () => {
  const { intake, table } = openTestIntake()
  const ids = [`${'ab'.repeat(32)}:4096`, 'stdin:0', `${'cd'.repeat(16)}/7/12`]
  const [event] = failures(1)
  for (const record of ids) if (event !== undefined) intake.take({ ...event, tidewaiter: { record } })

  const all = { host: 0, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }
  const places = table.measure("select position || ':' || record as place from event order by position", all)

  expect(places.map(({ place }) => intake.recordOf(String(place)))).toEqual(ids)
})
