import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundleAgent } from '@tidewaiter/packaging/bundle'
import { runtime } from '@tidewaiter/packaging/runtime'
import { root } from '../support/root.ts'

/** A console of its own that is measured, and how programs are started beside it. */
export interface Stage {
  folder: string
  data: string
  console: ChildProcess & { pid: number }
  agentPort: number
  /** Ends the console and starts it again on the same data and ports. */
  restart(): Promise<void>
}

export interface StageOptions {
  /** Environment of the console. */
  env?: NodeJS.ProcessEnv
}

const consoleMain = join(root, 'console/server/src/main.ts')

/** Does something with a fresh console, which is ended and removed afterwards. */
export async function onStage<Result>(
  act: (stage: Stage) => Promise<Result>,
  options: StageOptions = {},
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-bench-'))
  const data = join(folder, 'console')
  let served = await serve(data, { port: 0, agentPort: 0 }, options)
  const stage: Stage = {
    folder,
    data,
    ...served,
    async restart() {
      await end(served.console)
      served = await serve(data, { port: 0, agentPort: served.agentPort }, options)
      stage.console = served.console
    },
  }
  try {
    return await act(stage)
  } finally {
    await end(served.console)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function serve(data: string, ports: { port: number; agentPort: number }, { env }: StageOptions) {
  const args = ['serve', '--data', data, '--port', `${ports.port}`, '--agent-port', `${ports.agentPort}`]
  const child = spawn(process.execPath, [consoleMain, ...args], { env: { ...process.env, ...env } })
  const text = await said(child, /Agents connect to \S+/)
  const agentPort = Number(/Agents connect to \S*:(\d+)/.exec(text)?.[1])
  if (child.pid === undefined) throw new Error('the console did not start')
  return { console: Object.assign(child, { pid: child.pid }), agentPort }
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  if (child.exitCode === null && child.signalCode === null) await new Promise((done) => child.once('exit', done))
}

function said({ stdout, stderr }: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((done) => {
    let text = ''
    const take = (part: Buffer) => {
      text += part
      if (pattern.test(text)) done(text)
    }
    stdout?.on('data', take)
    stderr?.on('data', take)
  })
}

/** Runs a command of the console to its end; its output. */
export async function tidewaiter(...args: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [consoleMain, ...args], { cwd: root })).stdout.trim()
}

let bundled: Promise<string> | undefined

/** How the agent is started: the bundle and the flags that hosts get. */
export async function shippedAgent(): Promise<{ command: string; args: string[]; env: NodeJS.ProcessEnv }> {
  bundled ??= bundleAgent(mkdtempSync(join(tmpdir(), 'tidewaiter-bundle-')))
  const program = await bundled
  return {
    command: process.execPath,
    args: [...runtime.flags, program],
    env: { ...process.env, ...runtime.environment },
  }
}
