import { expect, test } from 'vitest'
import { eventsOf, snapshotEvents } from '../recorded.fixture.ts'
import { processes } from './index.ts'

const row = {
  ...{ pid: 7, ppid: 1, comm: 'updater', state: 'S', starttime: 33_007, hz: 100, btime: 1_795_630_312, tty_nr: 34_816 },
  ...{ uid: 1001, euid: 0, gid: 1002, user: 'ana', loginuid: 1003, exe: '/usr/bin/updater', cwd: '/tmp' },
  ...{ cmdline: ['updater', '--quiet', 'two words'], sha256: 'ab'.repeat(32) },
}
const read = (value: unknown, head = {}, readAt?: string) =>
  eventsOf(processes, [Buffer.from(JSON.stringify(value))], {
    head,
    context: readAt === undefined ? {} : { readAt },
  })[0]
const appeared = { pass: { number: 2, rows: 9, holds: 'appeared' as const } }

test('a process is told with its program, arguments, account and start', () => {
  expect(read(row)).toMatchObject({
    event: { dataset: 'process', category: ['process'], original: JSON.stringify(row) },
    message: '7 updater --quiet two words',
    process: {
      pid: 7,
      entity_id: '7.33007',
      parent: { pid: 1 },
      name: 'updater',
      executable: '/usr/bin/updater',
      working_directory: '/tmp',
      command_line: 'updater --quiet two words',
      args: ['updater', '--quiet', 'two words'],
      args_count: 3,
      start: '2026-11-25T18:17:22.070Z',
      hash: { sha256: 'ab'.repeat(32) },
      tty: { char_device: { major: 136, minor: 0 } },
    },
    user: { id: '1001', name: 'ana', group: { id: '1002' }, effective: { id: '0' } },
    tidewaiter: { state: 'S', login_uid: '1003' },
  })
})

test('a recorded process is seen, begins and ends, and a full pass tells of no start', () => {
  const events = snapshotEvents(processes, 'process')
  const of = (name: string) =>
    events
      .filter(({ event }) => JSON.stringify(event.process).includes(`"name":"${name}"`))
      .map(({ holds, event }) => [holds, event.event.type?.join(), event.event.kind, event['@timestamp'] !== undefined])

  expect(of('MainThread')).toEqual([['all', 'info', 'state', true]])
  expect(of('sleep')).toEqual([
    ['appeared', 'start', 'event', true],
    ['ended', 'end', 'event', true],
  ])
})

test('a program that was removed while it runs is named as it was, and marked', () => {
  const [started] = snapshotEvents(processes, 'process').filter(({ event }) => event.tidewaiter.deleted === true)

  expect(started?.event).toMatchObject({ process: { executable: '/tmp/updater' } })
  expect(read({ ...row, exe: '/tmp/odd (deleted)' })).toMatchObject({ process: { executable: '/tmp/odd (deleted)' } })
})

test('a row that appears long after its start is a process that changed', () => {
  expect(read(row, appeared, '2026-11-25T18:17:35.000Z')?.event).toMatchObject({ type: ['start'] })
  expect(read(row, appeared, '2026-11-25T18:30:00.000Z')?.event).toMatchObject({
    type: ['change'],
    action: 'process-changed',
  })
})

test('what a row does not say is left out', () => {
  expect(read({ pid: 7, cmdline: [], sha256Why: 'larger than 1 GiB', uid: 5 })).toMatchObject({
    process: { pid: 7 },
    user: { id: '5' },
    tidewaiter: { not_hashed: 'larger than 1 GiB' },
  })
  expect(read({ pid: 7, cmdlineWhy: 'reading it does not end' })).toMatchObject({
    tidewaiter: { command_line_not_read: 'reading it does not end' },
  })
  expect(read({ pid: 7 })).not.toHaveProperty('user')
  expect(read({ pid: 7 })).not.toHaveProperty('@timestamp')
  expect(read({ ...row, hz: 0 })?.process).not.toHaveProperty('start')
  expect(read({ ...row, btime: 9e15 })?.process).not.toHaveProperty('start')
})

test('values of other kinds than a process has are not taken over', () => {
  expect(
    read({ ...row, comm: { x: 1 }, cmdline: [1, 'a', null], sha256: '../x', tty_nr: -1, uid: '0', exe: 5 })?.process,
  ).toEqual({
    ...{
      pid: 7,
      entity_id: '7.33007',
      parent: { pid: 1 },
      working_directory: '/tmp',
      start: '2026-11-25T18:17:22.070Z',
    },
    ...{ args: ['a'], args_count: 1, command_line: 'a' },
  })
})

test('a record that is no row says so', () => {
  for (const text of ['', '{', 'null', '[]', '7', '{}', '{"pid":"7"}', '{"pid":-1}', '{"pid":1.5}'])
    expect(eventsOf(processes, [text])).toMatchObject([
      { error: { message: expect.any(String) }, event: { original: text } },
    ])
})
