import { resolve } from 'node:path'
import type { Command } from 'commander'
import pino from 'pino'
import { type HeldFolder, holdDataFolder } from '../data-folder.ts'
import { type Enrolled, enrol } from '../enrol.ts'
import { isAgentRefusal, meaningOf, saysOf } from '../error.ts'
import { runCommandOf } from '../service.ts'
import type { Passed } from '../uplink/reach.ts'
import { placeOf } from '../uplink/tls.ts'
import { type Common, pathOf, type Surroundings, withConfig, withData, withJson } from './command.ts'
import { entry, plain, print, printJson, say, wrap } from './output.ts'
import { readToken } from './token.ts'

interface Options extends Common {
  token?: string
  tokenFile?: string
  again?: boolean
  config?: string
}

const help = `
Exactly one of --token-file, --token and the variable TIDEWAITER_TOKEN is needed.
Done when the console has acknowledged the first batch. What is cut off goes on
when the same command is run again. Steps: resolve, connect, TLS, fingerprint,
clock, token, key, first batch; a step that fails says its cause and the fix.

Exit codes: 0 enrolled, 1 problem found, 2 usage, 3 needs admin,
4 no connection, 5 refused.`

export function enroll(program: Command, surroundings: Surroundings): void {
  const command = program.command('enroll').description('make this machine a host of the console that a token names')
  withJson(withConfig(withData(command, surroundings)))
    .option('--token-file <file>', 'file whose first line is the token')
    .option('--token <token>', 'the token itself, which other accounts can see while it runs; - reads it from stdin')
    .option('--again', 'enrol a folder anew that is enrolled already: new key, new chain that names the old one')
    .addHelpText('after', help)
    .action(async (options: Options) => {
      const config = surroundings.readConfig(options.config)
      const token = await readToken(options, surroundings.token)
      const folder = holdDataFolder(resolve(options.data))
      try {
        surroundings.exitWith(
          await enrolInto(folder, { ...options, token, config, configFile: pathOf(options.config) }, surroundings),
        )
      } finally {
        folder.release()
      }
    })
}

async function enrolInto(
  folder: HeldFolder,
  options: Omit<Options, 'config'> & {
    token: string
    config: ReturnType<Surroundings['readConfig']>
    configFile: string | undefined
  },
  { openHost }: Surroundings,
): Promise<number> {
  const { token, config, configFile, again = false, json = false } = options
  const host = openHost()
  const steps: Passed[] = []
  const report = (passed: Passed) => {
    steps.push(passed)
    if (!json) print(entry({ label: passed.step, says: passed.says, outcome: 'ok' }))
  }
  try {
    const log = pino({ level: 'silent' })
    const enrolled = await enrol({ host, folder, config, configFile, token, again, report, log })
    if (json) printJson({ ok: true, ...summaryOf(enrolled), name: host.name, data: folder.path, steps })
    else
      print(
        farewell(
          enrolled,
          host.name,
          runCommandOf({ path: plain(folder.path), configFile: configFile && plain(configFile) }),
        ),
      )
    return 0
  } catch (cause) {
    return failed(cause, { json, steps })
  }
}

function summaryOf({ host, address, waiting }: Enrolled) {
  const place = placeOf(address)
  return { host, console: `${place.host}:${place.port}`, ...(waiting > 0 && { waiting }) }
}

function farewell({ host, waiting }: Enrolled, name: string, command: string): string {
  // The command stands in a line of its own, whole, to be copied.
  return [
    ...wrap(`Enrolled as ${name} (id ${host}). The console lists it from now on.`, 80),
    ...(waiting > 0 ? wrap(waits(waiting), 80) : []),
    'Now let it take evidence:',
    `  ${command}`,
  ].join('\n')
}

/** What was sealed under the old key is only taken by a console that can check its signatures. */
function waits(count: number): string {
  const batches = count === 1 ? '1 batch' : `${count} batches`
  return `Of the old key ${batches} waited. They are offered to this console; one that does not know the old key does not take them, and they are told to it as lost.`
}

/** Names the step, the cause and the fix. Returns the exit code. */
function failed(cause: unknown, { json, steps }: { json: boolean; steps: readonly Passed[] }): number {
  if (!isAgentRefusal(cause)) throw cause
  const { code, says } = cause
  const { step, exit } = meaningOf(code)
  say(entry({ label: step ?? 'enroll', says: `${says} (${code})`, outcome: 'PROBLEM' }))
  if (json) printJson({ ok: false, ...(step !== undefined && { step }), code, says: saysOf(cause), steps })
  return exit
}
