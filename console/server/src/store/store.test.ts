import { Kysely, sql } from 'kysely'
import { expect, test } from 'vitest'
import { sqliteDialect } from './dialect.ts'
import { openSqlite } from './sqlite.ts'
import { openStore } from './store.ts'

test('a transaction that fails leaves nothing, and other queries wait for it', async () => {
  const store = await openStore({ file: ':memory:' })

  const failed = store.transaction().execute(async (tx) => {
    await tx.insertInto('setting').values({ name: 'zone', value: 'UTC' }).execute()
    throw new Error('stop')
  })
  const after = store.selectFrom('setting').selectAll().execute()

  await expect(failed).rejects.toThrow('stop')
  expect(await after).toEqual([])
  await store.destroy()
})

test('bytes, numbers beyond 32 bits and nulls come back as they went in', async () => {
  const store = await openStore({ file: ':memory:' })
  const host = {
    id: 'a',
    name: 'n',
    kind: 'agent',
    os: 'o',
    platform: 'linux',
    public_key: Buffer.from([0, 255]),
    agent: '1',
  } as const
  const rest = {
    state: 'active',
    token_id: null,
    lineage: null,
    certificate_expires_at: null,
    enrolled_at: 't',
  } as const

  await store
    .insertInto('host')
    .values({ ...host, ...rest, last_seen_at: null, farewell: null, clock_offset_ms: -5_000_000_000, last_state: null })
    .execute()

  const row = await store.selectFrom('host').selectAll().executeTakeFirstOrThrow()
  expect(row).toMatchObject({ no: 1, clock_offset_ms: -5_000_000_000, token_id: null, task_counter: 0 })
  expect([...row.public_key]).toEqual([0, 255])
  await store.destroy()
})

test('a full volume is refused by its name, and the store goes on when there is room', async () => {
  const database = await openSqlite(':memory:')
  await database.exec('create table note (text text); PRAGMA max_page_count = 20')
  const store = new Kysely<{ note: { text: string } }>({ dialect: sqliteDialect(database) })
  const write = () =>
    store.transaction().execute(async (tx) => {
      await tx.insertInto('note').values({ text: 'small' }).execute()
      await sql`insert into note values (randomblob(1000000))`.execute(tx)
    })

  await expect(write()).rejects.toMatchObject({ code: 'disk-full' })
  expect(await store.selectFrom('note').selectAll().execute()).toEqual([])
  await database.exec('PRAGMA max_page_count = 20000')
  await write()

  expect(await store.selectFrom('note').selectAll().execute()).toHaveLength(2)
  await store.destroy()
})
