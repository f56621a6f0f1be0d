import { expect, test } from 'vitest'
import { openStore } from '../store/store.ts'
import { firstBreak, record } from './audit.ts'

test('a line that was changed, left out or put in breaks the chain at that line', async () => {
  const store = await openStore({ file: ':memory:' })
  for (const name of ['first', 'second', 'third'])
    await record(store, { who: 'a@b.example', act: 'incident.create', data: { name }, at: '2026-10-29T10:42:00.000Z' })

  const rows = await store.selectFrom('audit').selectAll().orderBy('no').execute()

  expect(firstBreak(rows)).toBeUndefined()
  expect(firstBreak(rows.map((row) => (row.no === 2 ? { ...row, data: '{"name":"other"}' } : row)))).toBe(2)
  expect(firstBreak(rows.filter((row) => row.no !== 2))).toBe(3)
  expect(firstBreak([...rows, { ...rows[2]!, no: 4 }])).toBe(4)
  await store.destroy()
})
