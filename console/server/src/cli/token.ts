import type { CreatedToken } from '@tidewaiter/protocol/api'
import { counted } from '@tidewaiter/protocol/counted'
import type { Command } from 'commander'
import { isLoopback } from '../addresses.ts'
import { type Common, withApi, withData } from './command.ts'
import { printJson, say } from './output.ts'
import { wholeNumber } from './search.ts'

interface Options extends Common {
  label?: string
  uses?: number
  expires?: string
}

export function token(program: Command): void {
  const group = program.command('token').description('enrolment tokens')
  withData(group.command('create').description('make a token with which hosts enrol'))
    .option('--label <label>', 'what it is for')
    .option('--uses <n>', 'how many hosts may use it', wholeNumber)
    .option('--expires <duration>', '30m, 24h, 7d')
    .action(async ({ label, uses, expires, ...options }: Options) => {
      const body = {
        ...(label !== undefined && { label }),
        ...(uses !== undefined && { uses }),
        ...(expires !== undefined && { expires }),
      }
      const created = await withApi(options, (api) => api.call<CreatedToken>('POST', '/tokens', body))
      if (created.agentUrls.every((url) => isLoopback(new URL(url).hostname)))
        say('This console listens on this machine only: no other one can enrol. Start it with --host ADDRESS first.')
      if (options.json === true) return printJson(created)
      say(
        `For ${counted(created.uses, 'host')}, until ${created.expiresAt}. Shown this once; run on each workstation: tidewaiter-agent enroll --token-file FILE`,
      )
      console.log(created.token)
    })
}
