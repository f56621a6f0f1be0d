import type { Batch } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { caCertificate, hostCertificate } from '../keys/certificates.ts'
import { newKeyPair } from '../keys/key-pair.ts'
import { connected, dial, enrolled, heldOf, silence, TestHost } from './agent.fixture.ts'
import { startConsole, type TestConsole } from './receive.fixture.ts'
import { approveRenewal } from './renew.ts'
import { revokeHost } from './revoke.ts'

const dayMs = 24 * 3_600_000
const act = { who: 'admin@broker.example', at: '2026-11-24T12:00:00.000Z' }
const revoke = ({ deps, receive }: TestConsole, id: string) => revokeHost({ ...deps, receive }, id, act)

test('of two agents with one key the newer stands, and the older is told why', async () => {
  const console = await startConsole()
  const host = await enrolled(console)
  const older = await connected(console, host)

  const newer = await connected(console, host)
  newer.send(...host.seal())
  await newer.acked(1)

  expect(await older.hears('refused')).toMatchObject({ code: 'host-replaced', fatal: true })
  await older.closed
  expect(console.receive.connections()).toMatchObject([{ host: host.id }])
  expect(await console.finalCodes()).toEqual(['host-replaced'])
})

test('a host that lost its connection and comes again is not taken for two', async () => {
  const console = await startConsole({ bounds: { farewellMs: 50 } })
  const host = await enrolled(console)
  const dead = await dial(console, host)
  await dead.greet()
  silence(dead)

  await connected(console, host)

  // Closing waits for every connection to end.
  expect(await console.finalCodes()).toEqual([])
})

test('what the older connection still had in its hands is not held twice and not lost', async () => {
  const console = await startConsole()
  const host = await enrolled(console)
  const older = await connected(console, host)
  const batches = host.seal(60)
  older.send(...batches)
  const newer = await dial(console, host)

  const { after } = await newer.greet()
  newer.send(...batches.slice(after?.seq ?? 0))

  await expect.poll(() => console.deps.ledger.tipOf(host.id)?.seq).toBe(60)
  expect(await heldOf(console, host.id)).toEqual(batches.map(({ header }) => `${header.seq}`))
})

test('a batch whose place the older connection was still looking for is left to the newer one', async () => {
  const asked: (() => void)[] = []
  const console = await startConsole({
    through: (ledger) => ({
      ...ledger,
      find: async (id) => {
        await new Promise<void>((resolve) => asked.push(resolve))
        return ledger.find(id)
      },
    }),
  })
  const host = await enrolled(console)
  const original = await connected(console, host)
  original.send(...host.seal())
  await original.acked(1)
  const twin = host.twin()
  twin.sealed.length = 0
  const fork = twin.seal()
  const older = await connected(console, twin)
  older.send(...fork)
  await expect.poll(() => asked.length).toBe(1)
  const newer = await connected(console, twin)
  newer.send(...fork)
  await expect.poll(() => asked.length).toBe(2)

  for (const answer of asked) answer()

  expect(await newer.acked(1)).toEqual([1])
  expect(older.all('ack')).toEqual([])
  expect(await heldOf(console, host.id)).toEqual(['1', '1~'])
  expect(await console.finalCodes()).not.toContain('internal-error')
})

test('a revoked host is cut off within a second in the middle of its stream, and let in no more', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  const { host } = agent
  let isSending = true
  const sending = (async () => {
    while (isSending) {
      agent.send(...host.seal())
      await new Promise(setImmediate)
    }
  })()
  await agent.acked(5)

  await revoke(console, host.id)
  const revokedAt = performance.now()
  const held = await heldOf(console, host.id)
  expect((await agent.hears('refused')).code).toBe('host-revoked')
  await agent.closed
  isSending = false
  await sending

  expect(performance.now() - revokedAt).toBeLessThan(1000)
  // At most what was on its way into the ledger already: a sender that goes on sends thousands in that second.
  expect((await heldOf(console, host.id)).length - held.length).toBeLessThan(100)
  await expect(dial(console, host)).rejects.toThrow('403 host-revoked')
  const audit = await console.deps.store.selectFrom('audit').select('act').where('act', '=', 'host.revoke').execute()
  expect(audit).toHaveLength(1)
  expect(await console.finalCodes()).toEqual(['host-revoked'])
})

test('a host that is revoked between its handshake and its hello does not get in', async () => {
  const console = await startConsole()
  const host = await enrolled(console)
  const agent = await dial(console, host)
  await console.deps.store.updateTable('host').set({ state: 'revoked' }).where('id', '=', host.id).execute()

  agent.hello()

  expect((await agent.hears('refused')).code).toBe('host-revoked')
})

test('identity is the key in the host table: a certificate of another CA with the same name opens nothing', async () => {
  const console = await startConsole()
  const stranger = new TestHost()
  const foreign = newKeyPair()
  const issuer = { pair: foreign, certificate: await caCertificate(foreign) }
  const asked = { publicKey: stranger.key.publicKey, hostId: stranger.id, nowMs: Date.now() }
  stranger.certificate = (await hostCertificate(issuer, asked)).certificate

  await expect(dial(console, stranger)).rejects.toThrow('403 host-unknown')
  await expect(dial(console, new TestHost())).rejects.toThrow('403 host-unknown')

  const known = await enrolled(console)
  const own = { publicKey: known.key.publicKey, hostId: known.id, nowMs: Date.now() }
  known.certificate = (await hostCertificate(issuer, own)).certificate
  // Possession of the key is what TLS proved, and it is the key of the host.
  const agent = await connected(console, known)
  agent.send(...known.seal())
  expect(await agent.acked(1)).toEqual([1])
  const noted = await console.finalCodes().then(() => console.irregularities())
  expect(noted.map(({ host, code }) => [host, code])).toEqual([[null, 'host-unknown']])
})

test('a host whose certificate is past its end may renew it and nothing else, once an admin lets it', async () => {
  const console = await startConsole()
  const host = await enrolled(console)
  console.aheadMs = 366 * dayMs
  const agent = await dial(console, host)
  agent.hello()
  expect(await agent.hears('refused')).toMatchObject({ code: 'certificate-expired', fatal: false })
  agent.say({ type: 'renew', csr: await host.csr() })
  expect(await agent.hears('refused', 1)).toMatchObject({ code: 'certificate-expired', fatal: false })
  agent.send(...host.seal())
  expect(await agent.hears('refused', 2)).toMatchObject({ code: 'certificate-expired', fatal: true })
  await agent.closed

  await approveRenewal(console.deps, host.id, { ...act, at: new Date(console.deps.now()).toISOString() })
  const again = await connected(console, host)
  again.say({ type: 'renew', csr: await host.csr() })
  await again.hears('renewed')

  expect(Date.parse((await console.host(host.id)).certificate_expires_at ?? '')).toBeGreaterThan(
    console.deps.now() + 364 * dayMs,
  )
  expect(await heldOf(console, host.id)).toEqual([])
})

test('a certificate is renewed over the live connection for the key of the host, and for no other one', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  const before = (await console.host(agent.host.id)).certificate_expires_at ?? ''
  console.aheadMs = 200 * dayMs
  agent.say({ type: 'renew', csr: await new TestHost().csr() })
  expect(await agent.hears('refused')).toMatchObject({ code: 'csr-refused', fatal: false })
  const other = { host: 'ab'.repeat(16), seq: 1, header: 'cd'.repeat(32) }
  agent.say({ type: 'renew', csr: await new TestHost().csr(), lineage: other })
  expect(await agent.hears('refused', 1)).toMatchObject({ code: 'host-wrong', fatal: false })

  agent.say({ type: 'renew', csr: await agent.host.csr() })
  const { certificate } = await agent.hears('renewed')

  expect(certificate).toContain('BEGIN CERTIFICATE')
  const longerMs = Date.parse((await console.host(agent.host.id)).certificate_expires_at ?? '') - Date.parse(before)
  expect(Math.round(longerMs / dayMs)).toBe(200)
})

test('a host cannot make itself new without end', async () => {
  const console = await startConsole()
  const host = await enrolled(console, new TestHost())
  await console.deps.store.updateTable('token').set({ uses: 1 }).execute()
  const lineage = { host: host.id, seq: 1, header: 'cd'.repeat(32) }
  const answers: string[] = []

  for (let i = 0; i < 24; i++) {
    // A console that was started again has forgotten how often it was asked.
    if (i % 4 === 0) await console.restart()
    const agent = await connected(console, host)
    agent.say({ type: 'renew', csr: await new TestHost().csr(), lineage })
    answers.push(await Promise.race([agent.hears('renewed'), agent.hears('refused')]).then(({ type }) => type))
    agent.drop()
  }

  expect(answers.filter((type) => type === 'renewed')).toHaveLength(20)
  expect(await console.finalCodes()).toContain('host-busy')
})

test('a connection on which nobody answers is ended, and one that answers is not', async () => {
  const console = await startConsole({ bounds: { tickMs: 20, pingMs: 50, pongMs: 100 } })
  const there = await connected(console)
  const gone = await connected(console)
  silence(gone)
  let pings = 0
  there.socket.on('ping', () => {
    pings += 1
  })

  await expect.poll(() => pings).toBeGreaterThan(8)

  expect(console.receive.connections().map(({ host }) => host)).toEqual([there.host.id])
})

test('a console that is started again goes on where its ledger is', async () => {
  const console = await startConsole()
  const first = await connected(console)
  const batches = first.host.seal(30)
  first.send(...batches)
  await first.acked(7)

  await console.restart()
  await first.closed
  const again = await dial(console, first.host)
  const { after } = await again.greet()

  expect(after?.seq).toBeGreaterThanOrEqual(7)
  again.send(...batches.slice(after?.seq))
  await again.acked(30 - (after?.seq ?? 0))
  expect(await heldOf(console, first.host.id)).toEqual(batches.map(({ header }) => `${header.seq}`))
})

test('a person who looks is told to the agent, also to one that connects later', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  const untilMs = console.deps.now() + 60_000

  console.receive.watch(agent.host.id, untilMs)

  expect((await agent.hears('watch')).until).toBe(new Date(untilMs).toISOString())
  agent.drop()
  const again = await connected(console, agent.host)
  expect((await again.hears('watch')).until).toBe(new Date(untilMs).toISOString())
})

test('a task goes to the host that is connected, and the sender knows when it is not', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  const ask = { kind: 'snapshot' as const, collector: 'process' }
  const task = { id: '0'.repeat(36), host: agent.host.id, counter: 1, expiresAt: '2030-01-01T00:00:00.000Z', ask }

  expect(console.receive.send(agent.host.id, { type: 'task', task })).toBe(true)
  expect((await agent.hears('task')).task).toEqual(task)
  agent.drop()
  await expect.poll(() => console.receive.send(agent.host.id, { type: 'task', task })).toBe(false)
})

test('an agent hears the time with the moment its question came', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  const sentAt = '2026-11-24T12:00:00.000Z'

  agent.say({ type: 'time', sentAt })

  const { askedAt, receivedAt, sentAt: repliedAt } = await agent.hears('time')
  expect(askedAt).toBe(sentAt)
  expect(Date.parse(repliedAt)).toBeGreaterThanOrEqual(Date.parse(receivedAt))
})

test('a goodbye is kept, and one for good ends nothing: that is for an admin', async () => {
  const console = await startConsole()
  const stopped = await connected(console)
  stopped.say({ type: 'bye', reason: 'stopped' })
  stopped.socket.close(1000)
  const uninstalled = await connected(console)
  uninstalled.say({ type: 'bye', reason: 'uninstalled' })
  uninstalled.socket.close(1000)

  await expect.poll(() => console.receive.connections()).toEqual([])
  await expect.poll(async () => (await console.host(stopped.host.id)).farewell).toBe('stopped')
  expect((await console.host(uninstalled.host.id)).farewell).toBe('uninstalled')
  expect((await console.host(uninstalled.host.id)).state).toBe('active')
  const again = await connected(console, stopped.host)
  expect(console.receive.standing(again.host.id)?.farewell).toBeNull()
})

test('a flood of control messages is slowed down and noted once, and evidence still goes in', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  const [batch] = agent.host.seal() as [Batch]
  for (let i = 0; i < 80; i++) agent.say({ type: 'time', sentAt: '2026-11-24T12:00:00.000Z' })
  agent.send(batch)
  const other = await connected(console)
  other.send(...other.host.seal())

  expect(await other.acked(1)).toEqual([1])
  expect(agent.all('time').length).toBeLessThan(70)
  expect(agent.socket.readyState).toBe(agent.socket.OPEN)
  expect(await console.finalCodes()).toEqual(['host-busy'])
})

test('a host has few connections side by side, and the console as many hosts as it may', async () => {
  const console = await startConsole({ bounds: { hosts: 4, connectionsOfHost: 2 } })
  const greedy = await enrolled(console)
  await dial(console, greedy)
  await dial(console, greedy)
  await expect(dial(console, greedy)).rejects.toThrow('429 host-busy')
  await connected(console)
  await connected(console)

  await expect(connected(console)).rejects.toThrow('503 too-many-connections')
})
