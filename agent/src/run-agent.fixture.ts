import { once } from 'node:events'
import pino from 'pino'
import { runAgent } from './agent.ts'
import { holdDataFolder } from './data-folder.ts'
import { newFastHost } from './fast-host.fixture.ts'
import { followLines } from './lines.fixture.ts'

// A whole agent in a process of its own, to be killed: node run-agent.fixture.ts FOLDER FILE. It begins with the first
// byte on stdin, so that it can be loaded while another one still runs. Its log is on stdout.
const [folder = '', file = ''] = process.argv.slice(2)
await once(process.stdin, 'data')
process.stdin.destroy()
await runAgent(
  {
    host: newFastHost(),
    folder: holdDataFolder(folder),
    config: {},
    files: [],
    collectors: [followLines(file)],
    log: pino(),
  },
  new AbortController().signal,
)
