import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fromBase64, hostIdOf, parseHead, type SignedHead } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { refuse } from '../error.ts'
import type { Comparison, Witness } from '../ledger/comparison.ts'
import type { Payloads } from '../ledger/payloads.ts'
import { isSpoiled } from '../ledger/walk.ts'
import { openApi } from './api.ts'
import {
  askedCheck,
  chainsCheck,
  entriesCheck,
  filesCheck,
  type HeadFiles,
  hostsCheck,
  keysCheck,
  payloadsCheck,
  restoredCheck,
  type Witnesses,
} from './ledger-checks.ts'
import { bold, plain, printJson, showProgress } from './output.ts'
import { artifactsChecks, type CheckedArtifacts, checkArtifacts } from './verify-artifacts.ts'

interface Options {
  data: string
  keys?: string
  json?: boolean
  /** Folder of heads that `serve --heads` wrote. */
  heads?: string
}

/** What a ledger is, beside what its hosts hold of it. `damaged`: it is the one, and not all of it can be opened. */
export type Verdict = 'intact' | 'restored' | 'rewritten' | 'damaged' | 'unproven'

export interface LedgerReport {
  ok: boolean
  verdict: Verdict
  checks: { name: string; ok: boolean; detail: string }[]
  ledger: string
  size: number
  root: string
  fitting: number
  hosts: number
  /** The first entry that differs lies from `from` to `to`; null where none does. */
  difference: {
    from: number
    to: number
    hosts: { id: string; name: string; seq: number | null; size: number }[]
  } | null
  restored: Comparison['before']
  refeed: Witnesses['refeed']
  holes: Comparison['holes']
}

/**
 * Compares the ledger of a data folder with what its hosts hold of it, and opens all that is in it. True when nothing
 * contradicts it and nothing is missing.
 */
export async function verifyLedger(options: Options): Promise<boolean> {
  const { found, held, files } = await orDamaged(() => compare(options))
  const payloads = await orDamaged(() => payloadsOf(options))
  const artifacts = await checkArtifacts(options)
  const report = toReport(found, held, { files, payloads, artifacts, isWhole: true })
  if (options.json === true) printJson(report)
  else printReport(report)
  return report.ok
}

/** Throws `ledger-damaged` where a file of the ledger is no database any more. */
async function orDamaged<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    if (!isSpoiled(cause)) throw cause
    const says =
      'A file of the ledger is damaged: pages of it are not what was written. Restore the console from a backup.'
    throw refuse('ledger-damaged', says, { cause })
  }
}

/** @param more heads from elsewhere that have to fit too */
export async function ledgerReport(options: Options, more: readonly Witness[] = []): Promise<LedgerReport> {
  const { found, held, files } = await compare(options, more)
  return toReport(found, held, { files })
}

async function compare({ data, keys, heads }: Options, more: readonly Witness[] = []) {
  const folder = resolve(data)
  const held = await witnessesOf(folder, keys)
  const files = heads === undefined ? undefined : await headsIn(resolve(heads))
  const [{ compareWithHosts }, { walkLedger }] = await Promise.all([
    import('../ledger/against-hosts.ts'),
    import('../ledger/walk.ts'),
  ])
  const connected = held.hosts.flatMap(({ id, witness }): Witness[] =>
    witness === null ? [] : [{ head: witness, by: id, how: 'connected' }],
  )
  const found = compareWithHosts({
    walk: () => walkLedger(join(folder, 'ledger')),
    ledgerKeys: held.ledgerKeys.map(toBytes),
    consoleHost: hostIdOf(nodePrimitives.sha256(toBytes(held.consoleKey))),
    hostKeys: new Map(held.hosts.map(({ id, publicKey }) => [id, toBytes(publicKey)])),
    others: [...connected, ...(files?.found ?? []), ...more],
    step: (done) => showProgress(`${done} entries`),
  })
  showProgress('')
  return { found, held, files }
}

/** Throws `keys-damaged` where the keys are not there. */
async function payloadsOf({ data, keys }: Options): Promise<Payloads> {
  const folder = resolve(data)
  const [{ loadSecrets }, { openLedgerReader }, { openPayloads }] = await Promise.all([
    import('../keys/secrets.ts'),
    import('../ledger/reader.ts'),
    import('../ledger/payloads.ts'),
  ])
  const { masterKey } = loadSecrets(keys === undefined ? join(folder, 'keys') : resolve(keys))
  const reader = openLedgerReader(join(folder, 'ledger'), masterKey)
  try {
    return openPayloads(reader, (done) => done % 500 === 0 && showProgress(`${done} payloads opened`))
  } finally {
    reader.close()
    showProgress('')
  }
}

/** Answered by the running console, which knows what connected hosts say; else by the folder alone. */
async function witnessesOf(data: string, keys: string | undefined): Promise<Witnesses> {
  const api = await openApi({ data, keys: keys === undefined ? undefined : resolve(keys) })
  try {
    return await api.call<Witnesses>('GET', '/witnesses')
  } finally {
    // Before the files are opened with the other library.
    await api.close()
  }
}

function toBytes(text: string): Uint8Array {
  return fromBase64(text) ?? new Uint8Array(0)
}

const mostHeadBytes = 4096
/** So many hosts are named in one line. */

/** Throws `file-unreadable`. */
async function headsIn(dir: string): Promise<HeadFiles> {
  const names = await readdir(dir).catch((cause) => {
    throw refuse('file-unreadable', `${dir} cannot be read.`, { cause })
  })
  const found: Witness[] = []
  const unreadable: string[] = []
  for (const name of names.filter((known) => known.endsWith('.head.json')).sort()) {
    const text = (await readFile(join(dir, name), 'utf8')).slice(0, mostHeadBytes)
    const head = parseFile(text)
    if (head === undefined) unreadable.push(name)
    else found.push({ head, by: name, how: 'file' })
  }
  return { dir, found, unreadable }
}

function parseFile(text: string): SignedHead | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('head' in value) || !('signature' in value)) return undefined
    const { head, signature } = value
    return typeof head === 'string' && typeof signature === 'string' ? { head, signature } : undefined
  } catch {
    return undefined
  }
}

interface Beside {
  files?: HeadFiles | undefined
  payloads?: Payloads
  artifacts?: CheckedArtifacts
  /** The ledger itself is what is judged, to its end: who outside it was asked matters. */
  isWhole?: boolean
}

/** What a comparison comes to: its checks, and the verdict. Nothing that hosts hold may be left unexplained in `intact`. */
export function toReport(
  found: Comparison,
  { hosts, refeed }: Witnesses,
  { files, payloads, artifacts, isWhole = false }: Beside,
): LedgerReport {
  const nameOf = (id: string) => hosts.find((host) => host.id === id)?.name ?? id
  const { ledger, size, root, fitting, difference, before, holes } = found
  const checks = [
    entriesCheck(found),
    ...(payloads === undefined ? [] : [payloadsCheck(payloads)]),
    ...artifactsChecks(artifacts),
    chainsCheck(found, nameOf),
    hostsCheck(found, nameOf),
    ...(found.claims.length === 0 ? [] : [keysCheck(found, nameOf)]),
    ...(files === undefined ? [] : [filesCheck(found, files)]),
    ...(isWhole ? [askedCheck(found, hosts)] : []),
    ...(before.length === 0 ? [] : [restoredCheck(found, refeed)]),
  ]
  const ok = checks.every((check) => check.ok)
  const isRewritten = difference !== null || found.unnamed.length > 0 || found.broken.length > 0
  const isDamaged = cannotOpen(payloads) || cannotOpen(artifacts)
  const proven = before.length > 0 ? 'restored' : 'intact'
  const verdict = isRewritten ? 'rewritten' : isDamaged ? 'damaged' : ok ? proven : 'unproven'
  return {
    ok,
    verdict,
    checks,
    ledger,
    size,
    root,
    fitting,
    hosts: found.hosts,
    difference:
      difference === null ? null : { from: difference.from, to: difference.to, hosts: shownBy(difference, nameOf) },
    restored: before,
    refeed,
    holes,
  }
}

function cannotOpen(read: Payloads | CheckedArtifacts | undefined): boolean {
  return read !== undefined && read.unreadable > 0
}

function shownBy({ proof }: NonNullable<Comparison['difference']>, nameOf: (id: string) => string) {
  return proof.map(({ by, seq = null, head }) => ({ id: by, name: nameOf(by), seq, size: parseHead(head).size }))
}

const firstLines: Record<Verdict, string> = {
  intact: 'Intact: the ledger is the one its hosts were shown.',
  restored: 'Restored: what hosts were shown and what is held agree, up to what was lost and sent again.',
  rewritten: 'NOT the ledger its hosts were shown:',
  damaged: 'DAMAGED: not all of the evidence in it can be opened:',
  unproven: 'Not proven:',
}

function printReport({ verdict, checks, ledger }: LedgerReport): void {
  console.log(bold(firstLines[verdict]))
  console.log(`  ledger ${ledger}`)
  for (const { name, ok, detail } of checks)
    console.log(`${ok ? 'ok      ' : 'PROBLEM '} ${plain(name)}: ${plain(detail)}`)
}
