import { execFile, execFileSync, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { openBatch, splitBatch } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { seeded, sshdLine } from '../support/evidence.ts'
import { root } from '../support/root.ts'
import type { Bench, Measure } from './bench.ts'
import { onStage, type Stage, shippedAgent, tidewaiter } from './stage.ts'
import { childrenOf, usageOf } from './usage.ts'

const unbounded = { cpuPercent: 100, memoryMb: 4_000, spoolMb: 4_000, kilobytesPerSecond: 1_000_000 }
const lines = 1_000_000
const peer = join(root, '..', 'shared', 'bench-peers', 'rsyslog-reliable.sh')

const absent = () => [...(existsSync('/usr/sbin/rsyslogd') ? [] : ['rsyslog']), ...(existsSync(peer) ? [] : [peer])]

/** A log file on disk until the other side has all of it durably. rsyslog neither hashes, signs, encrypts at rest nor syncs. */
export const shipping: Bench = {
  name: 'shipping',
  title: `${lines} lines of sshd on disk until acknowledged`,
  unit: 'lines',
  missing: absent,
  sides: () => [
    { name: 'tidewaiter, mutual TLS', run: () => withFile((file) => shipWithTidewaiter(file)) },
    { name: 'rsyslog relp tls', run: () => withFile((file) => shipWithRsyslog(file, 'tls')) },
    { name: 'rsyslog relp, in clear', run: () => withFile((file) => shipWithRsyslog(file)) },
  ],
}

/** The same on a disk on which every sync takes 10 ms more; rsyslog does not sync. */
export const shippingSlowDisk: Bench = {
  name: 'shipping-slow-disk',
  title: `${lines} lines of sshd on disk until acknowledged, 10 ms added to every fsync`,
  unit: 'lines',
  missing: () => [...absent(), ...(existsSync('/usr/bin/gcc') ? [] : ['gcc'])],
  sides: () => [
    { name: 'tidewaiter, mutual TLS', run: () => withFile((file) => shipWithTidewaiter(file, slowSync())) },
    { name: 'rsyslog relp tls', run: () => withFile((file) => shipWithRsyslog(file, 'tls')) },
  ],
}

function slowSync(): NodeJS.ProcessEnv {
  const library = join(mkdtempSync(join(tmpdir(), 'tidewaiter-slow-')), 'slow-sync.so')
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, join(import.meta.dirname, 'slow-sync.c'), '-ldl'])
  return { LD_PRELOAD: library }
}

async function withFile(ship: (file: string) => Promise<Measure>): Promise<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-log-'))
  try {
    const file = join(folder, 'auth.log')
    writeLines(file)
    return await ship(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeLines(file: string): void {
  const random = seeded(1)
  const out = openSync(file, 'w')
  for (let from = 0; from < lines; from += 10_000)
    writeSync(out, Array.from({ length: 10_000 }, (_, i) => `${sshdLine(from + i, random)}\n`).join(''))
  closeSync(out)
}

interface RsyslogLine {
  complete: boolean
  lines: number
  seconds: number
  cpuSender: number
  cpuReceiver: number
  rssSender: number
  rssReceiver: number
}

async function shipWithRsyslog(file: string, ...how: 'tls'[]): Promise<Measure> {
  const { stdout } = await promisify(execFile)('bash', [peer, file, ...how])
  // The peer's script prints exactly this object.
  const told = JSON.parse(stdout) as RsyslogLine
  if (!told.complete) throw new Error('rsyslog did not deliver every line')
  return {
    items: told.lines,
    seconds: told.seconds,
    cpu: { sender: told.cpuSender, receiver: told.cpuReceiver },
    rss: { sender: told.rssSender, receiver: told.rssReceiver },
  }
}

function shipWithTidewaiter(file: string, env: NodeJS.ProcessEnv = {}): Promise<Measure> {
  return onStage((stage) => shipOn(stage, file, env), { env })
}

async function shipOn({ folder, data, console }: Stage, file: string, env: NodeJS.ProcessEnv): Promise<Measure> {
  const agentData = join(folder, 'agent')
  const config = join(folder, 'agent.yaml')
  // Caps are for hosts on which people work; what is measured is what both programs can.
  // The peer has no bounds either.
  writeFileSync(config, `sources: [log-file]\ncaps: ${JSON.stringify(unbounded)}\n`)
  const shipped = await shippedAgent()
  const agentArgs = (command: string) => [...shipped.args, command, '--data', agentData, '--config', config]
  const token = await tidewaiter('token', 'create', '--data', data)
  await promisify(execFile)(shipped.command, [...agentArgs('enroll'), '--token', token], { env: shipped.env })
  const children = childrenOf(console.pid)
  const before = usageOf(console.pid).cpu
  const started = performance.now()
  const options = { stdio: 'ignore', env: { ...shipped.env, ...env } } as const
  const agent = spawn(shipped.command, [...agentArgs('run'), '--file', file], options)
  await acknowledged(agentData, file)
  const seconds = (performance.now() - started) / 1000
  const used = { agent: usageOf(agent.pid ?? 0), console: usageOf(console.pid) }
  agent.kill('SIGKILL')
  const rootCheck = checkRoots(agentData)
  const later = await caughtUp(children)
  return {
    items: lines,
    seconds,
    cpu: {
      agent: used.agent.cpu,
      console: used.console.cpu - before,
      'root check': rootCheck,
      'later: decode, index, match': later.cpu,
    },
    rss: { agent: used.agent.rss, console: used.console.rss, 'later: decode, index, match': later.rss },
  }
}

/** The whole file is sealed, and the console has acknowledged every batch. */
async function acknowledged(agentData: string, file: string): Promise<void> {
  const size = statSync(file).size
  for (;;) {
    const spool = new DatabaseSync(join(agentData, 'spool.db'), { readOnly: true })
    const source = spool.prepare('SELECT position FROM source WHERE id = ?').get(`log-file:${file}`)
    const waiting = spool.prepare('SELECT count(*) AS count FROM batch WHERE acked = 0').get()?.count
    spool.close()
    const offset = source === undefined ? 0 : Number(JSON.parse(String(source.position)).offset)
    if (offset === size && waiting === 0) return
    await wait(20)
  }
}

/** CPU seconds of inflating every batch and computing its root, which the console does behind the acknowledgement. */
function checkRoots(agentData: string): number {
  const spool = new DatabaseSync(join(agentData, 'spool.db'), { readOnly: true })
  const before = process.cpuUsage()
  for (const { bytes } of spool.prepare('SELECT bytes FROM body ORDER BY no').iterate())
    openBatch(nodePrimitives, splitBatch(nodePrimitives, bytes as Uint8Array))
  const { user, system } = process.cpuUsage(before)
  spool.close()
  return (user + system) / 1e6
}

/** Waits until the children have nothing more to do, and tells what they used. */
async function caughtUp(children: readonly number[]): Promise<{ cpu: number; rss: number }> {
  const sum = () => children.reduce((total, pid) => total + usageOf(pid).cpu, 0)
  let before = -1
  // Less than a hundredth of a core is no work.
  while (sum() - before > 0.02) {
    before = sum()
    await wait(2_000)
  }
  return { cpu: sum(), rss: Math.max(0, ...children.map((pid) => usageOf(pid).rss)) }
}
