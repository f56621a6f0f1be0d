import { resolve } from 'node:path'
import { logLinesTo } from '@tidewaiter/protocol/node/log-lines'
import type { Command } from 'commander'
import pino from 'pino'
import { runAgent } from '../agent.ts'
import { holdDataFolder } from '../data-folder.ts'
import { onceThereIsRoom } from '../room.ts'
import { type Common, type Surroundings, withConfig, withData } from './command.ts'

interface Options extends Common {
  file?: string[]
  config?: string
}

const help = `
Runs in the foreground and writes its log, one JSON document a line, to stdout.
SIGTERM and Ctrl+C make it seal and send what it holds, then end with 0; a
second one ends it at once, which loses nothing either. A full disk and a damaged
spool do not end it: it says so in the log, and goes on when it can. Memory over
its cap for a minute ends it in order, with 1, so that it is started again.

Exit codes: 0 stopped as asked, 1 problem found, 2 usage, 3 needs admin.`

export function run(program: Command, surroundings: Surroundings): void {
  const command = program.command('run').description('take evidence and send it to the console, until told to stop')
  withConfig(withData(command, surroundings))
    .option('--file <path>', 'follow one more log file; can be given again', (path: string, before: string[] = []) => [
      ...before,
      resolve(path),
    ])
    .addHelpText('after', help)
    .action(async ({ data, file = [], config: configFile }: Options) => {
      const { openHost, collectors, readConfig, stopSignal } = surroundings
      const drain = stopSignal()
      const config = readConfig(configFile)
      const [host, log] = [openHost(), pino(logLinesTo(1))]
      const folder = await onceThereIsRoom(() => holdDataFolder(resolve(data)), { host, log, signal: drain })
      if (folder === undefined) return
      try {
        await runAgent({ host, folder, config, files: file, collectors, log }, drain)
      } finally {
        folder.release()
      }
    })
}
