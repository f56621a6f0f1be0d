import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { refuse } from '../error.ts'
import type { Api } from './api.ts'
import { type Common, withApi, withData } from './command.ts'
import { exit, fail, plain, printJson } from './output.ts'

export interface ImportOptions extends Common {
  host?: string
  source?: string
  zone?: string
  recovery?: string
}

/** What became of one file. */
export interface Imported {
  file: string
  kind: 'collection' | 'file'
  host: string
  name: string
  sha256: string
  bytes: number
  records: number
  batches: { added: number; held: number; beside: number }
  /** All of it was there, and was taken. */
  complete: boolean
  damaged: { at: number; bytes: number; code: string; says: string }[]
  says: string[]
}

const help = `
An offline collection (tidewaiter-agent collect) becomes a host of its own: signature, chain and
roots are checked; what is damaged is named and refused, and the whole parts are taken. The same
file again changes nothing.

Other files need --host: they become evidence of a host of that name, hashed on receipt, origin not
proven, and are read as log files are. gzip is read through. Times without a zone stay without an
instant unless --zone names it.

Exit codes: 0 all taken, 1 something was refused or the file was cut off, 2 usage, 5 refused.`

export function importing(program: Command): void {
  withData(
    program.command('import').description('put offline collections and files into the ledger').argument('<file...>'),
  )
    .option('--host <name>', 'name of the host that files are of; a collection names its own')
    .option('--source <kind>', 'kind of source, such as log-file; found by content when left out')
    .option('--zone <zone>', 'zone of times that have none: an IANA name or an offset such as -05:00')
    .addOption(new Option('--recovery <file>', 'file of the recovery key: for a collection encrypted to that'))
    .addHelpText('after', help)
    .action(importAll)
}

async function importAll(files: string[], options: ImportOptions): Promise<void> {
  if (options.source !== undefined && !/^[a-z][a-z0-9-]*$/.test(options.source))
    throw refuse('input-malformed', '--source is a word such as log-file.')
  const done: Imported[] = []
  let failed: number | undefined
  await withApi(options, async (api) => {
    for (const file of files)
      try {
        done.push(await importOne(api, resolve(file), options))
      } catch (error) {
        if (files.length === 1) throw error
        failed = fail(error)
      }
  })
  if (options.json === true) printJson(done)
  else for (const each of done) for (const line of inWords(each)) console.log(line)
  process.exitCode = failed ?? (done.every(({ complete }) => complete) ? exit.ok : exit.no)
}

async function importOne(api: Api, file: string, options: ImportOptions): Promise<Imported> {
  const { isCollectionFile } = await import('../intake/open-file.ts')
  if (await isCollectionFile(file)) return (await import('./import-collection.ts')).importCollection(api, file, options)
  if (options.host === undefined)
    throw refuse('input-malformed', `${file} is no offline collection: name the host that it is of with --host.`)
  const { importFile } = await import('./import-file.ts')
  return importFile(api, file, { ...options, host: options.host })
}

function inWords({ file, name, host, sha256, records, batches, complete, damaged, says }: Imported): string[] {
  const { added, held, beside } = batches
  const counts = [
    `${added} added`,
    ...(held > 0 ? [`${held} held already`] : []),
    ...(beside > 0 ? [`${beside} kept beside the chain`] : []),
  ]
  return [
    `${plain(file)}: ${records} records, batches ${counts.join(', ')}; host ${plain(name)} (${host})`,
    `  SHA-256 ${sha256}`,
    ...says.map((text) => `  ${plain(text)}`),
    ...damaged.map(({ at, bytes, says: why, code }) => `  REFUSED byte ${at}, ${bytes} long: ${plain(why)} (${code})`),
    ...(complete ? [] : ['  NOT complete.']),
  ]
}
