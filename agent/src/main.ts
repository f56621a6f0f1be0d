import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { apart } from './apart/apart.ts'
import type { Surroundings } from './cli/command.ts'
import { fail } from './cli/output.ts'
import { collectors } from './collectors/index.ts'
import { hasDefaultConfig } from './config-path.ts'
import { refuse } from './error.ts'
import type { Host } from './host.ts'
import { newPassStarter } from './host-linux/start-pass.ts'
import { version } from './version.ts'

// The token is nobody else's business, neither that of the programs the agent asks.
const token = process.env.TIDEWAITER_TOKEN
delete process.env.TIDEWAITER_TOKEN
if (process.argv.some((word) => word.includes('tw1.'))) process.title = 'tidewaiter-agent enroll'
// Node gives up an address after 250 ms when a name has several: too soon for a console behind a VPN.
setDefaultAutoSelectFamilyAttemptTimeout(2_500)
// A small buffer that is kept keeps the whole piece it was cut from: 64 KB by default.
Buffer.poolSize = 8 * 1024

/** Its machine, and what a program gets that it starts. That of another platform is not even loaded. */
async function machine(): Promise<{
  openHost: () => Host
  given: { timeZone: string | undefined; env?: NodeJS.ProcessEnv }
}> {
  if (process.platform === 'linux') {
    const { newLinuxHost } = await import('./host-linux.ts')
    const timeZone = process.env.TZ
    return { openHost: () => newLinuxHost({ timeZone }), given: { timeZone } }
  }
  if (process.platform === 'darwin') {
    const { newMacosHost } = await import('./host-macos.ts')
    const timeZone = process.env.TZ
    return { openHost: () => newMacosHost({ timeZone }), given: { timeZone } }
  }
  if (process.platform !== 'win32') throw refuse('usage', 'This agent runs on Linux, Windows and macOS only.')
  const { newWindowsHost, environmentOf } = await import('./host-windows.ts')
  const systemRoot = process.env.SystemRoot
  const given = { timeZone: undefined, env: environmentOf(systemRoot) }
  return { openHost: () => newWindowsHost({ systemRoot }), given }
}

const surroundings: Omit<Surroundings, 'readConfig' | 'openHost' | 'collectors'> = {
  dataFolder: defaultDataFolder(),
  token,
  stopSignal() {
    const stop = new AbortController()
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stop.abort())
    return stop.signal
  },
  exitWith(code) {
    process.exitCode = code
  },
}

function defaultDataFolder(): string {
  if (process.platform === 'win32')
    return join(process.env.ProgramData ?? 'C:\\ProgramData', 'Tidewaiter', 'tidewaiter-agent')
  if (process.platform === 'darwin' && process.getuid?.() === 0)
    return '/Library/Application Support/Tidewaiter/tidewaiter-agent'
  if (process.getuid?.() === 0) return '/var/lib/tidewaiter-agent'
  const { XDG_DATA_HOME = '' } = process.env
  return join(isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(homedir(), '.local', 'share'), 'tidewaiter-agent')
}

const program = new Command('tidewaiter-agent')
  .description('Takes evidence on this host, seals it where it was found, and sends it to its console.')
  .version(version)
  .showHelpAfterError('("tidewaiter-agent --help" lists the commands)')
  // What was mistyped is shown back, unless it is a token.
  .configureOutput({ writeErr: (text) => process.stderr.write(text.replaceAll(/tw1\.[\w-]*/g, 'tw1...')) })
  .exitOverride()

/** An agent that runs, for months perhaps, does not hold the other commands in memory. */
async function commands() {
  const { run } = await import('./cli/run.ts')
  if (process.argv[2] === 'run') return [run]
  const [{ enroll }, { status }, { doctor }, { collect }, { uninstall }] = await Promise.all([
    import('./cli/enroll.ts'),
    import('./cli/status.ts'),
    import('./cli/doctor.ts'),
    import('./cli/collect.ts'),
    import('./cli/uninstall.ts'),
  ])
  return [enroll, run, status, doctor, collect, uninstall]
}

/** The reader of YAML is large, too: where there is nothing to read it is not loaded. */
async function configReader(): Promise<Surroundings['readConfig']> {
  const isNamed = process.argv.some((word) => word.startsWith('--config'))
  if (process.argv[2] === 'run' && !isNamed && !hasDefaultConfig()) return () => ({})
  const { readConfig } = await import('./config.ts')
  const known = collectors.map(({ id }) => id)
  return (file) => readConfig(file, known)
}

const noZone = { timeZone: undefined }

function raise(cause: unknown): never {
  throw cause
}

async function start(): Promise<void> {
  // What the agent starts for itself: no command of anybody else.
  if (process.argv[2] === 'pass') {
    const { pass } = await import('./apart/pass.ts')
    return pass((await machine()).openHost(), collectors)
  }
  // Also on a platform without an agent there is help.
  const { openHost, given } = await machine().catch((cause) => ({ openHost: () => raise(cause), given: noZone }))
  const own = apart(collectors, newPassStarter(process.argv[1] ?? '', given))
  const readConfig = await configReader()
  for (const register of await commands()) register(program, { ...surroundings, openHost, collectors: own, readConfig })
  await program.parseAsync()
}

// A reader that closes early (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
// A message that cannot be written, on a full disk say, ends nothing.
process.stderr.on('error', () => {})

// No top-level await: the bundle that hosts get is CommonJS, in which Node loads a third less of itself (measured).
start()
  .catch((cause: unknown) => {
    process.exitCode = cause instanceof CommanderError ? (cause.exitCode === 0 ? 0 : 2) : fail(cause)
  })
  // Whatever still hangs (a dead network file system) does not keep the process. On Linux all that was printed is out.
  .finally(() => process.exit())
