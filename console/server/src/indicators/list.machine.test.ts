import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../store/sqlite.ts'
import { openStore, type Store } from '../store/store.ts'
import { importIndicators } from './import.ts'
import { allIndicators, listIndicators } from './list.ts'

let store: Store

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  for (const second of [1, 2, 3])
    await importIndicators(
      store,
      { text: Array.from({ length: 4 }, (_, i) => `203.0.113.${second}${i}`).join('\n'), source: 's' },
      { who: 'w', at: `2026-11-24T12:00:0${second}.000Z` },
    )
})

afterEach(() => store.destroy())

test('indicators come newest first, each once, and are counted for the first page only', async () => {
  const values: string[] = []
  const totals: number[] = []
  for (let after: string | undefined; ; ) {
    const page = await listIndicators(store, { limit: 5, ...(after !== undefined && { after }) }, new Map())
    values.push(...page.rows.map(({ value }) => value))
    totals.push(page.total)
    if (page.next === undefined) break
    after = page.next
    // Whoever reads on sees the number of the first page.
    await importIndicators(store, { text: `198.51.100.${totals.length}`, source: 's' }, { who: 'w', at: later })
  }

  expect(totals).toEqual([12, 12, 12])
  expect(new Set(values).size).toBe(12)
  expect(values[0]).toMatch(/^203\.0\.113\.3/)
  expect(values.at(-1)).toMatch(/^203\.0\.113\.1/)
  for (const after of ['nonsense', '2026-11-24T12:00:01.000Z~ab', `2026-11-24T12:00:01.000Z~${'a'.repeat(32)}`])
    await expect(listIndicators(store, { after }, new Map())).rejects.toMatchObject({ code: 'input-malformed' })
})

test('a page is found by an index, however many indicators there are', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-list-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'console.db')
  await (await openStore({ file })).destroy()
  const db = await openSqlite(file)
  const rows = await db.all<{ detail: string }>(
    `explain query plan select * from indicator where (added_at, id) < (?, ?) order by added_at desc, id desc limit 101`,
    [later, ''],
  )
  await db.close()

  const plan = rows.map(({ detail }) => detail).join('; ')
  expect(plan).toContain('indicator_added')
  expect(plan).not.toContain('TEMP B-TREE')
})

test('a package gets all of them in the order of their ids', async () => {
  const all = await allIndicators(store, new Map(), Date.parse(later))

  expect(all).toHaveLength(12)
  expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted())
})

const later = '2026-11-24T12:30:00.000Z'
