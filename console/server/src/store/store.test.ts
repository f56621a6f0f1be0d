import { expect, test } from 'vitest'
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
