import { resolve } from 'node:path'
import type { Refusal } from '@tidewaiter/protocol'
import { logLinesTo } from '@tidewaiter/protocol/node/log-lines'
import type { Command } from 'commander'
import pino from 'pino'
import { runAgent } from '../agent.ts'
import { holdDataFolder } from '../data-folder.ts'
import { compileNothing } from '../hot-loops.ts'
import { stay } from '../removal.ts'
import { onceThereIsRoom } from '../room.ts'
import { type Common, pathOf, type Surroundings, withConfig, withData } from './command.ts'

interface Options extends Common {
  file?: string[]
  config?: string
}

/** Not on Windows. */
const mayBeginAnew = process.execve !== undefined

/** The same program in the same process, with nothing of what it held: who watches over the process sees no end of it. */
function beginAnew(why: Refusal<string>): void {
  if (process.execve === undefined) throw why
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)])
}

const help = `
Runs in the foreground and writes its log, one JSON document a line, to stdout.
SIGTERM and Ctrl+C make it seal and send what it holds, then end with 0; a
second one ends it at once, which loses nothing either. A full disk and a damaged
spool do not end it: it says so in the log, and goes on when it can. Where its
memory is over the cap for a minute, and five minutes after a backlog, it stops in
order and begins anew in the same process, to be small again.

Exit codes: 0 stopped as asked, 1 problem found, 2 usage, 3 needs admin.`

export function run(program: Command, surroundings: Surroundings): void {
  const command = program.command('run').description('take evidence and send it to the console, until told to stop')
  withConfig(withData(command, surroundings))
    .option('--file <path>', 'follow one more log file; can be given again', (path: string, before: string[] = []) => [
      ...before,
      resolve(path),
    ])
    .addHelpText('after', help)
    .action(async ({ data, file = [], config: named }: Options) => {
      const { openHost, collectors, readConfig, stopSignal } = surroundings
      const drain = stopSignal()
      compileNothing()
      const config = readConfig(named)
      const configFile = pathOf(named)
      const [host, log] = [openHost(), pino(logLinesTo(1))]
      const folder = await onceThereIsRoom(() => holdDataFolder(resolve(data)), { host, log, signal: drain })
      if (folder === undefined) return
      stay(folder)
      let why: Refusal<string> | undefined
      try {
        why = await runAgent({ host, folder, config, configFile, files: file, collectors, log, mayBeginAnew }, drain)
      } finally {
        folder.release()
      }
      if (why !== undefined) beginAnew(why)
    })
}
