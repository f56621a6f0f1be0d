import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { isPostgresMissing, startPostgres } from '../index/query/postgres.fixture.ts'
import { openStore } from './store.ts'

const others = "pid <> pg_backend_pid() and backend_type = 'client backend'"

test.skipIf(isPostgresMissing())('a store goes on when PostgreSQL ends the connections it does not use', async () => {
  const { client, stop } = await startPostgres()
  const store = await openStore({ url: `postgres://tidewaiter@localhost/postgres?host=${client.host}` })

  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`)
  while ((await client.query(`select pid from pg_stat_activity where ${others}`)).rows.length > 0);
  // Until the pool has heard of it, too.
  await setImmediate()

  expect(await store.selectFrom('setting').selectAll().execute()).toEqual([])
  await store.destroy()
  while ((await client.query(`select pid from pg_stat_activity where ${others}`)).rows.length > 0);
  await stop()
})
