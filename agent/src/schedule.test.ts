import { expect, test } from 'vitest'
import { snapshotOf } from './agent.fixture.ts'
import { newFakeHost } from './host.fixture.ts'
import { openSchedule, type ScheduleOptions } from './schedule.ts'

test('a history that had no turn for half a minute says why it waits, and no longer once it goes on', async () => {
  const host = newFakeHost()
  let hasRoom = false
  let mayGoOn = () => false
  // Takes what it is given of history, and reads nothing.
  const follows = snapshotOf('log-file', async function* () {})
  const { every: _, ...stream } = follows
  const collector = {
    ...stream,
    async *collect(...[, signal, from]: Parameters<typeof follows.collect>) {
      mayGoOn = () => from.history?.mayGoOn() ?? false
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
  }
  const told = { unit: 'byte', done: 1, total: 2, finishedAt: null }
  const sealer = {
    hasRoomForHistory: () => hasRoom,
    backfilled: () => ['log-file:history:/var/log/auth.log'],
    backfillOf: (id: string) => (id === 'log-file:history:/var/log/auth.log' ? { told } : undefined),
    positionOf: () => undefined,
  }
  const options = { host, sealer, collectors: [collector], files: [], fatal: () => {} }
  const schedule = openSchedule(options as unknown as ScheduleOptions)
  schedule.apply({})
  await host.advance(1_000)
  const why = () => schedule.states().find(({ id }) => id.startsWith('log-file:history'))?.why

  expect([mayGoOn(), why()]).toEqual([false, undefined])
  await host.advance(30_000)
  expect(why()).toContain('until the console has taken what is newer')
  hasRoom = true
  expect([mayGoOn(), why()]).toEqual([true, undefined])

  await schedule.stop()
})

test('a snapshot that lies for days is handed over in full once a day, and else as it changes', async () => {
  const host = newFakeHost()
  const fulls: boolean[] = []
  const hour = 60 * 60_000
  const collector = {
    ...snapshotOf('account', async function* (isFull) {
      fulls.push(isFull)
      yield { source: 'account', chunks: [], next: { number: 1 } }
    }),
    ...{ every: 6 * hour, fullEvery: 24 * hour },
  }
  const sealer = { take: async () => {} }
  const budget = { paceWork: async () => {} }
  const options = { host, sealer, budget, collectors: [collector], files: [], fatal: expect.fail }
  const schedule = openSchedule(options as unknown as ScheduleOptions)
  schedule.apply({})

  await host.advance(24 * hour + 1)
  expect(fulls).toEqual([true, false, false, false, true])
  const asked = schedule.snapshot('account')
  await host.settle()
  expect([await asked, fulls.at(-1)]).toEqual([{}, true])
  await schedule.stop()
})

test('a walk over the disk may take longer than other passes, and no history waits for it', async () => {
  const host = newFakeHost()
  let ended = ''
  const walks = {
    ...snapshotOf('suid', async function* (_, signal) {
      await host.sleep(5 * 60_000, signal)
      ended = signal.aborted ? 'given up' : 'done'
      yield { source: 'suid', chunks: [], next: { number: 1 } }
    }),
    ...{ every: 6 * 60 * 60_000, mayTakeMs: 30 * 60_000 },
  }
  let mayGoOn = () => false
  const { every: _, ...stream } = snapshotOf('log-file', async function* () {})
  const follows = {
    ...stream,
    async *collect(...[, signal, from]: Parameters<typeof walks.collect>) {
      mayGoOn = () => from.history?.mayGoOn() ?? false
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
  }
  const sealer = { take: async () => {}, hasRoomForHistory: () => true }
  const budget = { paceWork: async () => {} }
  const options = { host, sealer, budget, collectors: [walks, follows], files: [], fatal: expect.fail }
  const schedule = openSchedule(options as unknown as ScheduleOptions)
  schedule.apply({})

  await host.advance(60_000)
  expect([mayGoOn(), ended]).toEqual([true, ''])
  await host.advance(10 * 60_000)
  expect(ended).toBe('done')
  await schedule.stop()
})

test('a collector learns which paths are compared, and where it may keep a file', async () => {
  const host = newFakeHost()
  const seen: unknown[] = []
  const follows = snapshotOf('file-integrity', async function* () {})
  const collector = {
    ...follows,
    collect(...[host, signal, from]: Parameters<typeof follows.collect>) {
      seen.push([from.integrity, from.folder])
      return follows.collect(host, signal, from)
    },
  }
  const options = { host, collectors: [collector], files: [], folder: { path: '/var/lib/x' }, fatal: expect.fail }
  const schedule = openSchedule(options as unknown as ScheduleOptions)
  schedule.apply({ integrity: ['/srv'] })

  await host.advance(1)
  expect(seen).toEqual([[['/srv'], '/var/lib/x']])
})

test('the database servers that the host configured come to the collectors', async () => {
  const host = newFakeHost()
  const given: unknown[] = []
  const snapshot = snapshotOf('database', async function* () {})
  const collector = {
    ...snapshot,
    collect(...asked: Parameters<typeof snapshot.collect>) {
      given.push(asked[2].databases)
      return snapshot.collect(...asked)
    },
  }
  const options = { host, collectors: [collector], files: [], fatal: expect.fail }
  const schedule = openSchedule(options as unknown as ScheduleOptions)
  const databases = [{ name: 'entries', engine: 'postgresql', socket: '/run/postgresql', user: 'tidewaiter' }] as const
  schedule.apply({ databases: [...databases] })
  await host.advance(1)

  expect(given).toEqual([databases])
  await schedule.stop()
})
