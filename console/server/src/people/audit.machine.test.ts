import { afterAll, beforeAll, expect, test } from 'vitest'
import { isPostgresMissing, startPostgres } from '../index/query/postgres.fixture.ts'
import { openStore, type Store } from '../store/store.ts'
import { firstBreak, record } from './audit.ts'

const isMissing = isPostgresMissing()
let postgres: Awaited<ReturnType<typeof startPostgres>>
let stores: Store[]

beforeAll(async () => {
  if (isMissing) return
  postgres = await startPostgres()
  const url = `postgres://tidewaiter@localhost/postgres?host=${postgres.client.host}`
  stores = [await openStore({ url }), await openStore({ url })]
})

afterAll(async () => {
  if (isMissing) return
  for (const store of stores) await store.destroy()
  // A pool says that it is closed before its connections are, and the server would end them by force.
  while ((await others()).length > 0);
  await postgres.stop()
})

test.skipIf(isMissing)('two consoles on one PostgreSQL write one chain, each line with what it tells of', async () => {
  const act = { who: 'a@b.example', act: 'person.add', at: '2026-10-29T10:42:00.000Z' }

  await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      stores[i % 2]!.transaction().execute(async (tx) => {
        await tx
          .insertInto('setting')
          .values({ name: `${i}`, value: '' })
          .execute()
        await record(tx, { ...act, data: { i } })
      }),
    ),
  )

  const rows = await stores[0]!.selectFrom('audit').selectAll().orderBy('no').execute()
  expect(rows.map(({ no }) => no)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
  expect(firstBreak(rows)).toBeUndefined()
  expect(await stores[0]!.selectFrom('setting').selectAll().execute()).toHaveLength(60)
})

async function others(): Promise<unknown[]> {
  const sql = "select pid from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'"
  return (await postgres.client.query(sql)).rows
}
