import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { bundleAgent } from '@tidewaiter/packaging/bundle'
import { runtime } from '@tidewaiter/packaging/runtime'
import { seeded, sshdLine } from '../support/evidence.ts'
import { root } from '../support/root.ts'
import { pathOf, peers, type RestSide } from './rest-sides.ts'
import { childrenOf, memoryOf, usageOf } from './usage.ts'

/**
 * Inside namespaces of its own: a machine with 200 processes, a live journal and one log, on which the agent and its
 * peers rest. What else this machine does costs time, but is not seen. Prints what it measured as JSON.
 */
const [folder = '', minutes = '10', only] = process.argv.slice(2)
const sleepers = 200
const sampleMs = 5_000
const file = join(folder, 'app.log')
const started: ChildProcess[] = []

function start(program: string, args: readonly string[], env = process.env): ChildProcess {
  const child = spawn(program, [...args], { stdio: ['pipe', 'ignore', 'inherit'], env })
  child.on('error', () => {})
  started.push(child)
  return child
}

async function startJournal(): Promise<ChildProcess | undefined> {
  const journald = '/lib/systemd/systemd-journald'
  if (!existsSync(journald) || pathOf('logger') === undefined) return undefined
  mkdirSync('/run/systemd/journal', { recursive: true })
  mkdirSync('/run/log/journal', { recursive: true })
  start(journald, [])
  const socket = '/run/systemd/journal/dev-log'
  while (!existsSync(socket)) await wait(50)
  return start('logger', ['-u', socket, '-t', 'rest'])
}

async function enrolled(): Promise<string> {
  const [data, console] = [join(folder, 'agent'), join(folder, 'console')]
  const main = join(root, 'console/server/src/main.ts')
  start(process.execPath, [main, 'serve', '--data', console, '--port', '0', '--agent-port', '0'])
  const run = promisify(execFile)
  const agent = await bundleAgent(join(folder, 'bundle'))
  for (;;) {
    await wait(1_000)
    const made = await run(process.execPath, [main, 'token', 'create', '--data', console]).catch(() => undefined)
    if (made === undefined) continue
    await run(process.execPath, [agent, 'enroll', '--token', made.stdout.trim(), '--data', data])
    return agent
  }
}

interface Running {
  name: string
  pid: number
  asked?: string | undefined
}

function startOurs(agent: string): Running {
  const args = [...runtime.flags, agent, 'run', '--data', join(folder, 'agent'), '--file', file]
  return { name: 'tidewaiter', pid: start(process.execPath, args, { ...process.env, ...runtime.environment }).pid ?? 0 }
}

function startPeer(side: RestSide): Running {
  const { program, args } = side.command({ folder, file })
  return { name: side.name, pid: start(pathOf(program) ?? program, args).pid ?? 0, asked: side.asked }
}

writeFileSync(file, '')
const journal = await startJournal()
for (let i = 0; i < sleepers; i++) start('sleep', ['infinity'])
const agent = await enrolled()
const absent = peers.filter(({ needs }) => needs.some((program) => pathOf(program) === undefined))
const present = peers.filter((side) => only === undefined && !absent.includes(side))
const all = [startOurs(agent), ...present.map(startPeer)]
await wait(5_000)
const running = all.filter(({ pid }) => existsSync(`/proc/${pid}/exe`))
const ended = all.filter((each) => !running.includes(each))
const random = seeded(1)
const totalMs = Number(minutes) * 60_000
const startedAt = performance.now()
const elapsed = () => performance.now() - startedAt
const half = { at: 0, cpu: new Map<string, number>() }
const samples = new Map<string, ReturnType<typeof memoryOf>[]>(running.map(({ name }) => [name, []]))
for (let second = 1; elapsed() < totalMs; second++) {
  await wait(Math.max(0, second * 1_000 - elapsed()))
  appendFileSync(file, `${sshdLine(second, random)}\n`)
  if (second % 10 === 0) journal?.stdin?.write(`entry ${second}\n`)
  if (second % 15 === 0)
    for (const { asked } of running)
      if (asked !== undefined)
        void fetch(asked).then(
          (answer) => answer.text(),
          () => {},
        )
  if (elapsed() < totalMs / 2) continue
  if (half.at === 0) {
    half.at = elapsed()
    for (const { name, pid } of running) half.cpu.set(name, usageOf(pid).cpu)
  }
  if (second % (sampleMs / 1_000) === 0) for (const { name, pid } of running) samples.get(name)?.push(memoryOf(pid))
}
const seconds = (elapsed() - half.at) / 1_000
const sides = running.map(({ name, pid }) => {
  const seen = samples.get(name) ?? []
  const most = (part: 'resident' | 'anonymous' | 'file') => Math.max(...seen.map((each) => each[part]))
  const { cpu, rss } = usageOf(pid)
  const percent = ((cpu - (half.cpu.get(name) ?? 0)) / seconds) * 100
  const children = childrenOf(pid).reduce((sum, child) => sum + memoryOf(child).resident, 0)
  return {
    name,
    resident: most('resident'),
    anonymous: most('anonymous'),
    file: most('file'),
    children,
    peak: rss * 1.048576,
    cpuPercent: percent,
  }
})
const leftOut = [
  ...absent.map(({ name }) => name),
  ...ended.map(({ name }) => `${name} (it ended)`),
  ...(journal === undefined ? ['the live journal'] : []),
]
console.log(JSON.stringify({ minutes: Number(minutes), load: loadavg(), leftOut, sides }))
for (const child of started) child.kill('SIGKILL')
process.exit(0)
