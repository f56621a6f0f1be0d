import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecoveryKit } from '@tidewaiter/protocol/api'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Keys, openKeys } from '../keys/keys.ts'
import { openSealed } from '../keys/recovery.ts'
import { firstBreak } from '../people/audit.ts'
import { openStore, type Store } from '../store/store.ts'
import { keys as route } from './keys.ts'
import { openTestRoute } from './route.fixture.ts'

let folder: string
let keys: Keys
let store: Store
let app: FastifyInstance

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidewaiter-keys-'))
  keys = await openKeys(folder)
  store = await openStore({ file: ':memory:' })
  app = await openTestRoute(route, { keys, store, now: () => Date.parse('2026-10-29T12:00:00Z') })
})

afterEach(async () => {
  await app.close()
  await store.destroy()
  rmSync(folder, { recursive: true })
})

test('the recovery key is given out once, together with the file that it opens', async () => {
  const { recoveryKey, recoveryFile } = (await post('/keys/recovery')).json<RecoveryKit>()
  const again = await post('/keys/recovery')

  const material = await openSealed(Buffer.from(recoveryFile, 'base64'), { recoveryKey })
  expect(material['master.key']?.trim()).toBe(Buffer.from(keys.masterKey).toString('hex'))
  expect(again.json()).toMatchObject({ code: 'not-found' })
  expect(await acts()).toEqual(['keys.recovery'])
})

test('a recovery key that cannot be written down as given out is not given out, and waits', async () => {
  await sql`alter table audit rename to away`.execute(store)
  const refused = await post('/keys/recovery')
  await sql`alter table away rename to audit`.execute(store)

  expect(refused.statusCode).toBe(500)
  expect(keys.recovery.waits()).toBe(true)
  expect((await post('/keys/recovery')).json()).toHaveProperty('recoveryKey')
})

test('whoever lost the recovery key has a new one made, which opens the file of today', async () => {
  await post('/keys/recovery')
  await post('/keys/rotate', { name: 'package' })

  const { recoveryKey } = (await post('/keys/recovery/renew')).json<RecoveryKit>()
  const { recoveryFile } = (await post('/keys/recovery/file')).json<Pick<RecoveryKit, 'recoveryFile'>>()

  expect(await openSealed(Buffer.from(recoveryFile, 'base64'), { recoveryKey })).toHaveProperty(['package.pem'])
  expect(keys.recovery.waits()).toBe(false)
  expect(await acts()).toEqual(['keys.recovery', 'keys.rotate', 'keys.renew-recovery', 'keys.recovery-file'])
})

test('acts of several people at the same moment all come about and are all written down', async () => {
  const asked = ['/keys/recovery/file', '/keys/recovery/renew', '/keys/recovery/file', '/keys/recovery/renew']

  const replies = await Promise.all(asked.map((path) => post(path)))

  expect(replies.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200])
  expect(await acts()).toHaveLength(4)
  expect(firstBreak(await store.selectFrom('audit').selectAll().orderBy('no').execute())).toBeUndefined()
})

function post(url: string, payload?: object) {
  return app.inject({ method: 'POST', url, ...(payload !== undefined && { payload }) })
}

async function acts(): Promise<string[]> {
  return (await store.selectFrom('audit').select('act').orderBy('no').execute()).map(({ act }) => act)
}
