import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logLines, openTestConsole, type TestConsole, type TestHost } from './index.fixture.ts'
import type { DirtyWindow } from './index-port.ts'

let console: TestConsole
let desk: TestHost
let lap: TestHost

const hourMs = 3_600_000
const noon = Date.parse('2026-11-24T12:00:00Z')

beforeAll(async () => {
  const detectors = [
    { id: 'sign-ins', reads: ['sshd'], windowMs: hourMs },
    { id: 'by-category', reads: ['nothing'], readsCategory: 'authentication', windowMs: 24 * hourMs },
    { id: 'blind', reads: ['auditd'], windowMs: hourMs },
  ]
  console = await openTestConsole({ detectors })
  desk = await console.host('desk-1')
  lap = await console.host('lap-1')
})

afterAll(() => console.close())

test('what comes in marks the windows of the detectors that read it, by source time', async () => {
  await send(desk, ['11:10:00', '11:50:00', '13:00:00'])
  await send(lap, ['11:20:00'])

  expect(await dirty()).toEqual([
    `desk-1 sign-ins 11:00`,
    `lap-1 sign-ins 11:00`,
    `desk-1 sign-ins 13:00`,
    `desk-1 by-category 00:00`,
    `lap-1 by-category 00:00`,
  ])
  expect(await console.index.windows.datasetsOf(desk.id)).toEqual(['sshd'])
})

test('a detector measures the events of one host and window and no others', async () => {
  const window = { host: desk.id, detector: 'sign-ins', fromMs: noon - hourMs, toMs: noon }
  const rows = await console.index.windows.measure(
    window,
    `select count(*) as count, min(at) as first, group_concat(position || ':' || record) as places,
     sum(case when category like '% authentication %' then 1 else 0 end) as sign_ins from event`,
  )

  expect(rows).toEqual([{ count: 2, first: noon - 50 * 60_000, places: '0:0,0:1', sign_ins: 2 }])
})

test('measuring cannot change the index', async () => {
  const window = { host: desk.id, detector: 'sign-ins', fromMs: noon - hourMs, toMs: noon }
  const { windows } = console.index

  await expect(windows.measure(window, 'delete from d0.event')).rejects.toThrow('readonly')
  await expect(windows.measure(window, 'delete from event')).rejects.toThrow()
})

test('a window that was judged is clean, until something comes in again', async () => {
  const { windows } = console.index
  const all = await windows.dirty(100)
  for (const window of all) {
    await windows.measure(window, 'select count(*) from event')
    await windows.judged(window)
  }
  expect(await windows.dirty(100)).toEqual([])

  await send(desk, ['11:55:00'])
  expect(await dirty()).toEqual(['desk-1 sign-ins 11:00', 'desk-1 by-category 00:00'])
})

test('what comes in between measuring and judging keeps the window dirty', async () => {
  const { windows } = console.index
  const [window] = await windows.dirty(1)
  if (window === undefined) throw new Error('nothing is dirty')
  await windows.measure(window, 'select count(*) from event')
  await send(desk, ['11:56:00'])
  await windows.judged(window)

  expect(await dirty()).toContain('desk-1 sign-ins 11:00')
  await windows.measure(window, 'select count(*) from event')
  await windows.judged(window)
  expect(await dirty()).not.toContain('desk-1 sign-ins 11:00')
})

test('a host with thousands of dirty windows does not keep the others waiting', async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => {
    const at = new Date(Date.parse('2001-01-01T00:00:00Z') + i * hourMs).toISOString()
    return `${at} desk-1 sshd[1]: Failed password for root from 203.0.113.7 port 22 ssh2`
  })
  await desk.send({ chunks: [logLines(lines)] })
  await send(lap, ['12:10:00'])

  const windows = await console.index.windows.dirty(50)
  expect(windows.filter(({ host }) => host === lap.id).map(({ detector }) => detector)).toContain('sign-ins')
  expect(windows.length).toBeLessThanOrEqual(50)
})

test('a window whose events were received on many days is measured whole', async () => {
  for (let day = 1; day <= 12; day++)
    await lap.send(
      {
        chunks: [
          logLines([
            `2026-11-10T10:00:${String(day).padStart(2, '0')}Z lap-1 sshd[1]: Failed password for root from 203.0.113.7 port 22 ssh2`,
          ]),
        ],
      },
      { receivedAtMs: Date.parse('2026-12-01T12:00:00Z') + day * 24 * hourMs },
    )
  await console.caughtUp()
  const fromMs = Date.parse('2026-11-10T10:00:00Z')
  const window = { host: lap.id, detector: 'sign-ins', fromMs, toMs: fromMs + hourMs }

  expect(await console.index.windows.measure(window, 'select count(*) as count from event')).toEqual([{ count: 12 }])
})

async function send(host: TestHost, times: readonly string[]): Promise<void> {
  const lines = times.map(
    (time) => `Nov 24 ${time} desk-1 sshd[1]: Failed password for root from 203.0.113.7 port 22 ssh2`,
  )
  await host.send({ chunks: [logLines(lines)] })
  await console.caughtUp()
}

/** Names of the dirty windows, when those that were judged are gone. */
async function dirty(): Promise<string[]> {
  await wait(0)
  const windows = await console.index.windows.dirty(100)
  const nameOf = ({ host, detector, fromMs }: DirtyWindow) =>
    `${host === desk.id ? 'desk-1' : 'lap-1'} ${detector} ${new Date(fromMs).toISOString().slice(11, 16)}`
  return windows.map(nameOf)
}

test('whoever asks while the index is made again waits for it, or is told so', async () => {
  const { index } = console
  let isDone = false
  const rebuilt = index.reindex().finally(() => {
    isDone = true
  })

  const refused: unknown[] = []
  while (!isDone) await index.windows.datasetsOf(desk.id).catch((cause: unknown) => refused.push(cause))
  await rebuilt

  for (const cause of refused) expect(cause).toMatchObject({ code: 'index-rebuilding' })
  expect(await index.windows.datasetsOf(desk.id)).toEqual(['sshd'])
})
