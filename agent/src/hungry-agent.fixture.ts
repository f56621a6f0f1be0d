import pino from 'pino'
import { runAgent } from './agent.ts'
import { journal } from './collectors/journal/index.ts'
import { logFiles } from './collectors/log-file/index.ts'
import { holdDataFolder } from './data-folder.ts'
import { output } from './host-linux/commands.ts'
import { newLinuxHost } from './host-linux.ts'

// A whole agent in a process of its own, on a machine whose journal never ends and is as fast as its pipe:
// node hungry-agent.fixture.ts FOLDER FILE SPOOL-MB
const [folder = '', file = '', spoolMb = ''] = process.argv.slice(2)
const endless = `
  const text = () => require('node:crypto').randomBytes(6000).toString('base64')
  let n = 0
  // Of now: what was written before is history, and waits.
  const cursor = () => 's=1;i=' + n + ';t=' + (Date.now() * 1000).toString(16)
  const entry = () => '__CURSOR=' + cursor() + '\\nMESSAGE=' + n++ + text() + '\\n\\n'
  const write = () => { while (process.stdout.write(entry())); process.stdout.once('drain', write) }
  write()`
const host = newLinuxHost()
await runAgent(
  {
    host: {
      ...host,
      has: () => true,
      list: async (path) => (path.endsWith('/log/journal') ? ['0'.repeat(32)] : host.list(path)),
      run: (name, _args, signal) =>
        output({ name, file: process.execPath, args: ['-e', endless], timeZone: undefined }, signal),
    },
    folder: holdDataFolder(folder),
    config: { caps: { spoolMb: Number(spoolMb), cpuPercent: 100, memoryMb: 1_000 }, files: [file] },
    files: [],
    collectors: [
      journal,
      { ...logFiles, collect: (on, signal, from) => logFiles.collect({ ...on, list: async () => [] }, signal, from) },
    ],
    log: pino(),
  },
  new AbortController().signal,
)
