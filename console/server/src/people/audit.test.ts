import { expect, test } from 'vitest'
import { openStore } from '../store/store.ts'
import { firstBreak, recordAlone } from './audit.ts'

const sample = { who: 'a@b.example', act: 'incident.create', at: '2026-10-29T10:42:00.000Z' }

test('a line that was changed, left out or put in breaks the chain at that line', async () => {
  const store = await openStore({ file: ':memory:' })
  for (const name of ['first', 'second', 'third']) await recordAlone(store, { ...sample, data: { name } })

  const rows = await store.selectFrom('audit').selectAll().orderBy('no').execute()

  expect(firstBreak(rows)).toBeUndefined()
  expect(firstBreak(rows.map((row) => (row.no === 2 ? { ...row, data: '{"name":"other"}' } : row)))).toBe(2)
  expect(firstBreak(rows.filter((row) => row.no !== 2))).toBe(3)
  expect(firstBreak([...rows, { ...rows[2]!, no: 4 }])).toBe(4)
  await store.destroy()
})

test('acts at the same moment each get a line, and the lines are one chain', async () => {
  const store = await openStore({ file: ':memory:' })

  await Promise.all(Array.from({ length: 20 }, (_, i) => recordAlone(store, { ...sample, data: { i } })))

  const rows = await store.selectFrom('audit').selectAll().orderBy('no').execute()
  expect(rows.map(({ data }) => JSON.parse(data).i).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, i) => i),
  )
  expect(firstBreak(rows)).toBeUndefined()
  await store.destroy()
})
