import type { FastifyInstance } from 'fastify'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Index } from '../index/index-port.ts'
import { connected, dial, enrolled } from '../receive/agent.fixture.ts'
import { startConsole, type TestConsole } from '../receive/receive.fixture.ts'
import { hosts } from './hosts.ts'
import { admin, openTestRoute } from './route.fixture.ts'

const yearAndDayMs = 366 * 24 * 3_600_000

let console: TestConsole
let app: FastifyInstance

beforeEach(async () => {
  console = await startConsole()
  // What the route asks of the index, which has read nothing.
  const index = {
    asOf: () => 0,
    coverage: async () => [],
    absences: async () => [],
    datasets: async () => [],
  } as Partial<Index> as Index
  app = await openTestRoute(hosts, { ...console.deps, index, receive: console.receive })
  onTestFinished(() => app.close())
})

test('a host whose certificate ended comes back once an admin lets it, and that is written down', async () => {
  const host = await enrolled(console)
  console.aheadMs = yearAndDayMs
  const agent = await dial(console, host)
  agent.hello()
  expect(await agent.hears('refused')).toMatchObject({ code: 'certificate-expired' })

  const reply = await app.inject({ method: 'POST', url: `/hosts/${host.id}/renewal` })

  expect(reply.json()).toMatchObject({ id: host.id, status: 'pending', why: expect.stringContaining('connects again') })
  agent.drop()
  const again = await connected(console, host)
  again.say({ type: 'renew', csr: await host.csr() })
  await again.hears('renewed')
  again.send(...host.seal())
  expect(await again.acked(1)).toEqual([1])
  const acts = await console.deps.store.selectFrom('audit').select(['act', 'who']).orderBy('no').execute()
  expect(acts.slice(-2)).toEqual([
    { act: 'host.approve-renewal', who: admin.email },
    { act: 'host.renew', who: `host ${host.id}` },
  ])
})

test('a host whose certificate still holds, and one that is not there, have nothing to be let renew', async () => {
  const { id } = await enrolled(console)

  for (const host of [id, 'ab'.repeat(16)])
    expect((await app.inject({ method: 'POST', url: `/hosts/${host}/renewal` })).json()).toMatchObject({
      code: 'not-found',
    })
})
