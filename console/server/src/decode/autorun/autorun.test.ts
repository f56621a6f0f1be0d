import { expect, test } from 'vitest'
import { eventsOf, snapshotEvents } from '../recorded.fixture.ts'
import { autoruns } from './index.ts'

const read = (row: object, holds: 'all' | 'appeared' | 'ended' = 'all') =>
  eventsOf(autoruns, [JSON.stringify(row)], { head: { pass: { number: 2, rows: 9, holds } } })[0]
const recorded = snapshotEvents(autoruns, 'autorun')
const planted = (kind: string) =>
  recorded
    .map(({ event }) => event)
    .find((event) => event.tidewaiter.kind === kind && /planted/.test(`${event.event.original}`))

test('every row that was recorded is read', () => {
  expect(recorded.length).toBeGreaterThan(60)
  for (const { event } of recorded) expect(event).not.toHaveProperty('error')
})

test('a unit that was planted says what it runs, as whom, and which links enable it', () => {
  expect(planted('systemd-unit')).toMatchObject({
    event: { category: ['configuration'], type: ['info'], action: 'systemd-unit-seen' },
    service: { name: 'planted.service' },
    file: { path: '/etc/systemd/system/planted.service', mode: '0644', hash: { sha256: expect.any(String) } },
    process: { command_line: '/opt/planted --quiet', executable: '/opt/planted' },
    user: { name: 'ana' },
    tidewaiter: {
      run: ['ExecStart=-/opt/planted --quiet'],
      enabled_by: ['/etc/systemd/system/multi-user.target.wants/planted.service'],
    },
  })
})

test('lines of crontabs are told apart: when, as whom, what', () => {
  const row = { kind: 'cron', path: '/etc/crontab', line: 3 }
  expect(read({ ...row, text: '17 *\t* * *  root /opt/x -a | sh' })).toMatchObject({
    file: { path: '/etc/crontab' },
    user: { name: 'root' },
    process: { command_line: '/opt/x -a | sh', executable: '/opt/x' },
    tidewaiter: { when: ['17 * * * *'], line: 3 },
  })
  expect(read({ ...row, text: '@reboot svc cd /tmp && ./x' })).toMatchObject({
    user: { name: 'svc' },
    process: { command_line: 'cd /tmp && ./x' },
    tidewaiter: { when: ['@reboot'] },
  })
  expect(read({ ...row, account: 'ana', text: '* * * * * /tmp/x' })).toMatchObject({
    user: { name: 'ana' },
    process: { executable: '/tmp/x' },
  })
  expect(read({ ...row, text: 'API_KEY=', withoutValue: true })).toMatchObject({ tidewaiter: { without_value: true } })
  expect(read({ ...row, text: 'no line of a crontab' })).not.toHaveProperty('process')
})

test('an at job says when it runs', () => {
  expect(planted('at-job')).toMatchObject({
    user: { id: '1000' },
    process: { executable: '/opt/planted' },
    tidewaiter: { runs_at: '2027-01-01T00:00:00.000Z', queue: 'a' },
  })
})

test('libraries that are loaded into every program are told one by one', () => {
  expect(planted('preload')).toMatchObject({ tidewaiter: { libraries: ['/opt/planted.so', '/opt/other.so'] } })
})

test('what was changed and taken away between two passes says so', () => {
  expect(
    recorded.filter(({ holds }) => holds !== 'all').map(({ holds, event }) => [holds, event.event.action]),
  ).toEqual([
    ['ended', 'systemd-unit-removed'],
    ['ended', 'file-removed'],
    ...Array.from({ length: 3 }, () => ['ended', 'cron-removed']),
    ['appeared', 'file-changed'],
    ['appeared', 'pam-changed'],
  ])
})

test('what is no such row says so', () => {
  for (const row of [{}, { kind: 'cron' }, { kind: 'systemd-unit' }, { kind: 'hook' }, { kind: 'at-job' }])
    expect(read(row)).toMatchObject({ event: { kind: 'pipeline_error' }, error: { message: expect.any(String) } })
})
