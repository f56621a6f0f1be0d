import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { type Collected, collect as collectInto, type Progress } from '../collect/collect.ts'
import { outPath } from '../collect/out-file.ts'
import { boundsOf } from '../collect/profile.ts'
import { readRecipients } from '../collect/recipients.ts'
import type { Collector } from '../collectors/collector.ts'
import { type Common, type Surroundings, withConfig, withData, withJson } from './command.ts'
import { duration, plain, print, printJson, say, size, wrap } from './output.ts'

interface Options extends Common {
  out: string
  profile: 'triage' | 'full'
  encryptTo?: string
  config?: string
}

const help = `
Reads everything this machine has once, what is gone soonest first, and seals it
into one new file: no console, no installation, and nothing else is written.
Profile triage takes seven days of logs, of each log the newest 64 MB and of one
kind of evidence 512 MB; full takes all there is.

--encrypt-to takes lines age1..., or what "tidewaiter keys show --json" prints on
the console: then only the console, or the recovery key, opens the file.

Ctrl+C, a full drive or a kill leave what was read until then. Write the SHA-256
on the evidence form. On the console: tidewaiter import FILE

Exit codes: 0 all was read, 1 stopped early or the drive is full, 2 usage.`

export function collect(program: Command, surroundings: Surroundings): void {
  const command = program.command('collect').description('read everything once into one sealed file, without a console')
  withJson(withConfig(withData(command, surroundings)))
    .requiredOption('--out <file>', 'the new file, or a folder to make it in')
    .addOption(new Option('--profile <profile>', 'how much is read').choices(['triage', 'full']).default('triage'))
    .option('--encrypt-to <keyfile>', 'keys of which each can open it; left out: it is not encrypted')
    .addHelpText('after', help)
    .action(async (options: Options) => {
      const { readConfig, openHost, collectors, stopSignal, exitWith } = surroundings
      const config = readConfig(options.config)
      const recipients = options.encryptTo === undefined ? [] : readRecipients(options.encryptTo)
      const host = openHost()
      const path = resolve(outPath(options.out, { name: host.name, nowMs: host.now() }))
      const startedAt = host.steady()
      const { profile } = options
      say(`Collecting "${profile}" on ${plain(host.name)} to ${plain(path)}`)
      if (recipients.length === 0) say('Not encrypted: whoever has the file can read it (--encrypt-to KEYFILE).')
      const bounds = boundsOf(profile, host.now())
      const from = { host, collectors, config, profile, bounds, path, recipients, data: resolve(options.data) }
      const done = await collectInto({ ...from, progress: newProgress(host.steady) }, stopSignal())
      const encrypted = recipients.length > 0
      if (options.json === true) printJson({ file: path, profile, encrypted, ...done })
      else for (const line of summary(done, host.steady() - startedAt)) print(line)
      if (!done.complete) exitWith(1)
    })
}

/** A line that moves is written so often at most. */
const everyMs = 500

/** On a terminal the line of what is read moves; a log gets one line for each kind of evidence. */
function newProgress(steady: () => number): Progress {
  let saidAtMs = Number.NEGATIVE_INFINITY
  let beganMs = 0
  const { isTTY } = process.stderr
  const show = (text: string) => {
    if (isTTY) process.stderr.write(`\r\x1b[K${text}`)
  }
  return {
    begins({ id }) {
      beganMs = steady()
      show(`  ${id} ...`)
    },
    moves({ id }, bytes) {
      if (steady() - saidAtMs < everyMs) return
      saidAtMs = steady()
      show(`  ${lineOf(id, bytes, steady() - beganMs)}`)
    },
    ends({ id }: Collector, { bytes, records, failed }) {
      show('')
      const how = failed === undefined ? `${records} records` : `PROBLEM  ${plain(failed)}`
      say(`  ${lineOf(id, bytes, steady() - beganMs)}  ${how}`)
    },
  }
}

function lineOf(id: string, bytes: number, ms: number): string {
  return `${id.padEnd(16)} ${size(bytes).padStart(9)}  ${duration(ms).padStart(8)}`
}

const mostShown = 40

function summary({ complete, why, sources, bytes, sha256, records, kin }: Collected, ms: number): string[] {
  const missing = sources.filter(({ state }) => state !== 'covered')
  const words = missing
    .slice(0, mostShown)
    .flatMap(({ id, state, why: reason, lost }) =>
      wrap(
        `${state}: ${id}${reason === undefined ? '' : `: ${reason}`}${lost.map(({ cause }) => `: ${cause}`).join('')}`,
        78,
      ),
    )
  return [
    ...words.map((line) => `  ${line}`),
    ...(missing.length > mostShown ? [`  ${missing.length - mostShown} more: see --json, and in the file.`] : []),
    complete
      ? `Done in ${duration(ms)}.`
      : wrap(`NOT complete: ${why ?? 'it did not come to its end.'}`, 80).join('\n'),
    `${records} records of ${sources.length} sources, ${size(bytes)}; ${missing.length} not covered whole, listed inside.`,
    ...(kin === undefined ? [] : [`The agent enrolled here (host ${kin}) signed that this is its machine.`]),
    `SHA-256  ${(sha256.match(/.{8}/g) ?? []).join(' ')}`,
    'Write this on the evidence form. Next, on the console: tidewaiter import FILE',
  ]
}
