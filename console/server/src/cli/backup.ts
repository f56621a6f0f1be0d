import { join, resolve } from 'node:path'
import { counted } from '@tidewaiter/protocol/counted'
import type { Command } from 'commander'
import type { Written } from '../backup/write.ts'
import { refuse } from '../error.ts'
import { type Api, runningApi } from './api.ts'
import { type Common, withData } from './command.ts'
import { exit, printJson, say, showProgress } from './output.ts'
import { isWithin } from './within.ts'

interface Options extends Common {
  out: string
}

export function backup(program: Command): void {
  withData(
    program
      .command('backup')
      .description(
        'save everything that cannot be made again, sealed to the recovery key and the console key, and check it',
      )
      .requiredOption('--out <file>', 'a new file; one that is there is never overwritten'),
  )
    .addHelpText(
      'after',
      `
In it: the ledger up to one signed head, people, incidents, hosts, tokens, the audit log, all keys, and packages.
Not in it: the search index, which is made again, and who is signed in. Agents keep sending meanwhile.
Keep it away from this machine. "tidewaiter restore" reads it with the recovery key or the keys folder; so does
"age -d -i RECOVERY-KEY-FILE FILE | tar x".`,
    )
    .action(run)
}

async function run({ data, keys, out, json }: Options): Promise<void> {
  const folder = resolve(data)
  const api = await runningApi(folder)
  const written = await (api === undefined
    ? ofStopped(folder, { keysDir: keys === undefined ? join(folder, 'keys') : resolve(keys), out })
    : ofRunning(api, folder, out))
  showProgress('')
  const { ledger, size, root, unreadable, sha256, bytes, console: of, madeAt, tables, packages, hasRecovery } = written
  if (json === true)
    printJson({ file: out, bytes, sha256, ledger, size, root, madeAt, console: of, tables, packages, unreadable })
  else console.log(`${sha256}  ${out}`)
  if (isWithin(resolve(out), folder))
    say('It lies in the data folder it is a copy of: take it elsewhere, or both are lost together.')
  const rows = Object.values(tables).reduce((sum, count) => sum + count, 0)
  say(
    `Read back and checked: ${counted(size, 'batch', 'batches')} of ledger ${ledger}, ${counted(rows, 'row')} of ` +
      `${Object.keys(tables).length} tables, all keys, ${counted(packages, 'file')} of packages; ${bytes} bytes.`,
  )
  if (!hasRecovery)
    say(
      'Nobody has taken the recovery key: this backup opens with the keys folder alone. Take it under Settings, Keys, and make another.',
    )
  if (unreadable.length === 0) return
  say(
    `${counted(unreadable.length, 'batch', 'batches')} cannot be opened, in the ledger itself: the first is at position ${unreadable[0]}.`,
  )
  process.exitCode = exit.no
}

type Made = Written & { hasRecovery: boolean }

/** The console says who makes it; it is made here, so that nothing in the console waits for it. */
async function ofRunning(api: Api, data: string, out: string): Promise<Made> {
  const { keysDir, recipient } = await api.call<{ keysDir: string; recipient: string | null }>('POST', '/backups')
  const written = await make({ data, keysDir, out, recipient: recipient ?? undefined })
  const { sha256, bytes, ledger, size } = written
  await api.call('POST', '/backups/made', { sha256, bytes, ledger, size })
  return written
}

async function ofStopped(data: string, { keysDir, out }: { keysDir: string; out: string }): Promise<Made> {
  const { existsSync } = await import('node:fs')
  if (!existsSync(join(data, 'ledger'))) throw refuse('console-missing', `There is no console in ${data}.`)
  const [{ lockData }, { refuseUnfinished }, { recoveryOf }, { record }] = await Promise.all([
    import('../store/lock.ts'),
    import('../backup/workshop.ts'),
    import('../keys/recovery.ts'),
    import('../backup/record.ts'),
  ])
  const unlock = await lockData(data, 'command')
  try {
    refuseUnfinished(data)
    await record(data, 'backup.begin', {})
    const written = await make({ data, keysDir, out, recipient: recoveryOf(keysDir) })
    const { sha256, bytes, ledger, size } = written
    await record(data, 'backup.made', { sha256, bytes, ledger, size })
    return written
  } finally {
    await unlock()
  }
}

async function make({
  data,
  keysDir,
  out,
  recipient,
}: {
  data: string
  keysDir: string
  out: string
  recipient: string | undefined
}): Promise<Made> {
  const [{ writeBackup }, { loadSecrets }] = await Promise.all([
    import('../backup/write.ts'),
    import('../keys/secrets.ts'),
  ])
  const stop = new AbortController()
  const cancel = () => stop.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, cancel)
  try {
    const { masterKey } = loadSecrets(keysDir)
    const to = { masterKey, recipient }
    const step = (what: string, done: number, of: number) => showProgress(`${what} ${done} of ${of} batches`)
    const written = await writeBackup({ data, keysDir, nowMs: Date.now(), out, to, signal: stop.signal, step })
    return { ...written, hasRecovery: recipient !== undefined }
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, cancel)
  }
}
