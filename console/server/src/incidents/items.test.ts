import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from '../store/store.ts'
import { addItem, createIncident, itemsOf, removeItem } from './incidents.ts'

const by = { who: 'r.abara@halyard-customs.example', at: '2026-11-24T12:00:00.000Z' }
const item = { kind: 'finding', ref: 'F-1' } as const

let store: Store
let incident: string

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  incident = await createIncident(store, 'Norfolk', by)
})

afterEach(() => store.destroy())

test('incidents that are opened at once have numbers of their own, and no number comes twice', async () => {
  const open = () => createIncident(store, 'Norfolk', by)
  expect((await Promise.all([open(), open(), open()])).sort()).toEqual(['INC-2', 'INC-3', 'INC-4'])

  await store.deleteFrom('incident').where('id', '=', 'INC-2').execute()
  expect(await open()).toBe('INC-5')
})

test('two clicks at once put one thing into an incident, and count as one change', async () => {
  const added = await Promise.all(Array.from({ length: 5 }, () => addItem(store, incident, item, by)))

  expect(new Set(added.map(({ id }) => id)).size).toBe(1)
  expect(await itemsOf(store, incident)).toHaveLength(1)
  expect(await store.selectFrom('incident').select('rev').execute()).toEqual([{ rev: 2 }])
  expect(await store.selectFrom('audit').select('act').where('act', '=', 'incident.add').execute()).toHaveLength(1)
})

test('what was taken out can be put in again, and what is no incident takes nothing', async () => {
  const first = await addItem(store, incident, item, by)
  await removeItem(store, incident, first.id, by)
  const second = await addItem(store, incident, item, by)

  expect(second.id).not.toBe(first.id)
  expect(await itemsOf(store, incident)).toEqual([second])
  await expect(addItem(store, 'INC-9', item, by)).rejects.toMatchObject({ code: 'not-found' })
})
