import { expect, test } from 'vitest'
import { isPostgresMissing, startPostgres } from '../index/query/postgres.fixture.ts'
import { openStore } from '../store/store.ts'
import { createIncident } from './incidents.ts'

test.skipIf(isPostgresMissing())(
  'incidents that are opened at once on PostgreSQL have numbers of their own',
  async () => {
    const { client, stop } = await startPostgres()
    const store = await openStore({ url: `postgres://tidewaiter@localhost/postgres?host=${client.host}` })
    const by = { who: 'r.abara@halyard-customs.example', at: '2026-11-24T12:00:00.000Z' }

    const ids = await Promise.all(Array.from({ length: 12 }, () => createIncident(store, 'Norfolk', by)))

    expect(new Set(ids)).toEqual(new Set(Array.from({ length: 12 }, (_, i) => `INC-${i + 1}`)))
    await store.destroy()
    await stop()
  },
)
