import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { inWords, type Served, serveConsole } from '@tidewaiter/console-server/serve'
import { builtAgent, newestIn } from './built-agent.ts'
import { keepRunning } from './keep-running.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const usage = `npm start -- [--data DIR] [--port N] [--agent-port N]
  --data DIR      data folder of console and agent   (./data)
  --port N        port of the screens                (8443)
  --agent-port N  port agents connect to             (8444)`

interface Options {
  data: string
  port: number
  agentPort: number
}

function readOptions(): Options {
  const options = {
    data: { type: 'string', default: 'data' },
    port: { type: 'string', default: '8443' },
    'agent-port': { type: 'string', default: '8444' },
    help: { type: 'boolean', default: false },
  } as const
  try {
    const { values } = parseArgs({ options })
    if (values.help) stop(usage, 0)
    return { data: resolve(values.data), port: portOf(values.port), agentPort: portOf(values['agent-port']) }
  } catch (error) {
    return stop(`${error instanceof Error ? error.message : error}\n${usage}`, 2)
  }
}

function portOf(text: string): number {
  const port = Number(text)
  return Number.isInteger(port) && port >= 0 && port < 65_536
    ? port
    : stop(`"${text}" is not a port: give a number below 65536.`, 2)
}

function stop(text: string, code: number): never {
  console.error(text)
  process.exit(code)
}

function buildScreens(): void {
  const built = join(root, 'console/ui/dist/index.html')
  if (existsSync(built) && statSync(built).mtimeMs > newestIn(join(root, 'console/ui/src'), join(root, 'protocol/src')))
    return
  console.log('Building the screens …')
  const vite = join(root, 'console/ui/node_modules/vite/bin/vite.js')
  const { status } = spawnSync(process.execPath, [vite, 'build', join(root, 'console/ui'), '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) stop('The screens could not be built: the messages above say why.', 1)
}

/** Enrols this machine unless it already is, and keeps its agent running. */
async function startAgent(served: Served, data: string): Promise<{ stop(): Promise<void> }> {
  const folder = join(data, 'agent')
  const { args, env } = await builtAgent()
  if (!existsSync(join(folder, 'enrolment.json'))) {
    console.log('Enrolling this machine …')
    const tokenFile = join(data, 'agent-token')
    writeFileSync(tokenFile, await served.createToken('this machine'), { mode: 0o600 })
    await finished(
      spawn(process.execPath, [...args, 'enroll', '--token-file', tokenFile, '--data', folder], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env,
      }),
    )
    rmSync(tokenFile)
  }
  mkdirSync(join(data, 'logs'), { recursive: true, mode: 0o700 })
  const logFile = join(data, 'logs', 'agent.log')
  const log = openSync(logFile, 'a', 0o600)
  return keepRunning({
    start: () => spawn(process.execPath, [...args, 'run', '--data', folder], { stdio: ['ignore', log, log], env }),
    ended: (how, againMs) =>
      console.error(`The agent ended (${how}), and is started again in ${againMs / 1000} s. Why: see ${logFile}`),
    steady: () => performance.now(),
    // A stop ends the sleep early, which is no failure here.
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
  })
}

function finished(child: ChildProcess): Promise<void> {
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('exit', (code) =>
      code === 0
        ? done()
        : failed(
            new Error(`This machine could not be enrolled (exit code ${code}): the message above says at which step.`),
          ),
    )
  })
}

const { data, port, agentPort } = readOptions()
buildScreens()
console.log('Starting the console …')
const served = await serveConsole({ data, port, agentPort, logFile: join(data, 'logs', 'console.log') }).catch(
  (error: unknown) => stop(inWords(error), 1),
)
const agent = await startAgent(served, data).catch(async (error: unknown) => {
  await served.close()
  return stop(inWords(error), 1)
})

const { bavail, bsize } = statfsSync(data)
console.log(`
Tidewaiter   Node ${process.versions.node}   data ${data} (${Math.round((bavail * bsize) / 1e9)} GB free)

  Open   ${served.openUrl}${served.isSetUp ? '' : '     (valid 15 min, works once)'}

Agents connect to  ${served.agentUrls.join(' ')}      Stop: Ctrl+C      Logs: ${join(data, 'logs')}`)

let isStopping = false
async function stopAll(): Promise<void> {
  if (isStopping) return
  isStopping = true
  console.log('\nStopping: the agent seals what it holds, then the console closes …')
  await agent.stop()
  await served.close()
  process.exit(0)
}
process.on('SIGINT', stopAll)
process.on('SIGTERM', stopAll)
