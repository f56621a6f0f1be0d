import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { VerifyReport } from '@tidewaiter/protocol'
import { counted } from '@tidewaiter/protocol/counted'
import type { Command } from 'commander'
import { refuse } from '../error.ts'
import { type Common, withData } from './command.ts'
import { exit, plain, printJson, showProgress } from './output.ts'

interface Options extends Common {
  fingerprint?: string
  bag?: string
  againstHosts?: boolean
  ledger?: boolean
  heads?: string
  recovery?: string
}

export function verify(program: Command): void {
  const command = program
    .command('verify')
    .description('check a package or an offline collection: intact, and with --fingerprint, who signed it')
  withData(command.argument('[file]'))
    .option('--fingerprint <sha256>', 'fingerprint of the signing key, as read to you by phone')
    .option('--recovery <file>', 'file of the recovery key: for an offline collection encrypted to that')
    .option('--bag <dir>', 'judge a bare BagIt bag of any origin instead')
    .option('--against-hosts', 'compare with the ledger heads that hosts hold: sealed into their batches, or told now')
    .option('--ledger', 'check the ledger of a console (--data) instead of a package; with --against-hosts')
    .option('--heads <dir>', 'heads that "serve --heads" kept: they have to fit too')
    .addHelpText(
      'after',
      `
Whoever has all keys of a console can write another past with fitting signatures. Hosts hold what they were shown:
  tidewaiter verify --ledger --against-hosts --data DIR    finds it, names the first entry that differs and the hosts
  that show it, and tells it from a ledger that was restored and fed again.`,
    )
    .action(async (file: string | undefined, options: Options) => {
      const isGood = await judge(file, options)
      if (!isGood) process.exitCode = exit.no
    })
}

async function judge(file: string | undefined, options: Options): Promise<boolean> {
  const { ledger = false, bag, heads, againstHosts = false } = options
  if (ledger) {
    if (file !== undefined || bag !== undefined)
      throw refuse('input-malformed', 'Give a package, --bag DIR or --ledger: one of them.')
    if (!againstHosts)
      throw refuse('input-malformed', 'A ledger is checked against what its hosts hold: give --against-hosts too.')
    return (await import('./verify-ledger.ts')).verifyLedger(options)
  }
  if (heads !== undefined) throw refuse('input-malformed', '--heads goes with --ledger --against-hosts.')
  return bag === undefined ? verifyFile(file, options) : judgeBag(bag, options)
}

async function verifyFile(name: string | undefined, options: Options): Promise<boolean> {
  const { fingerprint, json } = options
  if (name === undefined) throw refuse('input-malformed', 'Give the package file, --bag DIR or --ledger.')
  if (await isCollection(name)) return (await import('./verify-collection.ts')).verifyCollection(name, options)
  const file = await open(name).catch((cause) => {
    throw refuse('file-unreadable', `${name} cannot be read.`, { cause })
  })
  try {
    if ((await file.stat()).isDirectory())
      throw refuse('file-unreadable', `${name} is a folder. Give the package file, or --bag for a bag in a folder.`)
    const { notMade, parseFingerprint, verifyPackage } = await import('@tidewaiter/protocol')
    if (fingerprint !== undefined && parseFingerprint(fingerprint) === undefined)
      throw refuse('input-malformed', 'A fingerprint is 64 digits and letters from a to f: give the whole of it.')
    const { nodePrimitives } = await import('@tidewaiter/protocol/node')
    const { size } = await file.stat()
    const read = async (offset: number, length: number) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset)
      return buffer.subarray(0, bytesRead)
    }
    const onProgress = ({ doneBytes, ofBytes }: { doneBytes: number; ofBytes: number }) =>
      showProgress(doneBytes < ofBytes ? `${Math.floor((doneBytes / ofBytes) * 100)} %` : '')
    const verified = await verifyPackage(
      nodePrimitives,
      { size, read },
      { onProgress, ...(fingerprint !== undefined && { fingerprint }) },
    )
    const report = options.againstHosts === true ? await withHosts(verified, options) : verified
    if (json === true) printJson(report)
    else printReport(report, notMade)
    return report.ok
  } finally {
    await file.close()
  }
}

/** What cannot be opened as a file at all is no collection: why, is said where a package is opened. */
async function isCollection(name: string): Promise<boolean> {
  const { isCollectionFile } = await import('../intake/open-file.ts')
  return isCollectionFile(name).catch(() => false)
}

/** A report with one more check: what hosts hold of the ledger. */
type HostReport = Omit<VerifyReport, 'checks'> & { checks: { name: string; ok: boolean; detail: string }[] }

/**
 * The heads that hosts sealed are in the package, and were compared with its ledger. Where the console it came from runs
 * here, what connected hosts answer is compared too, and the head of the package with the console's ledger.
 */
async function withHosts(report: VerifyReport, options: Options): Promise<HostReport> {
  const { runningApi } = await import('./api.ts')
  const api = await runningApi(resolve(options.data))
  await api?.close()
  const check = (api === undefined ? undefined : await asked(report, options)) ?? sealedAlone(report)
  return { ...report, ok: report.ok && check.ok, checks: [...report.checks, { name: 'against-hosts', ...check }] }
}

function sealedAlone({ head, hostHeads }: VerifyReport): { ok: boolean; detail: string } {
  if (head === null) return { ok: false, detail: 'the head of its ledger cannot be read' }
  if (hostHeads === 0)
    return { ok: false, detail: 'no disclosed header witnesses a head of this ledger: nothing to compare' }
  const heads = `${counted(hostHeads, 'head')} that hosts sealed into their batches ${hostHeads === 1 ? 'fits' : 'fit'} the ledger of the package`
  return { ok: true, detail: `${heads}. Connected hosts were not asked: its console does not run here` }
}

/** Undefined where the console that runs here is another one. */
async function asked({ head }: VerifyReport, options: Options): Promise<{ ok: boolean; detail: string } | undefined> {
  if (head === null) return undefined
  const [{ ledgerReport }, { parseHead }] = await Promise.all([
    import('./verify-ledger.ts'),
    import('@tidewaiter/protocol'),
  ])
  const { ledger } = parseHead(head)
  const found = await ledgerReport(options, [{ head, by: 'the package', how: 'file' }])
  if (found.ledger !== ledger && !found.restored.some((before) => before.ledger === ledger)) return undefined
  const said = found.checks.filter(({ name, ok }) => !ok || name === 'hosts' || name === 'restored')
  return { ok: found.ok, detail: said.map(({ detail }) => detail).join('; ') }
}

/** @param notMade what is said of checks that could not be made: they stand in one line */
function printReport(report: HostReport, notMade: string): void {
  const { ok, signer, checks, files, batchesComplete, recordsProven } = report
  if (isNoPackage(report)) console.log('This is no package, or its first bytes were changed:')
  else if (!ok) console.log(isOnlyForeign(report) ? 'Intact, but NOT signed by the key you named:' : 'NOT intact:')
  else if (signer?.checked === true) console.log(`Intact and signed by: ${plain(signer.name)}`)
  else console.log('Intact. Who signed it is NOT checked: compare this fingerprint by phone')
  if (signer !== null) console.log(`  ${signer.fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 ')}`)
  const unmade = checks.filter(({ detail }) => detail === notMade)
  for (const check of checks.filter(({ detail }) => detail !== notMade))
    console.log(`${check.ok ? 'ok      ' : 'PROBLEM '} ${plain(check.name)}: ${plain(check.detail)}`)
  if (unmade.length > 0) console.log(`Not checked, because of that: ${unmade.map(({ name }) => name).join(', ')}`)
  console.log(
    `${counted(files, 'file')}, ${counted(recordsProven, 'record')} proven, ${counted(batchesComplete, 'whole batch', 'whole batches')}`,
  )
}

/** A package that was cut off or changed further in still begins as one. */
function isNoPackage({ files, checks }: HostReport): boolean {
  return files === 0 && checks.some(({ name, detail }) => name === 'container' && detail.startsWith('container@0:'))
}

function isOnlyForeign({ checks }: HostReport): boolean {
  return checks.every(({ name, ok }) => ok || name === 'signer')
}

async function judgeBag(folder: string, { json }: Options): Promise<boolean> {
  const { verifyBag } = await import('../package/bag.ts')
  const { valid, warnings, errors } = await verifyBag(folder)
  if (json === true) printJson({ valid, warnings, errors })
  else {
    console.log(valid ? 'A valid bag.' : 'NOT a valid bag:')
    for (const error of errors) console.log(`error: ${plain(error)}`)
    for (const warning of warnings) console.log(`warning: ${plain(warning)}`)
  }
  return valid
}
