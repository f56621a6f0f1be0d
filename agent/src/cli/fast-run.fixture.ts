import { Command } from 'commander'
import { newFastHost } from '../fast-host.fixture.ts'
import { followLines } from '../lines.fixture.ts'
import { run } from './run.ts'

// The command `run` on a machine whose time is fast, and on which a process is larger once it has begun:
// node fast-run.fixture.ts LINES run --data FOLDER
const [lines = '', ...args] = process.argv.slice(2)
const program = new Command()
run(program, {
  openHost() {
    const host = newFastHost()
    return { ...host, use: { ...host.use, rssBytes: () => (host.steady() === 0 ? 60_000_000 : 90_000_000) } }
  },
  collectors: [followLines(lines)],
  dataFolder: '',
  token: undefined,
  readConfig: () => ({}),
  stopSignal() {
    const stop = new AbortController()
    process.once('SIGTERM', () => stop.abort())
    return stop.signal
  },
  exitWith() {},
})
await program.parseAsync(args, { from: 'user' })
process.exit()
