import type { FastifyInstance } from 'fastify'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { openLive } from '../live.ts'
import { openStore, type Store } from '../store/store.ts'
import { broker } from './broker.ts'
import { admin, openTestRoute } from './route.fixture.ts'

const sample = { name: 'Halyard Customs Brokers, Inc.', filerCode: 'ZZZ', zone: 'America/New_York' }

let store: Store
let app: FastifyInstance

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  app = await openTestRoute(broker, { store, live: openLive(), now: () => Date.parse('2026-10-29T12:00:00Z') })
  onTestFinished(async () => {
    await app.close()
    await store.destroy()
  })
})

test('a console that was set up without a broker gets one later, and it can be corrected', async () => {
  expect((await app.inject('/broker')).json()).toEqual({ name: '', filerCode: '', zone: 'UTC' })

  await set(sample)
  await set({ ...sample, filerCode: 'ZZ9' })

  expect((await app.inject('/broker')).json()).toEqual({ ...sample, filerCode: 'ZZ9' })
  const lines = await store.selectFrom('audit').selectAll().orderBy('no').execute()
  expect(lines.map(({ act, who, data }) => [act, who, JSON.parse(data).before])).toEqual([
    ['broker.set', admin.email, { name: '', filerCode: '', zone: 'UTC' }],
    ['broker.set', admin.email, sample],
  ])
})

test.each([
  { ...sample, name: '' },
  { ...sample, name: '  ' },
  { ...sample, filerCode: 'zz' },
  { ...sample, zone: 'Mars/Olympus' },
  { ...sample, zone: '' },
  { name: 'Halyard' },
])('%j is refused, and what stood before stays', async (wrong) => {
  await set(sample)

  expect((await set(wrong)).json()).toMatchObject({ code: 'input-malformed' })
  expect((await app.inject('/broker')).json()).toEqual(sample)
})

function set(payload: object) {
  return app.inject({ method: 'POST', url: '/broker', payload })
}
