import { resolve } from 'node:path'
import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { seeFile } from '../system-file.ts'
import type { Account } from './accounts.ts'
import { parseKey } from './authorized-key.ts'
import { mountedElsewhere } from './homes.ts'

const most = { files: 20_000, keys: 20_000, keysOfFile: 2_000, bytes: 1024 * 1024 }
/** After so long no further account is looked at. */
const timeMs = 30_000
/** Where sshd looks unless it is told otherwise (sshd_config(5), AuthorizedKeysFile). */
const usual = ['.ssh/authorized_keys', '.ssh/authorized_keys2']

/** Keys that open an account, one row each, and a row of every file they stand in. */
export async function addAuthorizedKeys(
  host: Host,
  table: LastingTable,
  { accounts, signal }: { accounts: readonly Account[]; signal: AbortSignal },
): Promise<void> {
  const startedAt = host.steady()
  const patterns = [...new Set([...usual, ...(await configured(host))])]
  const isElsewhere = mountedElsewhere(host)
  const seen = new Set<string>()
  let [keys, accountsLeft] = [0, accounts.length]
  for (const account of accounts) {
    if (signal.aborted) return
    if (seen.size >= most.files || keys >= most.keys || host.steady() - startedAt > timeMs) break
    accountsLeft -= 1
    if (isElsewhere(account.home)) {
      table.add(
        { kind: 'not-looked', account: account.name },
        { home: account.home, why: 'not on a volume of this machine' },
      )
      continue
    }
    for (const path of pathsOf(patterns, account))
      if (!seen.has(path)) {
        seen.add(path)
        keys += await addFile(host, table, { path, account: account.name })
      }
    await host.breathe()
  }
  if (accountsLeft > 0)
    table.add(
      { kind: 'not-looked' },
      { why: 'too many accounts or keys, or it took too long' },
      { accounts: accountsLeft },
    )
}

async function addFile(
  host: Host,
  table: LastingTable,
  { path, account }: { path: string; account: string },
): Promise<number> {
  const file = await seeFile(host, path, { most: most.bytes })
  if (file === undefined) return 0
  const lines = file.text.split('\n')
  const used = lines.map((text, at) => ({ text: text.trim(), line: at + 1 })).filter(({ text }) => /^[^#]/.test(text))
  const isCut = file.isCut || used.length > most.keysOfFile
  table.add({ kind: 'authorized-keys', path, account }, { ...file.about, ...(isCut && { cut: true }) })
  for (const { text, line } of used.slice(0, most.keysOfFile)) {
    const key = parseKey(text)
    if (key === undefined) table.add({ kind: 'malformed', path, line })
    else table.add({ kind: 'authorized-key', path, account, fingerprint: key.fingerprint }, { ...key }, { line })
  }
  return Math.min(used.length, most.keysOfFile)
}

/** Patterns of AuthorizedKeysFile in any part of the configuration of sshd, under whatever condition they stand. */
async function configured(host: Host): Promise<string[]> {
  const folder = '/etc/ssh/sshd_config.d'
  const parts = (await host.list(folder)).slice(0, 100).map((name) => `${folder}/${name}`)
  const patterns: string[] = []
  for (const path of ['/etc/ssh/sshd_config', ...parts])
    for (const [, named = ''] of ((await seeFile(host, path))?.text ?? '').matchAll(
      /^[ \t]*AuthorizedKeysFile[ \t=]+([^\n]{1,2000})/gim,
    ))
      patterns.push(...named.split(/[\s"]+/).filter((pattern) => pattern !== '' && pattern !== 'none'))
  return patterns.slice(0, 20)
}

/** AuthorizedKeysFile knows %% %h %u, and takes what is not absolute from the home. */
function pathsOf(patterns: readonly string[], { name, home }: Account): string[] {
  if (!home.startsWith('/')) return []
  const known: Readonly<Record<string, string>> = { '%%': '%', '%h': home, '%u': name }
  return patterns.map((pattern) =>
    resolve(
      home,
      pattern.replaceAll(/%[%hu]/g, (token) => known[token] ?? token),
    ),
  )
}
