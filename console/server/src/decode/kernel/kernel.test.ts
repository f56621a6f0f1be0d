import { expect, test } from 'vitest'
import { eventsOf, snapshotEvents } from '../recorded.fixture.ts'
import { kernel } from './index.ts'

const read = (row: object, holds: 'all' | 'appeared' | 'ended' = 'all') =>
  eventsOf(kernel, [JSON.stringify(row)], { head: { pass: { number: 2, rows: 9, holds } } })[0]

test('a module is a driver, and says when nobody signed it or it hides', () => {
  const path = '/lib/modules/6.1.0/updates/odd-one.ko'
  const row = {
    kind: 'module',
    name: 'odd_one',
    size: 16_384,
    state: 'Live',
    taint: 'OE',
    path,
    sha256: 'ab'.repeat(32),
  }

  expect(read(row, 'appeared')).toMatchObject({
    event: { kind: 'event', category: ['driver'], type: ['start'], action: 'module-changed' },
    file: { path, hash: { sha256: 'ab'.repeat(32) } },
    message: 'odd_one, taint OE',
    tidewaiter: { module: { name: 'odd_one', unsigned: true, size: 16_384 } },
  })
  expect(read({ kind: 'module', name: 'hidden', onlyIn: '/sys/module' })).toMatchObject({
    message: 'hidden, only in /sys/module',
    tidewaiter: { module: { only_in: '/sys/module' } },
  })
  expect(read({ kind: 'module', name: 'odd_one' }, 'ended')?.event.type).toEqual(['end'])
})

test('settings that were recorded are read, and a format of programs names what runs it', () => {
  const events = snapshotEvents(kernel, 'kernel').map(({ event }) => event)

  for (const event of events) expect(event).not.toHaveProperty('error')
  expect(events.map(({ message }) => message)).toContain('kernel.randomize_va_space = 2')
  expect(read({ kind: 'binary-format', name: 'odd', text: 'enabled\ninterpreter /opt/odd\nflags:' })).toMatchObject({
    process: { executable: '/opt/odd' },
  })
  for (const row of [{ kind: 'module' }, { kind: 'setting' }, { kind: 'binary-format' }])
    expect(read(row)).toMatchObject({ event: { kind: 'pipeline_error' } })
})
