import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { root } from './root.ts'

const consoleMain = join(root, 'console/server/src/main.ts')
const agentMain = join(root, 'agent/src/main.ts')
/** A command takes half the time when its code was compiled before; what ends in order leaves it for the next. */
const compileCache = join(root, 'node_modules/.cache/tidewaiter-tests')

export interface Result {
  status: number | null
  stdout: string
  stderr: string
  /** The one JSON document on stdout. */
  json<T>(): T
  /** One JSON document a line. */
  lines<T>(): T[]
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** A folder for several tests, removed when the last one says so. */
export function lastingFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'tidewaiter-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

export interface How {
  input?: string
  env?: NodeJS.ProcessEnv
  /** Account it runs as. */
  uid?: number
}

export function tidewaiter(args: readonly string[], how: How = {}): Promise<Result> {
  return runToEnd(consoleMain, args, how)
}

export function tidewaiterAgent(args: readonly string[], how: How = {}): Promise<Result> {
  return runToEnd(agentMain, args, how)
}

function runToEnd(main: string, args: readonly string[], { input, env, uid }: How): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: root,
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache, NO_COLOR: '1', ...env },
      ...(uid !== undefined && { uid }),
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (part) => out.push(part))
    child.stderr.on('data', (part) => err.push(part))
    child.on('error', reject)
    child.on('close', (status) => {
      const stdout = Buffer.concat(out).toString()
      const lines = () =>
        stdout
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line))
      resolve({ status, stdout, stderr: Buffer.concat(err).toString(), json: () => JSON.parse(stdout), lines })
    })
    child.stdin.end(input ?? '')
  })
}

/** A program that goes on until it is stopped; killed at the end of the test whatever happens. */
export interface Running {
  child: ChildProcess
  /** Everything it wrote so far. */
  output(): string
  kill(signal?: NodeJS.Signals): Promise<void>
}

export interface Ports {
  port: number
  agentPort: number
}

/** How a console is started, beside where. */
interface Served {
  args?: readonly string[]
  env?: NodeJS.ProcessEnv | undefined
}

/** Runs until the test ends. */
export async function startConsole(data: string, ports: Ports, how: Served = {}): Promise<Running> {
  return untilTestEnds(() => launchConsole(data, ports, how))
}

/** Runs until the test ends. */
export async function startAgent(
  data: string,
  args: readonly string[] = [],
  env?: NodeJS.ProcessEnv,
): Promise<Running> {
  return untilTestEnds(() => launchAgent(data, args, env))
}

/** Runs until whoever asked stops it. */
export function launchConsole(data: string, ports: Ports, { args = [], env }: Served = {}): Promise<Running> {
  const [port, agentPort] = [`${ports.port}`, `${ports.agentPort}`]
  const all = ['serve', '--data', data, '--port', port, '--agent-port', agentPort, ...args]
  return start(consoleMain, all, { ready: /http:\/\//, env })
}

/** Runs until whoever asked stops it. */
export function launchAgent(data: string, args: readonly string[] = [], env?: NodeJS.ProcessEnv): Promise<Running> {
  return start(agentMain, ['run', '--data', data, ...args], { env })
}

/** Asked for before it is launched: a test that has run out of time leaves nothing behind. */
async function untilTestEnds(launch: () => Promise<Running>): Promise<Running> {
  let launched: Promise<Running> | undefined
  onTestFinished(async () => {
    await launched?.then(
      (running) => running.kill(),
      () => {},
    )
  })
  launched = launch()
  return launched
}

interface Start {
  /** What it writes when it is there; at once when left out. */
  ready?: RegExp
  env?: NodeJS.ProcessEnv | undefined
}

function start(main: string, args: readonly string[], { ready, env }: Start): Promise<Running> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: root,
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    const running: Running = {
      child,
      output: () => text,
      kill: (signal = 'SIGKILL') =>
        new Promise((done) => {
          if (child.exitCode !== null || child.signalCode !== null) return done()
          child.once('exit', () => done())
          child.kill(signal)
        }),
    }
    const take = (part: Buffer) => {
      text += part
      if (ready?.test(text)) resolve(running)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', reject)
    child.on('exit', (code, signal) =>
      reject(new Error(`${args.join(' ')} ended (${code ?? signal}): ${text.slice(-2000)}`)),
    )
    if (ready === undefined) resolve(running)
  })
}

/** Asks again until the answer is good, at most `limitMs`; the last failure is the error. */
export async function eventually<T>(ask: () => Promise<T>, limitMs = 60_000): Promise<T> {
  const end = Date.now() + limitMs
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}
