import type { EventRow } from '@tidewaiter/protocol/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logLines, openTestConsole, type TestConsole, type TestHost } from './index.fixture.ts'

let console: TestConsole
let host: TestHost
let sent = 0

/** Three days of the console, and lines whose times lie across them. */
const days = ['2026-11-22T23:00:00Z', '2026-11-23T12:00:00Z', '2026-11-24T01:00:00Z'].map((day) => Date.parse(day))

beforeAll(async () => {
  console = await openTestConsole()
  host = await console.host('desk-1')
  for (let i = 0; i < 9; i++) await send(days[i % 3] ?? 0)
  await console.caughtUp()
})

afterAll(() => console.close())

test.each(['newest', 'oldest'] as const)('pages from the %s on give every event once and in order', async (order) => {
  const rows = await allPages({ order, limit: 7 })
  const times = rows.map(({ at }) => Date.parse(at))

  expect(rows).toHaveLength(sent)
  expect(new Set(rows.map(({ record }) => record)).size).toBe(sent)
  expect(times).toEqual(times.toSorted((a, b) => (order === 'newest' ? b - a : a - b)))
})

test('further pages see what the first one saw, whatever comes in meanwhile', async () => {
  const { index } = console
  const first = await index.search({ limit: 10, from: '-400d' })
  const before = sent
  await send(days[2] ?? 0)
  await console.caughtUp()

  const rows = [...first.rows]
  for (let after = first.next; after !== undefined; ) {
    const page = await index.search({ limit: 10, from: '-1h', after })
    expect(page.asOf).toBe(first.asOf)
    rows.push(...page.rows)
    after = page.next
  }

  expect(rows).toHaveLength(before)
  expect((await index.search({ limit: 1 })).total).toBe(sent)
})

test('a page says how many there are, and from ten thousand on that there are more', async () => {
  await host.send({ chunks: [logLines(Array.from({ length: 10_500 }, (_, i) => `row ${i} of many`))] })
  await console.caughtUp()

  expect(await console.index.search({ q: 'many', limit: 1 })).toMatchObject({ total: 10_000, totalExact: false })
  expect(await console.index.search({ q: '"row 77 of many"', limit: 1 })).toMatchObject({ total: 1, totalExact: true })
})

/** Twenty lines, one of them far in the past, received on a day. */
async function send(receivedAtMs: number): Promise<void> {
  const lines = Array.from({ length: 20 }, () => {
    sent += 1
    const at = new Date(receivedAtMs - (sent % 20 === 7 ? 30 * 86_400_000 : ((sent * 37) % 50) * 3_600_000))
    return `${at.toISOString()} desk-1 app[1]: line ${sent}`
  })
  await host.send({ chunks: [logLines(lines)] }, { receivedAtMs })
}

async function allPages(query: { order: 'newest' | 'oldest'; limit: number }): Promise<EventRow[]> {
  const rows: EventRow[] = []
  for (let after: string | undefined; ; ) {
    const page = await console.index.search({ ...query, ...(after !== undefined && { after }) })
    rows.push(...page.rows)
    if (page.next === undefined) return rows
    after = page.next
  }
}
