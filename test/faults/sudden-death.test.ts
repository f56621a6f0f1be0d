import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { VerifyReport } from '@tidewaiter/protocol'
import type { CreatedToken, HostDetail, IncidentRow } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { seeded } from '../support/evidence.ts'
import { type Growing, newGrowingSources } from '../support/growing-sources.ts'
import {
  eventually,
  freePort,
  type Running,
  startAgent,
  startConsole,
  temporaryFolder,
  tidewaiter,
  tidewaiterAgent,
} from '../support/program.ts'
import { type Spooled, spoolReader } from '../support/spool.ts'

/** Sudden deaths of agents; the console dies four times to their ten. */
const deaths = Number(process.env.TIDEWAITER_DEATHS ?? 52)
const consoleDeaths = Math.ceil(deaths * 0.4)
/** Evidence is sealed five seconds after it was read: hosts that live side by side keep the test short. */
const names = ['desk-1', 'desk-2', 'desk-3']
/** So often an agent dies before it has sealed anything, as it may at its start. */
const youngShare = 0.15

interface Document {
  event: { original?: string }
  process?: { pid?: number }
  tidewaiter: { record: string }
}

type Desk = Awaited<ReturnType<typeof newDesk>>

test(`after ${deaths} sudden deaths of agents and ${consoleDeaths} of the console, over rotations, every line and record is there exactly once, and a package of them is verified`, {
  timeout: 180_000 + deaths * 6_000,
}, async () => {
  // given: a console, and hosts with three sources each
  const folder = temporaryFolder()
  const data = join(folder, 'console')
  const ports = { port: await freePort(), agentPort: await freePort() }
  let console = await startConsole(data, ports)
  const desks: Desk[] = []
  for (const name of names) desks.push(await newDesk(join(folder, name), { name, data }))
  // Stopped in order once, it has left its code compiled: each start after a death takes half the time.
  await console.kill('SIGTERM')
  console = await startConsole(data, ports)

  // when: all of them are killed again and again while the sources grow and rotate
  const count = { deaths: 0, withEvidence: 0, rotations: 0 }
  let isConsoleDying = true
  const killConsole = async () => {
    const random = seeded(1)
    for (let death = 0; death < consoleDeaths; death++) {
      await acknowledges(desks, 5_000)
      await sleep(random() * 400)
      await killAtWork(console)
      console = await startConsole(data, ports)
    }
    isConsoleDying = false
  }
  const killAgent = async (desk: Desk, seed: number) => {
    const random = seeded(seed)
    for (let life = 0; isConsoleDying || count.deaths < deaths; life++) {
      const { hasEvidence, rotations } = await oneLife(desk, { random, isYoung: life > 0 && random() < youngShare })
      count.deaths += 1
      count.withEvidence += hasEvidence ? 1 : 0
      count.rotations += rotations
    }
  }
  await Promise.all([killConsole(), ...desks.map((desk, i) => killAgent(desk, 20_261_124 + i))])

  // then: each is found once by search, in the source it was written to
  await Promise.all(desks.map(({ start }) => start()))
  const sources = desks.flatMap(({ growing }) => growing.all)
  const found = await eventually(async () => {
    const all: Document[][] = []
    for (const { id } of sources) all.push(await eventsOf(data, id))
    expect(all.map(({ length }) => length)).toEqual(sources.map(({ written }) => written.length))
    return all
  }, 90_000)
  for (const [i, source] of sources.entries())
    expect(textsOf(found[i] ?? [], source).sort()).toEqual(source.written.toSorted())

  // and the console says of no source that something is lost
  const hosts = (await tidewaiter(['hosts', '--data', data, '--json'])).json<HostDetail[]>()
  const spans = hosts.flatMap(({ sources }) => sources).filter(({ id }) => id.includes(folder))
  expect(new Set(spans.map(({ id }) => id)).size).toBe(sources.length)
  expect(spans.filter(({ state, lost }) => state === 'lost' || (lost ?? 0) > 0)).toEqual([])

  // and most agents had sealed evidence when they died, many of them over a rotation
  expect(count.deaths).toBeGreaterThanOrEqual(deaths)
  expect(count.withEvidence / count.deaths).toBeGreaterThan(0.6)
  expect(count.rotations).toBeGreaterThan(count.deaths / 5)

  // and a package of twelve of them holds: chains, proofs, ledger
  const cited = found
    .flatMap((documents) => documents.slice(0, 2))
    .slice(0, 12)
    .map(({ tidewaiter: { record } }) => record)
  const report = await packageOf(data, join(folder, 'package.zip'), cited)
  expect(report).toMatchObject({ ok: true, recordsProven: 12 })
  expect(report.checks.find(({ name }) => name === 'batches')?.detail).not.toMatch(/[1-9]\d* (gaps|branches|losses)/)
})

/** An enrolled host, its agent not yet started. */
async function newDesk(folder: string, { name, data }: { name: string; data: string }) {
  mkdirSync(folder)
  const growing = newGrowingSources(folder, name)
  const agentData = join(folder, 'agent')
  const config = join(folder, 'agent.yaml')
  const files = growing.all.map(({ file }) => `  - ${file}\n`).join('')
  writeFileSync(config, `sources: [log-file, login]\nfiles:\n${files}`)
  const { token } = (await tidewaiter(['token', 'create', '--data', data, '--json'])).json<CreatedToken>()
  expect(await tidewaiterAgent(['enroll', '--token', token, '--data', agentData])).toMatchObject({ status: 0 })
  const spooled = spoolReader(agentData, join(folder, 'spool'))
  return { growing, spooled, start: () => startAgent(agentData, ['--config', config]) }
}

interface Life {
  random(): number
  /** It ends before anything is known to be sealed. */
  isYoung: boolean
}

/** An agent from its start to its sudden death, and what is written until the next one starts. */
async function oneLife({ growing, spooled, start }: Desk, { random, isYoung }: Life) {
  const [rotatesAlive, rotatesDead] = [random() < 0.25, random() < 0.25]
  const agent = await start()
  growing.write(5 + Math.floor(random() * 20))
  if (isYoung) await sleep(random() * 1500)
  const hasEvidence = !isYoung && (await happens(() => isSealed(growing.all, spooled()), 20_000))
  // What happens to a file that nobody ever looked into cannot be known: it is rotated once something of it was sealed.
  if (hasEvidence && rotatesAlive) growing.rotate()
  // Not a wait for something: the moment of the death is what is drawn here.
  for (let leftMs = random() * 800; leftMs > 0; leftMs -= 25) {
    growing.write(1)
    if (random() < 0.1) growing.writeLate()
    await sleep(25)
  }
  await killAtWork(agent)
  growing.write(15)
  const rotatesNow = hasEvidence && rotatesDead && !rotatesAlive
  if (rotatesNow) growing.rotate()
  growing.writeLate()
  growing.write(15)
  return { hasEvidence, rotations: Number(hasEvidence && rotatesAlive) + Number(rotatesNow) }
}

/** True when all that was written until now is. */
function isSealed(sources: readonly Growing[], { records }: Spooled): boolean {
  return sources.every(({ id, written }) => (records.get(id) ?? 0) >= written.length)
}

/** True when the console acknowledged something more to one of the agents. */
async function acknowledges(desks: readonly Desk[], limitMs: number): Promise<boolean> {
  const before = new Map<Desk, number>()
  return happens(
    () =>
      desks.some((desk) => {
        const { acked } = desk.spooled()
        before.set(desk, before.get(desk) ?? acked)
        return acked > (before.get(desk) ?? acked)
      }),
    limitMs,
  )
}

async function killAtWork(program: Running): Promise<void> {
  const { exitCode, signalCode } = program.child
  expect({ exitCode, signalCode, output: program.output() }).toMatchObject({ exitCode: null, signalCode: null })
  await program.kill('SIGKILL')
}

/** False when it did not happen for so long. A look that fails (a torn copy of a spool) has seen nothing. */
async function happens(look: () => boolean, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs
  const looks = () => {
    try {
      return look()
    } catch {
      return false
    }
  }
  while (!looks()) {
    if (performance.now() > end) return false
    await sleep(50)
  }
  return true
}

async function eventsOf(data: string, source: string): Promise<Document[]> {
  const { status, stderr, lines } = await tidewaiter([
    'search',
    `source:"${source}"`,
    '--limit',
    '100000',
    '--data',
    data,
    '--json',
  ])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  return lines<Document>()
}

function textsOf(documents: readonly Document[], { id }: Growing): string[] {
  return documents.map(({ event, process }) => (id.startsWith('login:') ? `${process?.pid}` : `${event.original}`))
}

async function packageOf(data: string, file: string, records: readonly string[]): Promise<VerifyReport> {
  const json = ['--data', data, '--json']
  const { id } = (await tidewaiter(['incident', 'create', '--name', 'Sudden death', ...json])).json<IncidentRow>()
  await tidewaiter(['incident', 'add', id, 'record', ...records, ...json])
  expect(await tidewaiter(['package', 'build', '--incident', id, '--out', file, ...json])).toMatchObject({ status: 0 })
  return (await tidewaiter(['verify', file, '--json'])).json<VerifyReport>()
}
