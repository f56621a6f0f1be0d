import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { counted } from '@tidewaiter/protocol/counted'
import type { Command } from 'commander'
import { refuse } from '../error.ts'
import { makeFolder } from '../make-folder.ts'
import { sealedFile } from './keys-restore.ts'
import { printJson, say, showProgress } from './output.ts'
import { askSecret } from './secret.ts'

interface Options {
  data: string
  keys?: string
  recovery?: string
  passphraseFile?: string
  json?: boolean
}

export function restore(program: Command): void {
  program
    .command('restore')
    .description('make a console anew from a backup, or from its keys alone, in an empty folder')
    .argument('<file>', 'what "tidewaiter backup" wrote; or recovery.age or a key export, where no backup is left')
    .requiredOption('--data <dir>', 'data folder: empty, or not there yet')
    .option('--keys <dir>', 'keys folder of the console, where it was not lost')
    .option('--recovery <file>', 'its first line: the recovery key, AGE-SECRET-KEY-1…')
    .option('--passphrase-file <file>', 'its first line: the passphrase of a key export')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Everything is checked before any of it is put in place. A new ledger begins, whose first entry names the one it goes on
from. Hosts connect again with the certificates they have and send what this console lacks and they still hold;
"tidewaiter verify --ledger --against-hosts" says how much that was. Enrolment tokens are revoked: make new ones.`,
    )
    .action(run)
}

async function run(file: string, { data, keys, json, ...secrets }: Options): Promise<void> {
  const folder = resolve(data)
  const keysDir = keys === undefined ? undefined : resolve(keys)
  const beginning = await beginningOf(file)
  const [{ lockData }, { isBackup, isSealed }, { refuseUsed }] = await Promise.all([
    import('../store/lock.ts'),
    import('../backup/envelope.ts'),
    import('../backup/workshop.ts'),
  ])
  if (!isSealed(beginning)) throw refuse('backup-malformed', `${file} is neither a backup nor a file of sealed keys.`)
  const isNew = !existsSync(folder)
  makeFolder(folder)
  const unlock = await lockData(folder, 'command')
  let isDone = false
  try {
    await refuseUsed(folder)
    const work = isBackup(beginning)
      ? restoreAll({ file, data: folder, keysDir, ...secrets })
      : restoreKeysAlone({ file, data: folder, keysDir, ...secrets })
    const { answer, says } = await work
    isDone = true
    showProgress('')
    if (json === true) printJson(answer)
    for (const line of says) say(line)
  } finally {
    await unlock()
    if (!isDone) await leave(folder, isNew)
  }
}

/** Nothing stays of what a refused restore has made. */
async function leave(folder: string, isNew: boolean): Promise<void> {
  const { readdir, rm } = await import('node:fs/promises')
  const names = await readdir(folder)
  if (!names.every((name) => name.startsWith('lock.'))) return
  for (const name of names) await rm(join(folder, name), { force: true })
  if (isNew) await rm(folder, { recursive: true, force: true })
}

async function beginningOf(name: string): Promise<Uint8Array> {
  try {
    const file = await open(name)
    const { buffer, bytesRead } = await file.read(new Uint8Array(4096)).finally(() => file.close())
    return buffer.subarray(0, bytesRead)
  } catch (cause) {
    throw refuse('file-unreadable', `${name} cannot be read.`, { cause })
  }
}

interface Work extends Pick<Options, 'recovery' | 'passphraseFile'> {
  file: string
  data: string
  keysDir: string | undefined
}

interface Done {
  answer: object
  says: string[]
}

async function restoreAll({ file, data, keysDir, recovery }: Work): Promise<Done> {
  const [{ restoreBackup }, { account }, { loadSecrets }] = await Promise.all([
    import('../backup/restore.ts'),
    import('../backup/record.ts'),
    import('../keys/secrets.ts'),
  ])
  const opener =
    recovery === undefined && keysDir !== undefined
      ? { masterKey: loadSecrets(keysDir).masterKey }
      : { recoveryKey: (await askSecret('Recovery key', recovery)).trim().toUpperCase() }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const step = (done: number, of: number) => showProgress(`${done} of ${of} batches`)
  const who = account()
  const restored = await restoreBackup({ file, data, keysDir, opener, who, now: Date.now, signal: stop.signal, step })
  const { console: of, ledger, newLedger, size, root, madeAt, tables, files, unreadable, revokedTokens } = restored
  const answer = {
    console: of,
    from: { ledger, size, root, madeAt },
    ledger: newLedger,
    tables,
    files,
    unreadable,
    revokedTokens,
  }
  return {
    answer,
    says: [
      `Restored into ${data}: the console of ${madeAt} with the fingerprint ${of}, ${counted(size, 'batch', 'batches')} of ledger ${ledger}.`,
      `It goes on as ledger ${newLedger}. ${counted(revokedTokens, 'enrolment token was', 'enrolment tokens were')} revoked.`,
      ...(unreadable.length > 0
        ? [`${counted(unreadable.length, 'batch', 'batches')} cannot be opened; they could not before.`]
        : []),
      `Start it with "${serveWith(data, keysDir)}": hosts come back by themselves and send again what it lacks. Who was revoked or signed out since, is not: look at Hosts and People.`,
    ],
  }
}

/** Whole, to be copied: keys beside the data folder are not found by themselves. */
function serveWith(data: string, keysDir: string | undefined): string {
  return `tidewaiter serve --data ${data}${keysDir === undefined ? '' : ` --keys ${keysDir}`}`
}

async function restoreKeysAlone({ file, data, keysDir, recovery, passphraseFile }: Work): Promise<Done> {
  const { restoreKeys } = await import('../keys/restore.ts')
  const secret = await askSecret('Recovery key or passphrase', recovery ?? passphraseFile)
  const isKey = recovery !== undefined || (passphraseFile === undefined && /^AGE-SECRET-KEY-1/i.test(secret))
  const opener = isKey ? { recoveryKey: secret.trim().toUpperCase() } : { passphrase: secret }
  const dir = keysDir ?? join(data, 'keys')
  const restored = await restoreKeys(dir, { file: await sealedFile(file), ...opener })
  return {
    answer: { keys: dir, restored, from: null },
    says: [
      `The keys are in ${dir}; nothing else was in the file. "${serveWith(data, keysDir)}" begins a new ledger with them.`,
      'Hosts come back by their certificates and send what they still hold. People, incidents and packages are gone: set the console up anew.',
    ],
  }
}
