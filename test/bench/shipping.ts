import { execFile, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { seeded, sshdLine } from '../support/evidence.ts'
import { root } from '../support/root.ts'
import type { Bench, Measure } from './bench.ts'
import { childrenOf, usageOf } from './usage.ts'

const lines = 1_000_000
const peer = join(root, '..', 'shared', 'bench-peers', 'rsyslog-reliable.sh')

/** A log file on disk until the other side has all of it durably. rsyslog neither hashes, signs, encrypts at rest nor syncs. */
export const shipping: Bench = {
  name: 'shipping',
  title: `${lines} lines of sshd on disk until acknowledged, TLS on both sides`,
  unit: 'lines',
  missing: () => [...(existsSync('/usr/sbin/rsyslogd') ? [] : ['rsyslog']), ...(existsSync(peer) ? [] : [peer])],
  sides: () => [
    { name: 'tidewaiter', run: () => withFile(shipWithTidewaiter) },
    { name: 'rsyslog relp tls', run: () => withFile(shipWithRsyslog) },
  ],
}

async function withFile(ship: (folder: string, file: string) => Promise<Measure>): Promise<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-bench-'))
  try {
    const file = join(folder, 'auth.log')
    writeLines(file)
    return await ship(folder, file)
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

async function shipWithRsyslog(_folder: string, file: string): Promise<Measure> {
  const { stdout } = await promisify(execFile)('bash', [peer, file, 'tls'])
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

async function shipWithTidewaiter(folder: string, file: string): Promise<Measure> {
  const data = join(folder, 'console')
  const agentData = join(folder, 'agent')
  const config = join(folder, 'agent.yaml')
  writeFileSync(config, 'sources: [log-file]\n')
  const console = spawn(process.execPath, [...consoleMain, 'serve', '--data', data, '--port', '0', '--agent-port', '0'])
  try {
    await said(console, /Agents connect to/)
    const { stdout: token } = await run([...consoleMain, 'token', 'create', '--data', data])
    await run([...agentMain, 'enroll', '--token', token.trim(), '--data', agentData, '--config', config])
    const children = childrenOf(console.pid ?? 0)
    const before = usageOf(console.pid ?? 0).cpu
    const started = performance.now()
    const agent = spawn(
      process.execPath,
      [...agentMain, 'run', '--data', agentData, '--config', config, '--file', file],
      { stdio: 'ignore' },
    )
    await acknowledged(agentData, file)
    const seconds = (performance.now() - started) / 1000
    const used = { agent: usageOf(agent.pid ?? 0), console: usageOf(console.pid ?? 0) }
    agent.kill('SIGKILL')
    const later = await caughtUp(children)
    return {
      items: lines,
      seconds,
      cpu: { agent: used.agent.cpu, console: used.console.cpu - before, 'later: decode, index, match': later.cpu },
      rss: { agent: used.agent.rss, console: used.console.rss, 'later: decode, index, match': later.rss },
    }
  } finally {
    console.kill('SIGTERM')
    await new Promise((done) => (console.exitCode === null ? console.once('exit', done) : done(undefined)))
  }
}

const consoleMain = [join(root, 'console/server/src/main.ts')]
const agentMain = [join(root, 'agent/src/main.ts')]

function run(args: readonly string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, [...args], { cwd: root })
}

function said({ stdout, stderr }: ReturnType<typeof spawn>, pattern: RegExp): Promise<void> {
  return new Promise((done) => {
    let text = ''
    const take = (part: Buffer) => {
      text += part
      if (pattern.test(text)) done()
    }
    stdout?.on('data', take)
    stderr?.on('data', take)
  })
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
