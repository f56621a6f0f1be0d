import { expect, test } from 'vitest'
import { eventsOf, snapshotEvents } from '../recorded.fixture.ts'
import { software } from './index.ts'

const read = (row: object) => eventsOf(software, [JSON.stringify(row)])[0]

test('packages and updates that were recorded are read', () => {
  const events = snapshotEvents(software, 'software').map(({ event }) => event)

  for (const event of events) expect(event).not.toHaveProperty('error')
  expect(events.find(({ message }) => message?.startsWith('adduser '))).toMatchObject({
    event: { category: ['package'], type: ['info'], action: 'package-seen' },
    package: { name: 'adduser', version: '3.134', type: 'deb', architecture: 'all', installed: expect.any(String) },
    tidewaiter: { status: 'install ok installed' },
  })
  expect(events.find(({ tidewaiter }) => tidewaiter.kind === 'update')).toMatchObject({
    package: { name: expect.any(String), version: expect.any(String) },
    tidewaiter: { candidate: expect.any(String), origin: expect.stringContaining('Debian') },
  })
})

test('an install time in seconds is an instant, and lists that are not there are said to know nothing', () => {
  const row = { kind: 'package', manager: 'rpm', name: 'bash', version: '0:5.2-3', installed: 1_760_000_000 }

  expect(read(row)).toMatchObject({ package: { type: 'rpm', installed: '2025-10-09T08:53:20Z' } })
  expect(read({ kind: 'package-lists', manager: 'apt', lists: 0 })?.message).toContain('no update is known')
  for (const none of [{ kind: 'package' }, { kind: 'update' }, { kind: 'package-lists' }])
    expect(read(none)).toMatchObject({ event: { kind: 'pipeline_error' } })
})
