import { open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { refuse } from '../error.ts'
import type { SealedWith } from '../keys/restore.ts'
import { makeFolder } from '../make-folder.ts'
import { type Common, withData } from './command.ts'
import { printJson, say } from './output.ts'
import { askSecret } from './secret.ts'
import { isWithin } from './within.ts'

interface Options extends Common {
  from: string
  recoveryKeyFile?: string
  passphraseFile?: string
}

/** `recovery.age` and a key export have about 10 kB. */
const mostBytes = 1024 * 1024

export function keysRestore(group: Command): void {
  withData(
    group
      .command('restore')
      .description('make the keys folder anew from recovery.age or a key export; other keys are never overwritten')
      .requiredOption('--from <file>', 'recovery.age, or what "keys export" wrote'),
  )
    .option('--recovery-key-file <file>', 'its first line: the recovery key, AGE-SECRET-KEY-1…')
    .option('--passphrase-file <file>', 'its first line: the passphrase of the key export')
    .action(restore)
}

/** Works on the keys folder itself: without keys there is no console that could be asked. */
async function restore({ data, keys, json, from, ...options }: Options): Promise<void> {
  const sealed = { file: await sealedFile(from), ...(await secretOf(options)) }
  const folder = resolve(data)
  const dir = keys === undefined ? join(folder, 'keys') : resolve(keys)
  const { restoreKeys } = await import('../keys/restore.ts')
  const unlock = isWithin(dir, folder) ? await locked(folder) : async () => undefined
  try {
    const restored = await restoreKeys(dir, sealed)
    if (json === true) printJson({ dir, restored })
    if (restored.length === 0) say(`All keys are in ${dir} already. Nothing was written.`)
    else
      say(
        `Written to ${dir}: ${restored.join(', ')}. Start the console, and take its new recovery key under Settings, Keys.`,
      )
  } finally {
    await unlock()
  }
}

/** A folder of keys elsewhere is nobody's that runs on `data`, which is only where one looks when nothing is named. */
async function locked(folder: string): Promise<() => Promise<void>> {
  const { lockData } = await import('../store/lock.ts')
  makeFolder(folder)
  return await lockData(folder, 'command')
}

/** The secret from the one file that was named, or typed: a recovery key tells itself by how it begins. */
async function secretOf({ recoveryKeyFile, passphraseFile }: Pick<Options, 'recoveryKeyFile' | 'passphraseFile'>) {
  if (recoveryKeyFile !== undefined && passphraseFile !== undefined)
    throw refuse('input-malformed', 'Give --recovery-key-file or --passphrase-file, not both.')
  const secret = await askSecret('Recovery key or passphrase', recoveryKeyFile ?? passphraseFile)
  const isKey = recoveryKeyFile !== undefined || (passphraseFile === undefined && /^AGE-SECRET-KEY-1/i.test(secret))
  return (isKey ? { recoveryKey: secret.trim().toUpperCase() } : { passphrase: secret }) satisfies SealedWith
}

/** Throws `file-unreadable`. */
export async function sealedFile(name: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(mostBytes + 1)
  try {
    const file = await open(name)
    const { bytesRead } = await file.read(bytes).finally(() => file.close())
    if (bytesRead <= mostBytes) return bytes.subarray(0, bytesRead)
  } catch (cause) {
    throw refuse('file-unreadable', `${name} cannot be read.`, { cause })
  }
  throw refuse('file-unreadable', `${name} is larger than any file of sealed keys.`)
}
