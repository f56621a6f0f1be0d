import { randomUUID } from 'node:crypto'
import type { Task } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { enrolledFolder, eventually, ownRecords, pass, rows, snapshotOf, startAgent } from './agent.fixture.ts'
import { newFastHost } from './fast-host.fixture.ts'
import { type FakeConsole, startFakeConsole } from './uplink/console.fixture.ts'

test('a task is sealed and stands in the system log before it is done, and its answer is sealed after', async () => {
  const fake = await startFakeConsole()
  const full: boolean[] = []
  const collector = snapshotOf('process', async function* (isFull) {
    full.push(isFull)
    yield* pass('process', ['one'])
  })
  const agent = startAgent(await enrolledFolder(fake), { collectors: [collector] })
  await eventually(() => full.length).toBeGreaterThan(1)
  const before = full.length

  const task = newTask(fake, { counter: 7 })
  fake.send({ type: 'task', task })

  await eventually(() => ownRecords(fake.host.line, 'agent:task', 'task-answered')).toMatchObject([{ id: task.id }])
  expect(ownRecords(fake.host.line, 'agent:task', 'task-received')).toMatchObject([{ task }])
  expect(agent.host.systemLog).toEqual([`tidewaiter-agent: the console asks for snapshot (task ${task.id})`])
  expect(full.slice(before)).toContain(true)

  fake.drop()
  await eventually(() => fake.host.messages.findLast(({ type }) => type === 'hello')).toMatchObject({ taskCounter: 7 })
})

test('on a machine whose system log takes no line a task is sealed, but not done', async () => {
  const fake = await startFakeConsole()
  const full: boolean[] = []
  const collector = snapshotOf('process', async function* (isFull) {
    full.push(isFull)
    yield* pass('process', ['one'])
  })
  const host = { ...newFastHost(), noteInSystemLog: async () => false }
  startAgent(await enrolledFolder(fake), { collectors: [collector], host })
  await eventually(() => full.length).toBeGreaterThan(1)

  const task = newTask(fake, { counter: 7 })
  fake.send({ type: 'task', task })

  await eventually(() => ownRecords(fake.host.line, 'agent:task', 'task-refused')).toMatchObject([
    { id: task.id, code: 'system-log-missing' },
  ])
  expect(ownRecords(fake.host.line, 'agent:task', 'task-received')).toMatchObject([{ task }])
  const passes = full.length
  await eventually(() => full.length).toBeGreaterThan(passes + 1)
  expect(full.filter(Boolean)).toHaveLength(1)
})

test('a task that is replayed, expired, for another host, not allowed or not supported is refused by name', async () => {
  const fake = await startFakeConsole()
  startAgent(await enrolledFolder(fake), { collectors: [rows('process', ['one'])] })
  await eventually(() => fake.host.line.length).toBeGreaterThan(0)
  const path = '/home/jdoe/.bash_history'
  const tasks = [
    newTask(fake, { counter: 5, ask: { kind: 'snapshot', collector: 'none' } }),
    newTask(fake, { counter: 5 }),
    newTask(fake, { counter: 6, expiresAt: '2020-01-01T00:00:00.000Z' }),
    newTask(fake, { counter: 6, host: '00'.repeat(16) }),
    newTask(fake, { counter: 7, ask: { kind: 'file', path } }),
    newTask(fake, { counter: 8, ask: { kind: 'snapshot', collector: 'nothing' } }),
  ]

  for (const task of tasks) fake.send({ type: 'task', task })

  await eventually(() =>
    ownRecords(fake.host.line, 'agent:task', 'task-refused').map(({ id, code }) => [id, code]),
  ).toEqual([
    [tasks[0]?.id, 'task-not-supported'],
    [tasks[1]?.id, 'task-replayed'],
    [tasks[2]?.id, 'task-expired'],
    [tasks[3]?.id, 'task-foreign'],
    [tasks[4]?.id, 'task-not-allowed'],
    [tasks[5]?.id, 'task-not-supported'],
  ])
  expect(ownRecords(fake.host.line, 'agent:task', 'task-received')).toHaveLength(6)
})

test('a task for this host that was refused counts as seen: it is not done when it is sent again', async () => {
  const fake = await startFakeConsole()
  startAgent(await enrolledFolder(fake), { collectors: [rows('process', ['one'])] })
  await eventually(() => fake.host.line.length).toBeGreaterThan(0)
  const task = newTask(fake, { counter: 9, expiresAt: '2020-01-01T00:00:00.000Z' })
  const foreign = newTask(fake, { counter: 40, host: '00'.repeat(16) })

  for (const each of [task, foreign, { ...task, expiresAt: '2099-01-01T00:00:00.000Z' }])
    fake.send({ type: 'task', task: each })

  await eventually(() => ownRecords(fake.host.line, 'agent:task', 'task-refused').map(({ code }) => code)).toEqual([
    'task-expired',
    'task-foreign',
    'task-replayed',
  ])
  fake.drop()
  await eventually(() => fake.host.messages.findLast(({ type }) => type === 'hello')).toMatchObject({ taskCounter: 9 })
})

test('expiry is judged by the clock of the console, whatever the host believes', async () => {
  const fake = await startFakeConsole()
  fake.aheadMs = -400 * 24 * 3_600_000
  startAgent(await enrolledFolder(fake), { collectors: [rows('process', ['one'])] })
  await eventually(() => fake.host.line.length).toBeGreaterThan(0)
  const expiresAt = new Date(Date.now() + fake.aheadMs + 3_600_000).toISOString()

  fake.send({ type: 'task', task: newTask(fake, { expiresAt }) })

  await eventually(() => ownRecords(fake.host.line, 'agent:task', 'task-answered')).toHaveLength(1)
})

function newTask(fake: FakeConsole, task: Partial<Task>): Task {
  return {
    id: randomUUID(),
    host: [...fake.hosts.keys()].at(-1) ?? '',
    counter: 1,
    expiresAt: '2099-01-01T00:00:00.000Z',
    ask: { kind: 'snapshot', collector: 'process' },
    ...task,
  }
}
