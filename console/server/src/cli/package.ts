import { createHash } from 'node:crypto'
import { constants, createWriteStream, existsSync } from 'node:fs'
import { access, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { BuildPackage, PackageRow } from '@tidewaiter/protocol/api'
import type { Command } from 'commander'
import { refuse } from '../error.ts'
import type { Api } from './api.ts'
import { type Common, withApi, withData } from './command.ts'
import { printJson, say, showProgress } from './output.ts'

const help = `
A package holds what people put into the incident, and nothing else: findings that are held and
not part of it are counted in its letter and warned of here, and so is a package without records.

Exit codes: 0 built, 1 it cannot be written or no console at that folder, 4 the console does not
answer, 5 refused.`

interface Options extends Common {
  incident: string
  profile: string
  disclose: string
  asOf?: string
  tlp: string
  recipient?: string
  out: string
  force?: boolean
}

export function packages(program: Command): void {
  const group = program.command('package').description('evidence packages')
  withData(group.command('build').description('build, sign and write the package of an incident'))
    .requiredOption('--incident <id>')
    .option('--profile <profile>', 'soc or reconnection', 'soc')
    .option('--disclose <what>', 'records', 'records')
    .option('--as-of <cut>', 'build again as of an earlier cut')
    .option('--tlp <label>', 'RED, AMBER+STRICT, AMBER, GREEN or CLEAR', 'AMBER')
    .option('--recipient <keyfile>', 'encrypt it to this key (not in this version)')
    .requiredOption('--out <file>')
    .option('--force', 'write it in place of a file that is there')
    .addHelpText('after', help)
    .action(async (options: Options) => {
      if (options.recipient !== undefined)
        throw refuse('input-malformed', 'This version does not encrypt packages: leave --recipient out.')
      await checkPlace(options)
      const row = await withApi(options, (api) => build(api, options))
      if (options.json === true) printJson({ file: options.out, ...row })
      else console.log(`${row.sha256}  ${options.out}`)
      for (const warning of row.warnings) say(`Warning: ${warning}`)
      if (options.json !== true)
        say(`As of ${row.cut}. Signed with the key ${row.signerFingerprint}: read it to the recipient by phone.`)
    })
}

async function build(api: Api, { incident, profile, disclose, asOf, tlp, out }: Options): Promise<PackageRow> {
  // The route checks the words; here they are only passed on.
  const body = { profile, disclose, tlp, ...(asOf !== undefined && { asOf }) } as BuildPackage
  let row = await api.call<PackageRow>('POST', `/incidents/${encodeURIComponent(incident)}/packages`, body)
  const cancel = () => void api.call('POST', `/packages/${row.id}/cancel`).catch(() => undefined)
  process.once('SIGINT', cancel)
  for (; row.state === 'building'; row = await api.call<PackageRow>('GET', `/packages/${row.id}`)) {
    showProgress(`${row.step} ${row.done} of ${row.of}`)
    await wait(100)
  }
  showProgress('')
  process.off('SIGINT', cancel)
  if (row.state !== 'built') throw refuse('package-failed', row.problem ?? `The build was ${row.state}.`)
  await download(api, row, out)
  return row
}

/** Before anything is built. Throws `file-unwritable`. */
async function checkPlace({ out, force = false }: Options): Promise<void> {
  if (!force && existsSync(out))
    throw refuse('file-unwritable', `${out} is there already: name another file, or give --force.`)
  try {
    await access(dirname(resolve(out)), constants.W_OK)
  } catch (cause) {
    throw refuse('file-unwritable', `${out} cannot be written.`, { cause })
  }
}

/**
 * Writes the file under its name once it is there whole; it holds evidence, so only its owner may read it. Throws
 * `package-failed`, and leaves nothing then.
 */
export async function download(
  api: Pick<Api, 'read'>,
  { id, sha256 }: Pick<PackageRow, 'id' | 'sha256'>,
  out: string,
): Promise<void> {
  const part = `${out}.part`
  const hash = createHash('sha256')
  const pieces = async function* () {
    for await (const piece of api.read(`/packages/${id}/download`)) {
      hash.update(piece)
      yield piece
    }
  }
  try {
    // One that a killed command left keeps its mode.
    await rm(part, { force: true })
    await pipeline(pieces, createWriteStream(part, { mode: 0o600, flags: 'wx' }))
    if (hash.digest('hex') !== sha256)
      throw refuse('package-failed', 'What was written is not the package that was built.')
    await rename(part, out)
  } finally {
    await rm(part, { force: true })
  }
}
