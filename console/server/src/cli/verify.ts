import { open } from 'node:fs/promises'
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
}

export function verify(program: Command): void {
  const command = program
    .command('verify')
    .description('check a package: intact, and with --fingerprint, who signed it')
  withData(command.argument('[file]'))
    .option('--fingerprint <sha256>', 'fingerprint of the signing key, as read to you by phone')
    .option('--bag <dir>', 'judge a bare BagIt bag of any origin instead')
    .option('--against-hosts', 'compare with what the hosts hold (not in this version)')
    .action(async (file: string | undefined, options: Options) => {
      if (options.againstHosts === true)
        throw refuse(
          'input-malformed',
          'This version cannot ask hosts. It checks the ledger heads that hosts sealed into the disclosed headers: leave --against-hosts out.',
        )
      const isGood = options.bag === undefined ? await verifyFile(file, options) : await judgeBag(options.bag, options)
      if (!isGood) process.exitCode = exit.no
    })
}

async function verifyFile(name: string | undefined, { fingerprint, json }: Options): Promise<boolean> {
  if (name === undefined) throw refuse('input-malformed', 'Give the package file, or --bag DIR.')
  const file = await open(name).catch((cause) => {
    throw refuse('file-unreadable', `${name} cannot be read.`, { cause })
  })
  try {
    if ((await file.stat()).isDirectory())
      throw refuse('file-unreadable', `${name} is a folder. Give the package file, or --bag for a bag in a folder.`)
    const { parseFingerprint, verifyPackage } = await import('@tidewaiter/protocol')
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
    const report = await verifyPackage(
      nodePrimitives,
      { size, read },
      { onProgress, ...(fingerprint !== undefined && { fingerprint }) },
    )
    if (json === true) printJson(report)
    else printReport(report)
    return report.ok
  } finally {
    await file.close()
  }
}

function printReport(report: VerifyReport): void {
  const { ok, signer, checks, files, batchesComplete, recordsProven } = report
  if (!ok) console.log(isOnlyForeign(report) ? 'Intact, but NOT signed by the key you named:' : 'NOT intact:')
  else if (signer?.checked === true) console.log(`Intact and signed by: ${plain(signer.name)}`)
  else console.log('Intact. Who signed it is NOT checked: compare this fingerprint by phone')
  if (signer !== null) console.log(`  ${signer.fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 ')}`)
  for (const check of checks)
    console.log(`${check.ok ? 'ok      ' : 'PROBLEM '} ${plain(check.name)}: ${plain(check.detail)}`)
  console.log(
    `${counted(files, 'file')}, ${counted(recordsProven, 'record')} proven, ${counted(batchesComplete, 'whole batch', 'whole batches')}`,
  )
}

function isOnlyForeign({ checks }: VerifyReport): boolean {
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
