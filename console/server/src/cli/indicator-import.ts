import { basename } from 'node:path'
import type { ImportResult } from '@tidewaiter/protocol/api'
import { type Command, Option } from 'commander'
import { isRefusal, refuse } from '../error.ts'
import type { Api } from './api.ts'
import { type Common, withApi, withData } from './command.ts'
import { cutTo, exit, fail, onOneLine, plain, printJson, say, table } from './output.ts'

interface ImportOptions extends Common {
  format?: string
  dryRun?: boolean
  source?: string
  tlp: string
}

const formats = ['stix', 'misp', 'csv', 'text', 'taxii']
const labels = ['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR']

export function indicatorImport(group: Command): void {
  withData(group.command('import').description('take indicators from files').argument('<file...>'))
    .addOption(new Option('--format <format>', 'found by content when left out').choices(formats))
    .option('--source <words>', 'where they come from; the file name when left out')
    .addOption(new Option('--tlp <label>', 'of those that say nothing of it').choices(labels).default('AMBER'))
    .option('--dry-run', 'say what would be taken, and take nothing')
    .action(importFiles)
}

/** Characters of a file from which on the wait is announced. */
const large = 1_000_000
const mostSource = 200
/** Characters of a value in the table, so that beside it there is room for why it was refused. */
const mostValue = 32

/** A file that is refused as a whole is said, the others are still taken, and the exit code is that of the refusal. */
async function importFiles(files: string[], options: ImportOptions): Promise<void> {
  const sum: Sum = { read: 0, added: 0, duplicate: 0, refused: [], warned: [] }
  let failed: number | undefined
  await withApi(options, async (api) => {
    for (const file of files)
      try {
        add(sum, await importFile(api, file, options), files.length > 1 ? { file } : {})
      } catch (error) {
        if (files.length === 1) throw error
        failed = fail(error)
      }
  })
  if (options.json === true) printJson(sum)
  else printSum(sum, options)
  process.exitCode = failed ?? (sum.refused.length > 0 ? exit.no : exit.ok)
}

async function importFile(api: Api, file: string, options: ImportOptions): Promise<ImportResult> {
  const { format, tlp, dryRun = false, source = basename(file).slice(0, mostSource) } = options
  const { readList } = await import('./list-file.ts')
  const text = await readList(file)
  if (text.length > large) say(`Reading ${file}, ${Math.round(text.length / 1_000_000)} MB.`)
  try {
    return await api.call('POST', '/indicators/import', {
      text,
      source,
      tlp,
      dryRun,
      ...(format !== undefined && { format }),
    })
  } catch (error) {
    throw isRefusal(error) ? refuse(error.code, `${file}: ${error.says}`, { cause: error }) : error
  }
}

/** A remark; of several files it says which. */
type Remark = ImportResult['refused'][number] & { file?: string }
type Sum = Omit<ImportResult, 'recognised' | 'refused' | 'warned'> & { refused: Remark[]; warned: Remark[] }

function add(sum: Sum, result: ImportResult, of: { file?: string }): void {
  sum.read += result.read
  sum.added += result.added
  sum.duplicate += result.duplicate
  for (const remark of result.refused) sum.refused.push({ ...remark, ...of })
  for (const remark of result.warned) sum.warned.push({ ...remark, ...of })
}

function printSum({ read, added, duplicate, refused, warned }: Sum, { dryRun = false }: ImportOptions): void {
  const counts = `${read} read, ${added} ${dryRun ? 'would be added' : 'added'}, ${duplicate} already known, ${refused.length} refused`
  console.log(dryRun ? `${counts}. Nothing was changed.` : counts)
  const rows = [...refused.map(toCells('refused')), ...warned.map(toCells('warning'))]
  if (rows.length > 0) console.log(onOneLine(table(['LINE', 'VALUE', 'WHY'], rows)))
}

function toCells(kind: string) {
  return ({ file, line, value, why }: Remark) => [
    file === undefined ? String(line) : `${file}:${line}`,
    cutTo(mostValue, plain(value)),
    `${kind}: ${why}`,
  ]
}
