import { counted } from '@tidewaiter/protocol/counted'
import type { Command } from 'commander'
import type { Event } from '../decode/decoder.ts'
import type { FileFinding, FileSighting } from '../detect/files.ts'
import { type Code, isRefusal, refuse } from '../error.ts'
import { type Common, withData } from './command.ts'
import { fail, plain, printJson, say } from './output.ts'
import { wholeNumber } from './search.ts'

interface DecodeOptions extends Common {
  as?: string
  beside?: string[]
  fromStdin?: boolean
  year?: number
  zone?: string
}

interface DetectOptions extends DecodeOptions {
  rules?: string
  indicators?: string
}

/** What works on plain files, without any console. */
export function files(program: Command): void {
  const decode = program.command('decode').description('read files into events (ECS 9, one a line)')
  withData(decode.argument('[file...]'))
    .option('--as <format>', 'the format, where its content does not tell')
    .option('--beside <file...>', 'files that belong to it and do not lie beside it: the logs of a registry hive')
    .option('--from-stdin', 'read standard input')
    .option('--year <year>', 'year of times that have none', wholeNumber)
    .option('--zone <zone>', 'zone of times that have none: an IANA name or an offset such as -05:00')
    .action(decodeFiles)
  const detect = program.command('detect').description('findings and sightings over files, without any console')
  withData(detect.argument('<file...>'))
    .option('--beside <file...>', 'files that belong to it and do not lie beside it: the logs of a registry hive')
    .option('--rules <dir>', 'Sigma rules (not in this version)')
    .option('--indicators <file>', 'indicators to look for (STIX 2.1, MISP, CSV or text)')
    .option('--year <year>', 'year of times that have none', wholeNumber)
    .option('--zone <zone>', 'zone of times that have none')
    .action(detectInFiles)
}

async function decodeFiles(names: string[], options: DecodeOptions): Promise<void> {
  if (names.length === 0 && options.fromStdin !== true)
    throw refuse('input-malformed', 'Give one or more files, or --from-stdin.')
  const sources = options.fromStdin === true ? [process.stdin] : names
  let unreadable = 0
  for await (const event of eventsOf(sources, options)) {
    if (event.error !== undefined) unreadable += 1
    if (!process.stdout.write(`${JSON.stringify(event)}\n`)) await drained()
  }
  if (unreadable > 0)
    say(
      `${counted(unreadable, 'part')} could not be read, or not wholly: error.message of the events says which and why.`,
    )
}

async function detectInFiles(names: string[], options: DetectOptions): Promise<void> {
  const { rules, indicators, json } = options
  if (rules !== undefined)
    throw refuse('input-malformed', 'This version reads no Sigma rules: leave --rules out, and its own detectors look.')
  const { detectFiles } = await import('../detect/files.ts')
  const { detectors } = await import('../detect/index.ts')
  const { readSought } = await import('./sought.ts')
  const sought = indicators === undefined ? undefined : await readSought(indicators)
  if (sought !== undefined) say(sought.says)
  const list = sought === undefined ? {} : { indicators: sought.list }
  const { openDetectCoverage } = await import('./detect-coverage.ts')
  const coverage = openDetectCoverage(detectors)
  for await (const result of detectFiles(coverage.watch(eventsOf(names, options)), list))
    if (json === true) printJson(result)
    else console.log(inWords(result))
  say(coverage.says())
}

function inWords(result: FileFinding | FileSighting): string {
  if (result.kind === 'finding')
    return `${result.severity}  ${plain(result.title)}  ×${result.count}  ${plain(result.firstAt)}`
  return `sighting  ${result.indicator.type} ${plain(result.indicator.value)}  ×${result.count}`
}

const ofOneFile: ReadonlySet<Code> = new Set(['file-unreadable', 'format-unknown'])

/** A file that holds nothing or cannot be read as a whole is said, the others are still read, and the command ends with 1. */
async function* eventsOf(
  sources: readonly (string | NodeJS.ReadableStream)[],
  options: DecodeOptions,
): AsyncGenerator<Event> {
  const { decodeFile } = await import('../decode/files.ts')
  for (const source of sources)
    try {
      const bytes = yield* decodeFile(source, options)
      if (bytes === 0) say(`${typeof source === 'string' ? plain(source) : 'Standard input'} is empty.`)
    } catch (error) {
      if (!isRefusal(error) || !ofOneFile.has(error.code)) throw error
      process.exitCode = fail(error)
    }
}

function drained(): Promise<void> {
  return new Promise((resolve) => process.stdout.once('drain', resolve))
}
