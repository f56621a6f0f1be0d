import type { EarlierChain } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { refuse } from '../error.ts'
import { connected, dial, enrolled, heldOf, type TestHost } from './agent.fixture.ts'
import { startConsole, type TestConsole } from './receive.fixture.ts'
import { refeedOf } from './refeed.ts'

test('a rebuilt console asks for the chain a machine had before, takes back its host, and holds its batches once', async () => {
  const console = await startConsole()
  const before = await fed(console, 3)
  const now = await fed(console, 1)
  console.aheadMs = 60_000
  await console.rebuild()
  await console.deps.store.deleteFrom('host').where('id', '=', before.id).execute()

  const agent = await dial(console, now)
  const welcome = await agent.greet({ acked: 1, earlier: [earlierOf(before)] })
  expect(welcome.earlier).toEqual([{ host: before.id, is: 'lacked', after: null }])
  agent.send(...before.sealed, ...now.sealed, ...before.sealed)
  await agent.acked(7)

  expect(agent.all('ack').filter(({ host }) => host === before.id)).toHaveLength(6)
  expect(await heldOf(console, before.id)).toEqual(['1', '2', '3'])
  expect(await heldOf(console, now.id)).toEqual(['1'])
  // Nobody waits for it: its machine goes on as another host.
  expect(await console.host(before.id)).toMatchObject({ name: 'WS-014', farewell: `moved:${now.id}` })
  agent.drop()
  const again = await dial(console, now)
  expect((await again.greet({ earlier: [earlierOf(before)] })).earlier).toEqual([{ host: before.id, is: 'held' }])
  again.drop()
  expect(await console.finalCodes()).toContain('host-adopted')
})

test('what a copied machine sealed beside the line is taken again beside the line, and no new chain is asked for', async () => {
  const console = await startConsole()
  const machine = await fed(console, 2)
  const copy = machine.twin()
  const first = await connected(console, machine)
  first.send(...machine.seal(2))
  await first.acked(2)
  first.drop()
  copy.seal(2, ['another life'])
  const now = await enrolled(console)

  const agent = await dial(console, now)
  expect(await agent.greet({ earlier: [earlierOf(copy)] })).toMatchObject({ earlier: [{ is: 'lacked' }] })
  agent.send(...copy.sealed)
  await agent.acked(4)
  expect(await heldOf(console, machine.id)).toEqual(['1', '2', '3', '4', '3~', '4~'])

  const again = await dial(console, now)
  expect(await again.greet({ earlier: [earlierOf(copy)] })).toMatchObject({ earlier: [{ is: 'held' }] })
})

test('where the spool has no more of its beginning, the hole is noted of that host, and the rest is taken', async () => {
  const console = await startConsole()
  const before = await enrolled(console)
  before.seal(4)
  const now = await enrolled(console)

  const agent = await dial(console, now)
  await agent.greet({ earlier: [{ ...earlierOf(before), oldestSeq: 3 }] })
  agent.send(...before.sealed.slice(2))
  await agent.acked(2)

  expect(await heldOf(console, before.id)).toEqual(['3', '4'])
  agent.drop()
  await console.receive.close()
  expect(await console.irregularities()).toMatchObject([{ host: before.id, code: 'chain-gap', seq: 3 }])
})

test('a rebuilt console counts what it lacked of the chain before', async () => {
  const console = await startConsole()
  const before = await fed(console, 2)
  const { witness, ...now } = await fedWithHead(console)
  await console.rebuild()

  const agent = await dial(console, now.host)
  await agent.greet({ acked: 1, witness, earlier: [earlierOf(before)] })
  agent.send(...before.sealed, ...now.host.sealed)
  await agent.acked(3)

  expect(await refeedOf(console.deps)).toMatchObject({ lacked: 3, refed: 3, hosts: 2 })
})

test('the newest batch of its line that is held is told, and one that cannot be judged now is left out', async () => {
  const console = await startConsole()
  const before = await fed(console, 3)
  before.seal(2)
  const agent = await dial(console, await enrolled(console))
  const welcome = await agent.greet({ earlier: [earlierOf(before)] })
  const after = { seq: 3, headerHash: before.sealed[2]?.headerHash }
  expect(welcome.earlier).toEqual([{ host: before.id, is: 'lacked', after }])
  agent.send(...before.sealed.slice(3))
  await agent.acked(2)

  console.deps.ledger.headerHashOf = async () => {
    throw refuse('ledger-damaged', 'It cannot be read.')
  }
  const other = await dial(console, await enrolled(console))
  expect((await other.greet({ earlier: [earlierOf(before)] })).earlier).toEqual([])
})

test.each([
  [
    'of a host that was revoked',
    'host-revoked',
    async (before: TestHost, console: TestConsole) => {
      await console.deps.store.updateTable('host').set({ state: 'revoked' }).where('id', '=', before.id).execute()
      return earlierOf(before)
    },
  ],
  [
    'with the certificate of another host',
    'host-wrong',
    async (before: TestHost, console: TestConsole) => ({
      ...earlierOf(before),
      certificate: (await enrolled(console)).certificate ?? '',
    }),
  ],
  [
    'with a certificate that is none',
    'host-unknown',
    async (before: TestHost) => ({
      ...earlierOf(before),
      certificate: '-----BEGIN CERTIFICATE-----',
    }),
  ],
])('a chain %s is refused and noted, and a batch of it ends the connection', async (_, code, named) => {
  const console = await startConsole()
  const before = await enrolled(console)
  before.seal()
  const now = await enrolled(console)

  const agent = await dial(console, now)
  const welcome = await agent.greet({ earlier: [await named(before, console)] })
  expect(welcome.earlier).toEqual([{ host: before.id, is: 'refused' }])
  agent.send(...before.sealed)
  await agent.closed

  expect(agent.all('refused')).toMatchObject([{ code: 'host-wrong', fatal: true }])
  expect(await heldOf(console, before.id)).toEqual([])
  expect(await console.finalCodes()).toContain(code)
})

test('a connection that brings a chain of a host that is revoked meanwhile is ended', async () => {
  const console = await startConsole()
  const before = await enrolled(console)
  before.seal()
  const agent = await dial(console, await enrolled(console))
  expect(await agent.greet({ earlier: [earlierOf(before)] })).toMatchObject({ earlier: [{ is: 'lacked' }] })

  console.receive.disconnect(before.id, 'host-revoked')

  await agent.closed
  expect(agent.all('refused')).toMatchObject([{ code: 'host-revoked', fatal: true }])
})

test('a host cannot name its own chain as an earlier one, and what another key signed is no batch of it', async () => {
  const console = await startConsole()
  const before = await enrolled(console)
  before.seal()
  const now = await enrolled(console)
  now.seal()
  const agent = await dial(console, now)
  const welcome = await agent.greet({ earlier: [earlierOf(now), earlierOf(before)] })
  expect(welcome.earlier).toEqual([
    { host: now.id, is: 'refused' },
    { host: before.id, is: 'lacked', after: null },
  ])
  agent.send(now.key.seal(['forged'], { host: before.id, seq: 1, prev: null }))
  await agent.closed
  expect(agent.all('refused')).toMatchObject([{ code: 'signature-wrong' }])
  expect(await heldOf(console, before.id)).toEqual([])
})

function earlierOf(host: TestHost): EarlierChain {
  const { id, certificate, tip, sealed } = host
  if (certificate === undefined || tip === null) throw new Error('nothing was sealed')
  return { host: id, certificate, tip, oldestSeq: 1, acked: sealed.length }
}

/** A host with so many batches acknowledged. */
async function fed(console: TestConsole, batches: number): Promise<TestHost> {
  return (await fedWithHead(console, batches)).host
}

async function fedWithHead(console: TestConsole, batches = 1) {
  const agent = await connected(console)
  agent.send(...agent.host.seal(batches))
  await agent.acked(batches)
  agent.drop()
  await agent.closed
  return { host: agent.host, witness: agent.all('ack').at(-1)?.head ?? null }
}
