import { expect, test } from 'vitest'
import { eventsOf } from '../recorded.fixture.ts'
import { agent } from './index.ts'

const at = '2026-11-25T19:00:00.123Z'
const read = (row: object) => eventsOf(agent, [Buffer.from(JSON.stringify({ at, ...row }))])[0]

test('a gap says which collector could not read, why and until when', () => {
  const gap = { kind: 'gap', collector: 'login', code: 'EACCES', says: 'not permitted', failures: 2, until: at }

  expect(read(gap)).toMatchObject({
    '@timestamp': at,
    event: { dataset: 'agent', category: ['host'], action: 'gap', outcome: 'failure', code: 'EACCES' },
    message: 'login could not read: not permitted',
    tidewaiter: { agent: { collector: 'login', failures: 2, until: at } },
  })
})

test('a task is told when it came, when it was refused and how it was answered', () => {
  expect(read({ kind: 'task-received', task: { id: 'x', ask: { kind: 'file', path: '/etc/passwd' } } })).toMatchObject({
    event: { action: 'task-received' },
    message: 'The console asked for file.',
    tidewaiter: { agent: { task: { ask: { path: '/etc/passwd' } } } },
  })
  expect(read({ kind: 'task-refused', id: 'x', code: 'task-expired', says: 'too late' })).toMatchObject({
    event: { outcome: 'failure', code: 'task-expired' },
  })
  expect(read({ kind: 'task-answered', id: 'x' })).toMatchObject({ event: { outcome: 'success' } })
  expect(read({ kind: 'task-answered', id: 'x', failed: 'it hung' })).toMatchObject({ event: { outcome: 'failure' } })
})

test('an artifact is told as the file it was, and one that will not arrive with why', () => {
  const sha256 = 'ab'.repeat(32)
  const row = { kind: 'artifact', task: 'x', path: '/etc/hosts', sha256, size: 12, changedDuringRead: true }

  expect(read(row)).toMatchObject({
    event: { category: ['file'], action: 'artifact', outcome: 'success' },
    message: '/etc/hosts was acquired. It changed while it was read.',
    file: { path: '/etc/hosts', size: 12, hash: { sha256 } },
  })
  expect(read({ kind: 'artifact-lost', task: 'x', code: 'artifact-wrong', says: 'another size' })).toMatchObject({
    event: { outcome: 'failure', code: 'artifact-wrong' },
    message: 'An artifact will not arrive: another size',
  })
})

test('runs and policies are told', () => {
  for (const kind of ['started', 'stopped', 'spool-set-aside', 'spool-was-full', 'new-chain', 'policy'])
    expect(read({ kind })).toMatchObject({
      '@timestamp': at,
      event: { action: kind },
      message: expect.stringMatching(/\.$/),
    })
})

test('a start tells how the run before it ended, in words', () => {
  const started = (ended: string) => read({ kind: 'started', agent: '0.1.0', before: { ended, at } })?.message

  expect(started('killed')).toContain('killed or crashed')
  expect(started('host-down')).toContain('booted since')
  expect(started('enrolled')).toContain('enrolment')
  expect(started('service-stopped')).toContain('by the service manager')
  for (const unknown of ['tomorrow', 'constructor', '']) expect(started(unknown)).toBe('The agent 0.1.0 started.')
  expect(read({ kind: 'stopped', cause: 'host-stopping' })?.message).toContain('shut down')
})

test('sleep, standing still and a clock that was set are told with their times', () => {
  const [from, to] = [at, '2026-11-25T20:00:00.000Z']

  for (const kind of ['asleep', 'stalled'])
    expect(read({ kind, from, to, ms: 3_600_000 })).toMatchObject({
      event: { action: kind },
      message: expect.stringContaining(`from ${from} to ${to}`),
    })
  expect(read({ kind: 'clock-step', before: from, after: to, ms: 1 })?.message).toBe(
    `The clock was set from ${from} to ${to}.`,
  )
})

test('a kind of a later agent is kept with what it says', () => {
  for (const kind of ['tomorrow', 'constructor', '__proto__'])
    expect(read({ kind, more: 1 })).toMatchObject({ event: { action: kind }, tidewaiter: { agent: { more: 1 } } })
})

test('a time that is none is left out', () => {
  for (const wrong of ['yesterday', '', 7, '2026-11-25T19:00:00.123Zx'])
    expect(read({ kind: 'gap', at: wrong })).not.toHaveProperty('@timestamp')
})

test('a record that is none of the agent’s says so', () => {
  for (const text of ['', '{}', '[]', '{"kind":7}', `{"kind":"gap","x":${'['.repeat(1000)}${']'.repeat(1000)}}`])
    expect(eventsOf(agent, [text])).toMatchObject([{ error: { message: expect.any(String) } }])
})
