import { mostListText } from '@tidewaiter/protocol/api'
import type { FastifyInstance } from 'fastify'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { openStore, type Store } from '../store/store.ts'
import { indicators } from './indicators.ts'
import { admin, openTestRoute } from './route.fixture.ts'

let store: Store
let app: FastifyInstance

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  app = await openTestRoute(indicators, { store, now: () => Date.parse('2026-10-29T12:00:00Z') })
  onTestFinished(async () => {
    await app.close()
    await store.destroy()
  })
})

test('a list of indicators that is refused stands in the audit log, with its code and where it came from', async () => {
  const large = `${'x'.repeat(mostListText * 1.5)}`
  const broken = { text: '{', format: 'stix', source: 'notice of 2026-10-29' }

  const refused = await Promise.all([
    importing(broken),
    importing({ ...broken, format: 'other' }),
    importing({ ...broken, text: large }),
  ])

  expect(refused.map((reply) => reply.json().code)).toEqual([
    'indicator-file-refused',
    'input-malformed',
    'indicator-file-refused',
  ])
  const lines = await store.selectFrom('audit').selectAll().execute()
  expect(lines.map(({ act, who, data }) => ({ act, who, ...JSON.parse(data) }))).toEqual(
    expect.arrayContaining([
      { act: 'indicators.refused', who: admin.email, code: 'indicator-file-refused', source: broken.source },
      { act: 'indicators.refused', who: admin.email, code: 'input-malformed', source: broken.source },
      { act: 'indicators.refused', who: admin.email, code: 'indicator-file-refused', source: null },
    ]),
  )
})

function importing(payload: object) {
  return app.inject({ method: 'POST', url: '/indicators/import', payload })
}
