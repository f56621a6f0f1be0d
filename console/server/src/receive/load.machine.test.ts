import { randomBytes } from 'node:crypto'
import { limits } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import type { Ledger } from '../ledger/ledger.ts'
import { connected, heldOf, silence } from './agent.fixture.ts'
import { startConsole } from './receive.fixture.ts'

const megabyte = 1024 * 1024

test('50 agents at once are all taken in, and what is in memory of them stays bounded', async () => {
  const totalBytes = 4 * megabyte
  const gate = newGate()
  const console = await startConsole({ bounds: { totalBytes, hostBytes: megabyte }, through: gate.through })
  const agents = await Promise.all(Array.from({ length: 50 }, () => connected(console)))
  const line = randomBytes(30_000).toString('hex')
  const perHost = 8
  // Nothing gets into the ledger yet: 50 x 8 x 60 kB stand before it.
  for (const agent of agents) agent.send(...agent.host.seal(perHost, [line]))

  await expect.poll(() => gate.waitingBytes).toBeGreaterThan(totalBytes / 2)
  await new Promise((resolve) => setImmediate(resolve))
  gate.open()
  for (const agent of agents) await agent.acked(perHost)

  // A socket is read in pieces of 64 kB: each of the 50 may have brought one more after it was told to stop.
  expect(gate.mostBytes).toBeLessThan(totalBytes + 50 * 128 * 1024)
  expect(gate.mostBytes).toBeLessThan((50 * perHost * line.length) / 1.5)
  for (const { host } of agents) expect(await heldOf(console, host.id)).toHaveLength(perHost)
  expect(console.receive.connections()).toHaveLength(50)
}, 60_000)

test('one host that sends more than its share is not read on, and the others are not kept waiting', async () => {
  const gate = newGate()
  const console = await startConsole({ bounds: { hostBytes: megabyte }, through: gate.through })
  const greedy = await connected(console)
  const modest = await connected(console)
  const line = randomBytes(50_000).toString('hex')
  greedy.send(...greedy.host.seal(80, [line]))
  await expect.poll(() => gate.waitingBytes).toBeGreaterThan(megabyte / 2)

  gate.open()
  modest.send(...modest.host.seal())
  await modest.acked(1)
  const beforeModest = greedy.all('ack').length
  await greedy.acked(80)

  expect(beforeModest).toBeLessThan(60)
  expect(gate.mostBytes).toBeLessThan(megabyte + 4 * 128 * 1024)
}, 60_000)

test('a host that does not read what it is told is not listened to, and is cut off in the end', async () => {
  const console = await startConsole({ bounds: { unsentBytes: 16 * 1024, tickMs: 50, pongMs: 500 } })
  const agent = await connected(console)
  agent.send(...agent.host.seal())
  await agent.acked(1)
  silence(agent)
  // More than the network between the two holds.
  const policy = { files: Array.from({ length: 100 }, () => `/var/log/${'x'.repeat(200)}`) }
  for (let i = 0; i < 500; i++) console.receive.send(agent.host.id, { type: 'policy', policy })

  agent.send(...agent.host.seal())

  await expect.poll(() => console.receive.connections(), { timeout: 10_000 }).toEqual([])
  expect(await heldOf(console, agent.host.id)).toEqual(['1'])
  const other = await connected(console)
  other.send(...other.host.seal())
  expect(await other.acked(1)).toEqual([1])
}, 20_000)

test('a batch as large as it may be is taken', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  const lines = Array.from({ length: 4 }, () => randomBytes(limits.record / 2 - 100).toString('hex'))

  agent.send(...agent.host.seal(2, lines))

  expect(await agent.acked(2)).toEqual([1, 2])
})

/** A ledger that is not written to before it is opened, and counts what stands before it. */
function newGate() {
  const opened = Promise.withResolvers<void>()
  const gate = {
    waitingBytes: 0,
    mostBytes: 0,
    open: opened.resolve,
    through(ledger: Ledger): Ledger {
      const append: Ledger['append'] = async (batch, at) => {
        gate.waitingBytes += batch.bytes.length
        gate.mostBytes = Math.max(gate.mostBytes, gate.waitingBytes)
        try {
          await opened.promise
          return await ledger.append(batch, at)
        } finally {
          gate.waitingBytes -= batch.bytes.length
        }
      }
      return { ...ledger, append }
    },
  }
  return gate
}
