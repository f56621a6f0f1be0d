import { expect, test } from 'vitest'
import { connected, enrolled, silence, type TestAgent } from './agent.fixture.ts'
import { startConsole, type TestConsole } from './receive.fixture.ts'
import { revokeHost } from './revoke.ts'

/** Looked at often, and after a restart nobody is waited for. */
const bounds = { tickMs: 20, backMs: 0 }

test('a host whose connection is closed without a goodbye is raised half a minute later, and closed when it is back', async () => {
  const console = await startConsole({ bounds })
  const agent = await connected(console)

  await drop(console, agent)
  expect(await raised(console)).toEqual([])
  console.aheadMs = 31_000

  await expect.poll(() => raised(console)).toEqual([`${agent.host.id} closed`])
  const [{ began_at = '', raised_at = '' } = {}] = await rows(console)
  expect(Date.parse(raised_at) - Date.parse(began_at)).toBeLessThan(60_000)
  expect(console.receive.silences()).toMatchObject([{ host: agent.host.id, isExpected: false }])

  await connected(console, agent.host)

  await expect.poll(() => raised(console)).toEqual([])
  expect(await rows(console)).toMatchObject([{ cause: 'closed', ended_at: expect.any(String) }])
})

test('a host that nothing comes from any more, not even a pong, did not answer', async () => {
  const console = await startConsole({ bounds: { ...bounds, pingMs: 50, pongMs: 100 } })
  const agent = await connected(console)

  silence(agent)
  await expect.poll(() => console.receive.connections()).toEqual([])
  console.aheadMs = 31_000

  await expect.poll(() => raised(console)).toEqual([`${agent.host.id} unanswered`])
})

test.each(['stopped', 'service-stopped', 'host-stopping'] as const)(
  'a host that says goodbye (%s) is written down at once, as expected only where the machine was shut down',
  async (reason) => {
    const console = await startConsole({ bounds })
    const agent = await connected(console)

    agent.say({ type: 'bye', reason })
    agent.socket.close(1000)

    await expect.poll(() => raised(console)).toEqual([`${agent.host.id} ${reason}`])
    expect(console.receive.silences()).toMatchObject([{ isExpected: reason === 'host-stopping' }])
  },
)

test('a host that comes and goes between two looks has fallen silent twice, each time with its own cause', async () => {
  const console = await startConsole({ bounds: { ...bounds, tickMs: 400 } })
  const agent = await connected(console)
  const leaves = async (guest: TestAgent, reason: 'stopped' | 'host-stopping') => {
    guest.say({ type: 'bye', reason })
    guest.socket.close(1000)
    await expect.poll(() => console.receive.connections()).toEqual([])
  }
  await leaves(agent, 'stopped')
  await expect.poll(() => raised(console)).toEqual([`${agent.host.id} stopped`])

  await leaves(await connected(console, agent.host), 'host-stopping')

  await expect.poll(() => raised(console)).toEqual([`${agent.host.id} host-stopping`])
  expect(await rows(console)).toMatchObject([{ cause: 'stopped', ended_at: expect.any(String) }, { ended_at: null }])
})

test('a silence goes on over a restart of the console, and is not raised again', async () => {
  const console = await startConsole({ bounds })
  const agent = await connected(console)
  await drop(console, agent)
  console.aheadMs = 31_000
  await expect.poll(() => raised(console)).toHaveLength(1)

  await console.restart()
  console.aheadMs = 70_000
  await ticks()

  expect(await rows(console)).toHaveLength(1)
  await connected(console, agent.host)
  await expect.poll(() => rows(console)).toMatchObject([{ ended_at: expect.any(String) }])
})

test('a console that is started again raises nobody before all had time to come back, and then those that did not', async () => {
  const backMs = 90_000
  const console = await startConsole({ bounds: { ...bounds, backMs } })
  const agents = await Promise.all(Array.from({ length: 5 }, () => connected(console)))
  await console.restart()

  console.aheadMs = 600_000
  await ticks()
  expect(await rows(console)).toEqual([])
  const [first, ...others] = agents
  await Promise.all(others.map(({ host }) => connected(console, host)))
  for (const second of [9, 18, 27, 36, 45, 54, 63, 72, 81, 90, 95]) {
    console.aheadMs = 600_000 + second * 1000
    for (const { id } of others.map(({ host }) => host)) console.receive.watch(id, 0)
    await ticks()
  }

  await expect.poll(() => raised(console)).toContain(`${first?.host.id} not-back`)
})

test('when the clock of the console is set forward by hours nobody is raised', async () => {
  const console = await startConsole({ bounds: { tickMs: 20 } })
  await Promise.all(Array.from({ length: 5 }, () => connected(console)))

  console.setMs = 5 * 3_600_000
  await ticks()

  expect(await rows(console)).toEqual([])
  expect(console.receive.clockStep()?.setMs).toBeGreaterThan(4 * 3_600_000)
  const heard = console.receive.connections().map(({ host }) => console.receive.standing(host)?.heardMs ?? 0)
  for (const heardMs of heard) expect(console.deps.now() - heardMs).toBeLessThan(30_000)
})

test('when the clock of the console is set a silence that goes on is the same one', async () => {
  const console = await startConsole({ bounds })
  const agent = await connected(console)
  await drop(console, agent)
  console.aheadMs = 31_000
  await expect.poll(() => raised(console)).toHaveLength(1)

  console.setMs = 5 * 3_600_000
  await ticks()

  expect(console.receive.clockStep()?.setMs).toBeGreaterThan(4 * 3_600_000)
  expect(await rows(console)).toMatchObject([{ ended_at: null }])
})

test('nobody waits for a host that was revoked, or never came', async () => {
  const console = await startConsole({ bounds })
  await enrolled(console)
  const agent = await connected(console)
  const act = { who: 'admin@broker.example', at: '2026-11-24T12:00:00.000Z' }
  await revokeHost({ ...console.deps, receive: console.receive }, agent.host.id, act)
  await agent.closed

  console.aheadMs = 120_000
  await ticks()

  expect(await rows(console)).toEqual([])
})

test('a host whose clock was set, as seen from here, is noted by name, and the console’s own step is not held against it', async () => {
  const console = await startConsole({ bounds })
  const agent = await connected(console)
  const says = (clockOffsetMs: number) => agent.say({ ...state, clockOffsetMs })
  says(-1500)
  says(-1400)
  says(3_600_000)
  await expect.poll(() => console.codes()).toEqual(['host-clock-set'])
  expect((await console.irregularities())[0]?.says).toContain('from -1400 ms to 3600000 ms')

  const other = await connected(console)
  other.say(state)
  await expect.poll(() => console.receive.standing(other.host.id)?.said).toBeDefined()
  console.setMs = -3_600_000
  await ticks()
  other.say({ ...state, clockOffsetMs: 3_600_000 })
  await expect.poll(() => console.receive.standing(other.host.id)?.clockOffsetMs).toBe(3_600_000)

  expect(await console.finalCodes()).toEqual(['host-clock-set'])
})

const state = {
  type: 'state' as const,
  sources: [],
  spool: { batches: 0, bytes: 0, unacked: 0 },
  clockOffsetMs: 0,
  cpuPercent: 0.5,
  rssBytes: 61_000_000,
  witness: null,
}

async function drop(console: TestConsole, agent: TestAgent): Promise<void> {
  agent.drop()
  await expect.poll(() => console.receive.connections()).toEqual([])
}

function rows({ deps }: TestConsole) {
  return deps.store.selectFrom('silence').selectAll().orderBy('no').execute()
}

async function raised(console: TestConsole): Promise<string[]> {
  return (await rows(console)).filter(({ ended_at }) => ended_at === null).map(({ host, cause }) => `${host} ${cause}`)
}

/** Long enough for the console to look several times. */
function ticks(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 150))
}
