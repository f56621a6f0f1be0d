import { expect, test } from 'vitest'
import { evidenceOf } from './coverage.ts'
import type { Handles } from './handles.ts'

test('a source that lost evidence again and again costs as much as there is of it, and not its square', async () => {
  const few = await reads(500)
  const many = await reads(4000)

  // Sorting takes its logarithm more.
  expect(many / few).toBeLessThan(8 * 2)
})

/** How often a time is read of a source that was covered and lost so many times in turn. */
async function reads(times: number): Promise<number> {
  let count = 0
  const row = (state: string, fromMs: number, toMs: number) => ({
    ...{ chain: 'desk', source: 'journal:system', state, records: 1, lost: null, why: null, periodMs: null },
    get fromMs() {
      count++
      return fromMs
    },
    get toMs() {
      count++
      return toMs
    },
  })
  const rows = Array.from({ length: times }, (_, n) => [
    row('covered', n * 1000, n * 1000 + 900),
    row('lost', n * 1000 + 300, n * 1000 + 400),
  ])
  const all = async (sql: string) => (sql.includes('join span') ? rows.flat() : [])
  const handles = { events: (ask: (db: { all: typeof all }) => unknown) => ask({ all }) } as unknown as Handles
  const { spans } = await evidenceOf(handles, 'desk')
  expect(spans.filter(({ state }) => state === 'covered')).toHaveLength(2 * times)
  return count
}
