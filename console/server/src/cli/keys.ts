import { rm } from 'node:fs/promises'
import type { KeyCard } from '@tidewaiter/protocol/api'
import type { Command } from 'commander'
import { type Common, withApi, withData } from './command.ts'
import { keysRestore } from './keys-restore.ts'
import { newFile } from './new-file.ts'
import { printJson, say, table } from './output.ts'
import { askSecret } from './secret.ts'

export function keys(program: Command): void {
  const group = program.command('keys').description('keys of the console')
  withData(group.command('show').description('public keys and fingerprints')).action(async (options: Common) => {
    const { rows } = await withApi(options, (api) => api.call<{ rows: KeyCard[] }>('GET', '/keys'))
    if (options.json === true) return printJson(rows)
    console.log(
      table(
        ['NAME', 'FINGERPRINT (SHA-256 of the public key)', 'USED FOR'],
        rows.map(({ name, fingerprint, use }) => [name, fingerprint, use]),
      ),
    )
  })
  withData(
    group.command('export').description('all private keys, sealed with a passphrase').requiredOption('--out <file>'),
  )
    .option('--passphrase-file <file>', 'its first line; asked for on the terminal when left out')
    .action(async (options: Common & { out: string; passphraseFile?: string }) => {
      const { out } = options
      const passphrase = await askSecret('Passphrase, 12 characters or more', options.passphraseFile)
      const file = await newFile(out)
      try {
        const { sealed } = await withApi(options, (api) =>
          api.call<{ sealed: string }>('POST', '/keys/export', { passphrase }),
        )
        await file.writeFile(Buffer.from(sealed, 'base64'))
      } catch (error) {
        await rm(out, { force: true })
        throw error
      } finally {
        await file.close()
      }
      if (options.json === true) printJson({ file: out })
      say(
        `Sealed into ${out}. Keep it and the passphrase apart, away from this machine. "tidewaiter keys restore" reads it.`,
      )
    })
  withData(
    group
      .command('rotate')
      .description('put a new key in place of the ledger or package key; the old public half is kept')
      .argument('<name>', 'ledger or package'),
  ).action(async (name: string, options: Common) => {
    const card = await withApi(options, (api) => api.call<KeyCard>('POST', '/keys/rotate', { name }))
    if (options.json === true) printJson(card)
    else console.log(`${card.name}  ${card.fingerprint}`)
  })
  keysRestore(group)
}
