import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { isLoopback } from '../addresses.ts'
import { refuse } from '../error.ts'
import { type Common, withData } from './command.ts'
import { say } from './output.ts'
import { isWithin } from './within.ts'

interface Options extends Common {
  port: number
  agentPort: number
  host: string
  tlsCert?: string
  tlsKey?: string
  database?: string
  heads?: string
}

export function serve(program: Command): void {
  withData(program.command('serve').description('run the console'))
    .option('--port <port>', 'port of the screens', port, 8443)
    .option('--agent-port <port>', 'port agents connect to', port, 8444)
    .option('--host <address>', 'address to listen on: plain http on loopback, TLS elsewhere', '127.0.0.1')
    .option('--tls-cert <file>', 'certificate of the screens (PEM); made by the console where left out')
    .option('--tls-key <file>', 'its key (PEM)')
    .option('--database <url>', 'postgres://… for people, incidents and indicators; embedded where left out')
    .option(
      '--heads <dir>',
      "folder outside this console's reach: the ledger's signed head is written there every hour",
    )
    .action(run)
}

async function run({ data, keys, heads, tlsCert, tlsKey, ...options }: Options): Promise<void> {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw refuse('input-malformed', 'Give --tls-cert and --tls-key together.')
  if (tlsCert !== undefined && isLoopback(options.host))
    throw refuse(
      'input-malformed',
      `On ${options.host} the screens speak plain http: leave --tls-cert and --tls-key out, or give --host.`,
    )
  const tls = tlsCert !== undefined && tlsKey !== undefined ? { certificateFile: tlsCert, keyFile: tlsKey } : undefined
  if (heads !== undefined && isWithin(resolve(heads), resolve(data)))
    throw refuse(
      'input-malformed',
      `${resolve(heads)} lies in the data folder: heads are for a place that this console cannot change. Give --heads another folder.`,
    )
  const { serveConsole } = await import('../serve.ts')
  const served = await serveConsole({
    ...options,
    data: resolve(data),
    keys: keys === undefined ? undefined : resolve(keys),
    heads: heads === undefined ? undefined : resolve(heads),
    tls,
  })
  say(`Open ${served.openUrl}${served.isSetUp ? '' : '  (valid 15 min, works once)'}`)
  say(`Agents connect to ${served.agentUrls.join(' ')}`)
  if (served.tlsFingerprint !== null)
    say(`The screens use a certificate made here. Compare its SHA-256 once: ${served.tlsFingerprint}`)
  if (served.headsProblem !== undefined) say(`${served.headsProblem} It is tried again every minute.`)
  await stopped()
  say('Stopping …')
  await served.close()
}

/** Resolves with the first Ctrl+C or SIGTERM; the second ends the process at once. */
function stopped(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done())
  })
}

function port(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('Give a port from 0 to 65535; 0 takes any free one.')
  return value
}
