import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CreatedToken, Host, HostDetail, PastSilence } from '@tidewaiter/protocol/api'
import { expect, onTestFinished, test } from 'vitest'
import {
  eventually,
  freePort,
  startAgent,
  startConsole,
  temporaryFolder,
  tidewaiter,
  tidewaiterAgent,
} from '../support/program.ts'
import { startSwallowingProxy } from '../support/swallowing-proxy.ts'

type Printed = Pick<Host, 'id' | 'status' | 'silence' | 'lastSeenAt'> &
  Pick<HostDetail, 'silences' | 'absences' | 'sources'>

/** From the last sign of life until somebody could notice. */
const promisedMs = 60_000

test('within a minute a host that was stopped, killed, halted or cut off is an alarm with its cause, and when it is back its own records settle it', {
  timeout: 240_000,
}, async () => {
  // given: five hosts on one console, one of them behind a network that can be cut
  const folder = temporaryFolder()
  const data = join(folder, 'console')
  const ports = { port: await freePort(), agentPort: await freePort() }
  await startConsole(data, ports)
  const proxy = await startSwallowingProxy(ports.agentPort)
  const newHost = async (name: string, port = ports.agentPort) => {
    const own = join(folder, name)
    mkdirSync(own)
    const config = join(own, 'agent.yaml')
    writeFileSync(config, 'sources: [interface]\n')
    const { token } = (await tidewaiter(['token', 'create', '--data', data, '--json'])).json<CreatedToken>()
    const enrolled = await tidewaiterAgent([
      'enroll',
      '--token',
      through(token, port),
      '--data',
      join(own, 'data'),
      '--json',
    ])
    expect(enrolled).toMatchObject({ status: 0 })
    const start = () => startAgent(join(own, 'data'), ['--config', config])
    const { host: id } = (await tidewaiterAgent(['status', '--data', join(own, 'data'), '--json'])).json<{
      host: string
    }>()
    return { id, start }
  }
  const names = ['stopped', 'killed', 'halted', 'cut', 'well'] as const
  const hosts = await Promise.all(names.map((name) => newHost(name, name === 'cut' ? proxy.port : undefined)))
  const [stopped, killed, halted, cut, well] = hosts as [Desk, Desk, Desk, Desk, Desk]
  const agents = await Promise.all(hosts.map(({ start }) => start()))
  const [stoppedAgent, killedAgent, haltedAgent] = agents as [Agent, Agent, Agent]
  onTestFinished(() => void haltedAgent.child.kill('SIGKILL'))
  const print = async () => {
    const { status, ...rest } = await tidewaiter(['hosts', '--check', '--data', data, '--json'])
    return { exit: status, hosts: new Map(rest.json<Printed[]>().map((host) => [host.id, host])) }
  }
  await eventually(async () => {
    const { hosts: all } = await print()
    expect([...all.values()].map(({ status }) => status)).toEqual(names.map(() => 'online'))
  }, 60_000)

  // when: one is stopped, while all others are well
  const beganMs = Date.now()
  await stoppedAgent.kill('SIGTERM')

  // then: that alone is an alarm, although it said so
  await eventually(async () => {
    const { exit, hosts: all } = await print()
    expect(hosts.map(({ id }) => all.get(id)?.silence?.cause)).toEqual([
      'stopped',
      ...names.slice(1).map(() => undefined),
    ])
    expect(exit).toBe(1)
  }, promisedMs)

  // when: the others fall silent, each in its own way
  await killedAgent.kill('SIGKILL')
  haltedAgent.child.kill('SIGSTOP')
  proxy.cut()

  // then: each is raised within a minute of the last sign of life, and told apart
  const raised = await eventually(async () => {
    const { exit, hosts: all } = await print()
    const causes = hosts.map(({ id }) => all.get(id)?.silences.find(({ to }) => to === null)?.cause)
    expect(causes).toEqual(['stopped', 'closed', 'unanswered', 'unanswered', undefined])
    expect(exit).toBe(1)
    return all
  }, promisedMs + 20_000)
  for (const { id } of [stopped, killed, halted, cut]) {
    const silence = newest(raised.get(id))
    expect(Date.parse(silence.raisedAt) - Date.parse(silence.from)).toBeLessThan(promisedMs)
    expect(Date.parse(silence.raisedAt)).toBeGreaterThan(beganMs)
    expect(raised.get(id)?.status).toBe('silent')
  }
  for (const { id } of [stopped, killed, halted, cut]) expect(newest(raised.get(id)).isExpected).toBe(false)
  expect(raised.get(well.id)?.status).toBe('online')

  // when: all of them are back
  await stopped.start()
  await killed.start()
  haltedAgent.child.kill('SIGCONT')
  proxy.mend()

  // then: what each sealed says what it was
  await eventually(async () => {
    const { exit, hosts: all } = await print()
    const settled = (id: string) => newest(all.get(id)).settled ?? ''
    expect([...all.values()].map(({ status }) => status)).toEqual(names.map(() => 'online'))
    expect(exit).toBe(0)
    expect(settled(stopped.id)).toContain('told by a signal')
    expect(settled(killed.id)).toContain('killed or crashed')
    expect(settled(halted.id)).toContain('was not let run')
    expect(settled(cut.id)).toContain('only the connection was lost')
  }, 120_000)

  // and what was covered in any span of time can be asked for
  const fromMs = Date.now() - 30_000
  const asked = await tidewaiter(['hosts', '--from', '-30s', '--data', data, '--json'])
  const spans = asked.json<Printed[]>().flatMap(({ sources }) => sources)
  expect(spans.length).toBeGreaterThan(0)
  for (const { from } of spans) expect(Date.parse(from)).toBeGreaterThanOrEqual(fromMs)
})

type Desk = { id: string; start(): Promise<Agent> }
type Agent = Awaited<ReturnType<typeof startAgent>>

function newest(host: Printed | undefined): PastSilence {
  const [silence] = host?.silences ?? []
  if (silence === undefined) throw new Error('no silence was raised')
  return silence
}

/** The same token for a way to the console over another port. */
function through(token: string, port: number): string {
  const parts = JSON.parse(Buffer.from(token.slice(4), 'base64url').toString())
  const addresses = [`wss://127.0.0.1:${port}`]
  return `tw1.${Buffer.from(JSON.stringify({ ...parts, a: addresses })).toString('base64url')}`
}
