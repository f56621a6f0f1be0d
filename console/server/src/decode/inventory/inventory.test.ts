import { expect, test } from 'vitest'
import { eventsOf, snapshotEvents } from '../recorded.fixture.ts'
import { inventory } from './index.ts'

const recordedEvents = snapshotEvents(inventory, 'inventory').map(({ event }) => event)
const section = (name: string) => recordedEvents.find(({ message }) => message === name)

test('every section that was recorded is kept as it was read', () => {
  expect(recordedEvents.map(({ message }) => message)).toContain('networkInterfaces')
  for (const { event, tidewaiter, message } of recordedEvents)
    expect({ event, tidewaiter }).toMatchObject({
      event: { kind: 'asset', category: ['host'], type: ['info'] },
      tidewaiter: { inventory: { section: message, value: expect.anything() } },
    })
})

test('the system and its addresses stand in the fields of ECS too', () => {
  expect(section('osInfo')).toMatchObject({
    host: { hostname: 'vm', architecture: 'x64', os: { name: 'Debian GNU/Linux', version: '12', platform: 'linux' } },
  })
  expect(section('networkInterfaces')).toMatchObject({ host: { ip: ['127.0.0.1', '::1'], mac: ['00-00-00-00-00-00'] } })
})

test('a section that changed says so', () => {
  const head = { pass: { number: 2, rows: 9, holds: 'appeared' as const } }

  expect(eventsOf(inventory, ['{"section":"mem","value":{"total":1}}'], { head })[0]?.event.type).toEqual(['change'])
})

test('what is nested deeper than any machine describes itself is not read', () => {
  const deep = (levels: number) => `{"section":"mem","value":${'['.repeat(levels)}${']'.repeat(levels)}}`

  expect(eventsOf(inventory, [deep(16)])[0]).not.toHaveProperty('error')
  for (const levels of [17, 100_000]) {
    const [event] = eventsOf(inventory, [deep(levels)])
    expect(event).toMatchObject({ error: { message: expect.any(String) } })
    expect(() => JSON.stringify(event)).not.toThrow()
  }
})

test('a record that is no section says so', () => {
  for (const text of ['', '{}', '{"section":"mem"}', '{"section":7,"value":1}'])
    expect(eventsOf(inventory, [text])).toMatchObject([{ error: { message: expect.any(String) } }])
})
