import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { PackageRow } from '@tidewaiter/protocol/api'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkStrictly } from '../check.ts'
import type { Deps } from '../deps.ts'
import { problemOf } from '../error.ts'
import { openTestConsole, type TestConsole } from '../package/package.fixture.ts'
import { openPackages, type Packages } from '../package/packages.ts'
import { packages as route } from './packages.ts'

let console: TestConsole
let packages: Packages
let app: FastifyInstance

beforeAll(async () => {
  console = await openTestConsole()
  packages = await openPackages(console.deps)
  app = Fastify()
  checkStrictly(app)
  app.setErrorHandler((error, _request, reply) => reply.code(problemOf(error).status).send(problemOf(error)))
  app.decorateRequest('me', null)
  app.addHook('onRequest', async (request) => {
    request.me = { id: 'p1', email: 'an.analyst@halyard-customs.example', name: 'A', role: 'analyst', csrf: '' }
  })
  // The route reaches for these two only.
  await app.register(route, { packages, now: console.deps.now } as Deps)
})

afterAll(async () => {
  await app.close()
  await packages.close()
  await console.close()
})

test('a package is asked for, watched until it is built, and downloaded under its name by the person who is recorded', async () => {
  const asked = await app.inject({
    method: 'POST',
    url: `/incidents/${console.incident}/packages`,
    payload: { profile: 'soc' },
  })
  const row = await built(asked.json<PackageRow>().id)
  const file = await app.inject(`/packages/${row.id}/download`)

  expect(asked.statusCode).toBe(200)
  expect(row).toMatchObject({ state: 'built', builtBy: 'an.analyst@halyard-customs.example' })
  expect(file.headers).toMatchObject({
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="${row.fileName}"`,
    'content-length': String(row.bytes),
  })
  expect(createHash('sha256').update(file.rawPayload).digest('hex')).toBe(row.sha256)
  const last = await console.deps.store
    .selectFrom('audit')
    .selectAll()
    .orderBy('no', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  expect(last).toMatchObject({ act: 'package.download', who: 'an.analyst@halyard-customs.example' })
})

test.each([
  ['POST', '/incidents/INC-9/packages', { profile: 'soc' }, 404],
  ['POST', '/incidents/INC-1/packages', { profile: 'other' }, 400],
  ['POST', '/incidents/INC-1/packages', { profile: 'soc', more: 1 }, 400],
  ['POST', '/incidents/INC-1/packages', { profile: 'soc', asOf: 'x' }, 404],
  ['POST', '/packages/nothing/cancel', undefined, 404],
  ['GET', '/packages/nothing', undefined, 404],
  ['GET', '/packages/..%2f..%2fkeys/download', undefined, 404],
] as const)('%s %s with %j is answered with a problem', async (method, url, payload, status) => {
  const reply = await app.inject({ method, url, ...(payload !== undefined && { payload }) })

  expect(reply.statusCode).toBe(status)
})

/** Asks until the build has ended, and lets it work in between: an injected request alone never leaves the event loop. */
async function built(id: string): Promise<PackageRow> {
  for (;;) {
    const row = (await app.inject(`/packages/${id}`)).json<PackageRow>()
    if (row.state !== 'building') return row
    await setImmediate()
  }
}
