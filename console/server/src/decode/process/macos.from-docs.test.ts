import { expect, test } from 'vitest'
import { eventsOf } from '../recorded.fixture.ts'
import { processes } from './index.ts'

/** A row of ps(1) of macOS (keith.github.io/xcode-man-pages/ps.1.html). */
const row = {
  ...{ pid: 412, ppid: 1, uid: 0, ruid: 501, rgid: 20, tty: 'ttys000', lstart: 'Tue Nov  3 09:30:00 2026' },
  comm: '/Applications/My Tool.app/Contents/MacOS/My Tool',
  args: '/Applications/My Tool.app/Contents/MacOS/My Tool --quiet',
  sha256: 'ab'.repeat(32),
}
const read = (fields: object, holds: 'all' | 'appeared' | 'ended' = 'all') =>
  eventsOf(processes, [JSON.stringify(fields)], {
    head: { pass: { number: 2, rows: 9, holds } },
    context: { readAt: '2026-11-03T09:30:04.000Z' },
  })[0]

test('a process of a Mac stands in the fields of one of Linux', () => {
  expect(read(row, 'appeared')).toMatchObject({
    event: { action: 'process-started' },
    process: {
      ...{ pid: 412, entity_id: '412.2026-11-03T09:30:00Z', start: '2026-11-03T09:30:00Z', parent: { pid: 1 } },
      ...{ name: 'My Tool', executable: row.comm, command_line: row.args },
      hash: { sha256: row.sha256 },
    },
    user: { id: '501', effective: { id: '0' }, group: { id: '20' } },
    message: `412 ${row.args}`,
    tidewaiter: { terminal: 'ttys000' },
  })
})

test('a name that is no path is no executable, and a date that is none no start', () => {
  const event = read({ ...row, comm: '-zsh', args: undefined, lstart: 'Tue Xyz  3 09:30:00 2026' })

  expect(event?.process).toEqual({
    ...{ pid: 412, parent: { pid: 1 }, name: '-zsh' },
    hash: { sha256: row.sha256 },
  })
  expect(read({ ...row, ruid: -2 })?.user).toMatchObject({ id: '-2' })
})

test('a line of ps that nobody can read is kept as it stands', () => {
  expect(read({ malformed: 'garbage' })).toMatchObject({ event: { kind: 'pipeline_error' } })
})
