import { expect, test } from 'vitest'
import { newBudget } from './budget.ts'
import { defaultCaps } from './caps.ts'
import { lookInto } from './data-folder.ts'
import { memoryFolder } from './folder.fixture.ts'
import { newFakeHost } from './host.fixture.ts'
import { openSpool } from './spool/open.ts'
import { newUseRecord } from './use-record.ts'

test('what the agent uses is sealed every quarter of an hour, and earlier when it changes much', async () => {
  const { use, told, minutes } = newAgent()

  await minutes(14)
  expect(told).toEqual([])
  use.cpu += 3_600
  await minutes(1)
  use.rss += 30_000_000
  await minutes(1)
  await minutes(14)

  expect(told).toEqual([
    { ...record, since: '2026-11-24T10:00:00.000Z', cpuSeconds: 3.6, cpuPercent: 0.4, rssBytes: 60_000_000 },
    { ...record, since: '2026-11-24T10:15:00.000Z', rssBytes: 90_000_000 },
  ])
})

test('a cap that slows the agent down is told within a minute, with how often and for how long', async () => {
  const { budget, use, told, minutes, host } = newAgent()
  use.cpu += 55 * 250
  void budget.paceWork(new AbortController().signal)
  budget.sent(500)
  await host.advance(55_000)

  await minutes(0)
  await minutes(1)

  expect(told).toMatchObject([
    {
      cpuSeconds: 13.8,
      cpuPercent: 25,
      sentBytes: 500,
      caps: [{ cap: 'cpuPercent', limit: 25, times: 1, seconds: expect.closeTo(53, 0) }],
    },
    { cpuSeconds: 0, cpuPercent: 0, caps: [] },
  ])
})

const record = { cpuSeconds: 0, cpuPercent: 0, spoolBytes: 0, spoolUnacked: 0, sentBytes: 0, caps: [] }

function newAgent() {
  const use = { cpu: 0, rss: 60_000_000 }
  const own = { cpuMs: () => use.cpu, rssBytes: () => use.rss, collectGarbage: () => {} }
  const host = { ...newFakeHost(), use: own }
  const { spool } = openSpool(lookInto(memoryFolder()), { budgetBytes: 1e9, nowMs: 0 })
  const budget = newBudget(host)
  budget.setCaps(defaultCaps)
  const told: object[] = []
  const note = async (_source: string, _kind: string, what: object) => {
    told.push(what)
    return true
  }
  const tell = newUseRecord({ host, own: { note, beAlive: async () => {} }, budget, spool })
  const { signal } = new AbortController()
  return {
    budget,
    use,
    told,
    host,
    async minutes(count: number) {
      if (count === 0) return tell(signal)
      for (let i = 0; i < count; i++) {
        await host.advance(60_000)
        await tell(signal)
      }
    },
  }
}
