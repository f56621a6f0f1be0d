import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CreatedToken, HostDetail } from '@tidewaiter/protocol/api'
import { expect } from 'vitest'
import { freePort, type Running, startAgent, startConsole, tidewaiter, tidewaiterAgent } from '../../support/program.ts'

const preload = pathToFileURL(join(import.meta.dirname, 'preload.ts')).href

/** What a program is told by way of what is loaded before it. */
export interface Fate {
  /** It dies when it comes to this step for the nth time. */
  dieAt?: { step: string; nth: number } | undefined
  /** File that says by how many hours its clock is off. */
  clock?: string
  /** It loses no time before it connects again. */
  inHaste?: boolean
  /** Shared object that stands between the program and the system, and what it is told. */
  shim?: { file: string; env: NodeJS.ProcessEnv }
}

function envOf({ dieAt, clock, inHaste, shim }: Fate): NodeJS.ProcessEnv {
  return {
    ...(shim !== undefined && { LD_PRELOAD: shim.file, ...shim.env }),
    ...(inHaste === true && { TIDEWAITER_HASTE: '1' }),
    NODE_OPTIONS: `--import=${preload}`,
    ...(dieAt !== undefined && { TIDEWAITER_DIE_AT: `${dieAt.step}#${dieAt.nth}` }),
    ...(clock !== undefined && { TIDEWAITER_CLOCK: clock }),
  }
}

/** A console in a folder of its own, with the agents of its hosts. Real programs. */
export async function newSite(folder: string) {
  const data = join(folder, 'console')
  const ports = { port: await freePort(), agentPort: await freePort() }
  const start = (fate: Fate = {}): Promise<Running> => startConsole(data, ports, { env: envOf(fate) })
  const newDesk = async (name: string, { address }: { address?: string } = {}) => {
    const home = join(folder, name)
    mkdirSync(home, { recursive: true })
    const file = join(home, 'auth.log')
    const agentData = join(home, 'agent')
    writeFileSync(file, '')
    const config = join(home, 'agent.yaml')
    writeFileSync(config, `sources: [log-file]\nfiles:\n  - ${file}\n`)
    const create = ['token', 'create', '--data', data, '--json']
    const { token } = (await tidewaiter(create)).json<CreatedToken>()
    expect(await tidewaiterAgent(['enroll', '--token', token, '--data', agentData])).toMatchObject({ status: 0 })
    if (address !== undefined) readdress(agentData, address)
    const lines: string[] = []
    return {
      name,
      file,
      agentData,
      lines,
      source: `log-file:${file}`,
      start: (fate: Fate = {}): Promise<Running> => startAgent(agentData, ['--config', config], envOf(fate)),
      write(count: number, more = () => '') {
        const line = (_: unknown, i: number) =>
          `Nov 24 03:12:01 ${name} sshd[77]: line ${lines.length + i} ${more()}`.trimEnd()
        const fresh = Array.from({ length: count }, line)
        lines.push(...fresh)
        appendFileSync(file, fresh.map((each) => `${each}\n`).join(''))
      },
    }
  }
  return { data, ports, start, newDesk }
}

export type Site = Awaited<ReturnType<typeof newSite>>
export type Desk = Awaited<ReturnType<Site['newDesk']>>

/** The agent reaches its console at another address from now on. */
function readdress(agentData: string, address: string): void {
  const file = join(agentData, 'enrolment.json')
  const enrolment = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...enrolment, addresses: [address] }), { mode: 0o600 })
}

/** The lines of a desk as the console holds them, oldest first. */
export async function storedOf({ data }: Pick<Site, 'data'>, { source }: Desk): Promise<string[]> {
  const query = ['search', `source:"${source}"`, '--limit', '100000', '--data', data, '--json']
  const found = await tidewaiter(query)
  const number = (line: string) => Number(/line (\d+)/.exec(line)?.[1])
  return found
    .lines<{ event: { original: string } }>()
    .map(({ event }) => event.original)
    .sort((a, b) => number(a) - number(b))
}

/** What the console says of the source of a desk. */
export async function spansOf({ data }: Pick<Site, 'data'>, { source }: Desk) {
  const hosts = (await tidewaiter(['hosts', '--data', data, '--json'])).json<HostDetail[]>()
  return hosts.flatMap(({ sources }) => sources).filter(({ id }) => id === source)
}

/** Steps of the clock of the one host there is, as it sealed them, oldest first, and how it stands: milliseconds. */
export async function clockOf({ data }: Pick<Site, 'data'>) {
  const query = ['search', 'event.action:clock-step', '--data', data, '--json']
  const found = (await tidewaiter(query)).lines<{ '@timestamp': string; tidewaiter: Sealed }>()
  const steps = found.sort((a, b) => seqOf(a) - seqOf(b)).map(({ tidewaiter: { agent } }) => agent.ms)
  const [host] = (await tidewaiter(['hosts', '--data', data, '--json'])).json<HostDetail[]>()
  return { steps, offsetMs: host?.clockOffsetMs, status: host?.status }
}

interface Sealed {
  record: string
  agent: { ms: number }
}

function seqOf({ tidewaiter: { record } }: { tidewaiter: Sealed }): number {
  return Number(record.split('/')[1])
}
