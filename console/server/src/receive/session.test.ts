import { type Batch, checkHead, type Lineage, limits } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { expect, test } from 'vitest'
import { connected, dial, enrolled, heldOf, TestHost } from './agent.fixture.ts'
import { startConsole } from './receive.fixture.ts'

test('batches are acknowledged in the order of the chain, each with a head that covers it', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  const batches = agent.host.seal(40)

  agent.send(...batches)

  expect(await agent.acked(40)).toEqual(batches.map(({ header }) => header.seq))
  for (const [i, { headerHash, head }] of agent.all('ack').entries()) {
    expect(headerHash).toBe(batches[i]?.headerHash)
    const { size } = checkHead(nodePrimitives, head, console.deps.keys.publicKey('ledger'))
    expect(size).toBeGreaterThan(i)
  }
  expect(await heldOf(console, agent.host.id)).toEqual(batches.map(({ header }) => `${header.seq}`))
  expect(await console.finalCodes()).toEqual([])
})

test('welcome says where to go on, within which window and at what time', async () => {
  const console = await startConsole()
  const first = await connected(console)
  first.send(...first.host.seal(3))
  await first.acked(3)
  first.drop()
  const again = await dial(console, first.host)
  console.aheadMs = 60_000

  const { after, window, receivedAt, policy } = await again.greet()

  expect({ after, window, policy }).toEqual({ after: first.host.tip, window: limits.window, policy: {} })
  expect(Math.abs(Date.parse(receivedAt) - Date.now() - 60_000)).toBeLessThan(5_000)
})

test('a repeated batch is acknowledged again and held once, also while the first is on its way', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  const [one, two] = agent.host.seal(2) as [Batch, Batch]

  agent.send(one, one, two, one, two)
  await agent.acked(5)
  agent.send(one)

  expect((await agent.acked(6)).toSorted()).toEqual([1, 1, 1, 1, 2, 2])
  expect(await heldOf(console, agent.host.id)).toEqual(['1', '2'])
  expect(await console.finalCodes()).toEqual([])
})

test('a batch that leaves others out is refused by name, and the host is told where to go on', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  const [one, two, three, four] = agent.host.seal(4) as [Batch, Batch, Batch, Batch]

  agent.send(one, four)
  const { code, fatal, seq } = await agent.hears('refused')
  await agent.closed

  // Without a number: to begin a new chain would lose what the host still has.
  expect({ code, fatal, seq }).toEqual({ code: 'chain-gap', fatal: true, seq: undefined })
  const again = await dial(console, agent.host)
  expect((await again.greet()).after?.seq).toBe(1)
  again.send(two, three, four)
  await again.acked(3)
  expect(await heldOf(console, agent.host.id)).toEqual(['1', '2', '3', '4'])
  expect(await console.finalCodes()).toEqual(['chain-gap'])
  expect((await console.irregularities())[0]?.seq).toBe(4)
})

test('what the host has no more is a hole that is shown, and the rest of its chain is held', async () => {
  const console = await startConsole()
  const first = await connected(console)
  first.send(...first.host.seal(2))
  await first.acked(2)
  first.drop()
  const [, , five, six] = first.host.seal(4) as [Batch, Batch, Batch, Batch]
  const again = await dial(console, first.host)
  await again.greet({ oldestSeq: 5 })

  again.send(five, six)
  await again.acked(2)

  expect(await heldOf(console, first.host.id)).toEqual(['1', '2', '5', '6'])
  expect(await console.finalCodes()).toEqual(['chain-gap'])
  const [noted] = await console.irregularities()
  expect(noted?.says).toContain('Batches 3 to 4')
})

test('a chain that a copied disk forked is kept beside the line, and the host goes on under a new key', async () => {
  const console = await startConsole()
  const host = await enrolled(console)
  const copy = host.twin()
  const original = await connected(console, host)
  original.send(...host.seal(3))
  await original.acked(3)
  original.drop()

  const agent = await dial(console, copy)
  const [one, two, three, four, five] = copy.seal(5) as [Batch, Batch, Batch, Batch, Batch]
  expect((await agent.greet()).after).toEqual(host.tip)
  agent.send(one, two, three, four, five)

  expect(await agent.acked(5)).toEqual([1, 2, 3, 4, 5])
  expect(await heldOf(console, host.id)).toEqual(['1', '2', '3', '1~', '2~', '3~', '4~', '5~'])
  expect(console.deps.ledger.tipOf(host.id)).toEqual(host.tip)
  await expect.poll(() => console.codes()).toEqual(['chain-fork'])

  const lineage: Lineage = { host: host.id, seq: 5, header: five.headerHash }
  const successor = new TestHost()
  agent.say({ type: 'renew', csr: await successor.csr(), lineage })
  successor.certificate = (await agent.hears('renewed')).certificate
  const reborn = await connected(console, successor)
  reborn.send(...successor.seal(2))
  await reborn.acked(2)
  expect(JSON.parse((await console.host(successor.id)).lineage ?? '')).toEqual(lineage)
})

test('a second fork of a host is shown beside the first one', async () => {
  const console = await startConsole()
  const host = await enrolled(console)
  const copies = [host.twin()]
  const original = await connected(console, host)
  original.send(...host.seal(1))
  copies.push(host.twin())
  original.send(...host.seal(2))
  await original.acked(3)
  original.drop()

  for (const copy of copies) {
    const agent = await dial(console, copy)
    const batches = copy.seal(1)
    await agent.greet()
    agent.send(...batches)
    await agent.acked(1)
    agent.drop()
  }

  await console.receive.close()
  const noted = await console.irregularities()
  expect(noted.map(({ code, seq }) => [code, seq])).toEqual([
    ['chain-fork', 1],
    ['chain-fork', 2],
  ])
})

test('a branch goes on over a new connection, and none of it is held twice', async () => {
  const console = await startConsole()
  const host = await enrolled(console)
  const copy = host.twin()
  const original = await connected(console, host)
  original.send(...host.seal(1))
  await original.acked(1)
  const [one, two, three] = copy.seal(3) as [Batch, Batch, Batch]

  for (const batches of [
    [one, two],
    [two, three],
    [one, three],
  ]) {
    const agent = await dial(console, copy)
    await agent.greet()
    agent.send(...batches)
    await agent.acked(2)
    agent.drop()
  }

  expect(await heldOf(console, host.id)).toEqual(['1', '1~', '2~', '3~'])
})

test('a host that forks after it went on in its line is told to begin a new one', async () => {
  const console = await startConsole()
  const host = await enrolled(console)
  const copy = host.twin()
  const agent = await connected(console, host)
  agent.send(...host.seal(2), ...copy.seal(1))

  const { code, seq, fatal } = await agent.hears('refused')

  expect({ code, seq, fatal }).toEqual({ code: 'chain-fork', seq: 1, fatal: true })
  expect(await agent.acked(3)).toEqual([1, 2, 1])
  expect(await heldOf(console, host.id)).toEqual(['1', '2', '1~'])
})

const lies: [string, string, (host: TestHost) => Uint8Array | string | Promise<Uint8Array | string>][] = [
  ['a signature of another key', 'signature-wrong', (host) => new TestHost().key.seal(['x'], { host: host.id }).bytes],
  ['the batch of another host', 'host-wrong', () => new TestHost().seal()[0]?.bytes ?? ''],
  ['a payload that was changed', 'payload-digest-wrong', (host) => flipped(host.seal()[0] as Batch)],
  ['bytes that are no batch', 'batch-malformed', () => Buffer.alloc(4096, 0x5a)],
  ['no bytes at all', 'batch-malformed', () => Buffer.alloc(0)],
  ['text that is no message', 'frame-malformed', () => '{"type":"state"}'],
  ['text that is no JSON', 'frame-malformed', () => '['.repeat(200_000)],
  ['text over the limit', 'frame-too-large', () => 'x'.repeat(limits.textFrame + 1)],
  ['a second hello', 'frame-malformed', () => hello],
]
const hello = JSON.stringify({
  type: 'hello',
  version: 1,
  agent: '',
  name: '',
  os: '',
  platform: '',
  bootId: '',
  tip: null,
  oldestSeq: null,
  acked: 0,
  witness: null,
  taskCounter: 0,
  sentAt: '2026-11-24T12:00:00.000Z',
})

test.each(lies)('%s is refused as %s, noted once, and nothing of it is held', async (_what, code, make) => {
  const console = await startConsole()
  const agent = await connected(console)
  const bytes = await make(agent.host)

  agent.socket.send(bytes, { binary: typeof bytes !== 'string' })
  const refused = await agent.hears('refused')
  await agent.closed

  expect(refused).toMatchObject({ code, fatal: true })
  expect(await heldOf(console, agent.host.id)).toEqual([])
  await expect.poll(() => console.codes()).toEqual([code])
  // The console is as it was.
  const other = await connected(console)
  other.send(...other.host.seal())
  expect(await other.acked(1)).toEqual([1])
})

test('what is not a WebSocket message, or is larger than any batch, ends the connection and is noted', async () => {
  const console = await startConsole()
  const large = await connected(console)
  large.socket.send(Buffer.alloc(limits.binaryFrame + 1))
  await large.closed
  const masked = await connected(console)
  // A frame of a reserved opcode, past what the library would send.
  const raw = masked.socket as unknown as { _socket: { write(data: Buffer): void } }
  raw._socket.write(Buffer.from([0x83, 0x80, 0, 0, 0, 0]))
  await masked.closed

  await expect.poll(async () => (await console.codes()).toSorted()).toEqual(['frame-malformed', 'frame-too-large'])
})

test('nothing but hello comes first, in the version that is spoken, and it comes soon', async () => {
  const console = await startConsole({ bounds: { helloMs: 100, tickMs: 20 } })
  const host = await enrolled(console)
  const firsts: ((agent: Awaited<ReturnType<typeof dial>>) => void)[] = [
    (agent) => agent.send(...host.seal()),
    (agent) => agent.say({ type: 'time', sentAt: '2026-11-24T12:00:00.000Z' }),
    (agent) => agent.hello({ version: 2 }),
    () => {},
  ]

  for (const first of firsts) {
    const agent = await dial(console, host)
    first(agent)
    expect((await agent.hears('refused')).code).toBe('frame-malformed')
    await agent.closed
  }

  expect(await heldOf(console, host.id)).toEqual([])
  await expect
    .poll(async () => (await console.irregularities()).map(({ code, says }) => [code, /\d more/.test(says)]), {
      timeout: 7000,
    })
    .toEqual([['frame-malformed', true]])
})

function flipped({ bytes }: Batch): Uint8Array {
  return bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1)
}
