import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fromBase64, hostIdOf, parseHead, type SignedHead } from '@tidewaiter/protocol'
import { counted } from '@tidewaiter/protocol/counted'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { refuse } from '../error.ts'
import type { Comparison, Witness } from '../ledger/comparison.ts'
import type { Payloads } from '../ledger/payloads.ts'
import { isSpoiled } from '../ledger/walk.ts'
import { openApi } from './api.ts'
import { bold, plain, printJson, showProgress } from './output.ts'
import { artifactsChecks, type CheckedArtifacts, checkArtifacts } from './verify-artifacts.ts'

interface Options {
  data: string
  keys?: string
  json?: boolean
  /** Folder of heads that `serve --heads` wrote. */
  heads?: string
}

interface Witnesses {
  ledgerKeys: string[]
  consoleKey: string
  hosts: { id: string; name: string; publicKey: string; connected: boolean; witness: SignedHead | null }[]
  refeed: { says: string; refed: number; lacked: number; gone: number; seen: number | null } | null
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
const mostNamed = 10

/** What is in a folder of heads. */
interface HeadFiles {
  dir: string
  found: Witness[]
  /** Names of files that should hold a head and do not. */
  unreadable: string[]
}

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

function entriesCheck({ size, broken, root }: Comparison) {
  const detail =
    broken.length === 0
      ? `${counted(size, 'entry', 'entries')}, each signed by its host; root ${root}`
      : `entry ${broken[0]}: it is not what its host signed, or not in its place (${broken.length} such)`
  return { name: 'entries', ok: broken.length === 0, detail }
}

function payloadsCheck({ read, unreadable, first }: Payloads) {
  const more = unreadable > mostNamed ? ', ...' : ''
  const detail =
    unreadable === 0
      ? `${counted(read, 'batch', 'batches')} opened, each what its host signed`
      : `${unreadable} of ${counted(read, 'batch', 'batches')} do not open or are not what their hosts signed: at ${first.slice(0, mostNamed).join(', ')}${more}. Hosts that still hold them send them to a console that is restored from a backup`
  return { name: 'payloads', ok: unreadable === 0, detail }
}

/** An end that was cut off contradicts nothing within the ledger: only who holds a head outside it can show it. */
function askedCheck({ told, files }: Comparison, hosts: Witnesses['hosts']) {
  const silent = hosts.filter(({ id }) => !told.includes(id))
  const names = silent.slice(0, mostNamed).map(({ name }) => name)
  const rest = silent.length > mostNamed ? ` and ${silent.length - mostNamed} more` : ''
  const notAsked = silent.length === 0 ? '' : `; nothing was told by ${names.join(', ')}${rest}`
  if (told.length > 0 || files.length > 0)
    return {
      name: 'asked',
      ok: true,
      detail: `${counted(told.length, 'connected host')} told the head they hold, ${counted(files.length, 'file')} of heads fit${notAsked}`,
    }
  return {
    name: 'asked',
    ok: hosts.length === 0,
    detail: `nobody outside the ledger was asked, so an end that was cut off would not show${notAsked}. Start the console, wait until hosts are connected, and ask again, or give --heads`,
  }
}

/** A hole is named where it is; whether it was there from the beginning is told by the heads. */
function chainsCheck({ holes }: Comparison, nameOf: (id: string) => string) {
  const named = holes.map(({ host, from, to }) => `${nameOf(host)} ${from <= to ? `${from} to ${to}` : `at ${from}`}`)
  const detail =
    holes.length === 0 ? 'every batch of every host follows the one before' : `not held: ${named.join('; ')}`
  return { name: 'chains', ok: true, detail }
}

function hostsCheck(found: Comparison, nameOf: (id: string) => string) {
  const { fitting, hosts, covered, size, difference, unnamed, left } = found
  if (difference !== null) {
    const { from, to, proof } = difference
    const where = from >= to ? `entry ${from}` : `an entry from ${from} to ${to}`
    const whom = [...new Set(proof.map(({ by }) => nameOf(by)))].slice(0, mostNamed).join(', ')
    const what =
      to >= size ? `The ledger ends at entry ${size - 1}, and was longer` : `The first that differs is ${where}`
    return { name: 'hosts', ok: false, detail: `${what}: shown by what ${whom} hold of it, signed by this console` }
  }
  const [other] = unnamed
  if (other !== undefined)
    return {
      name: 'hosts',
      ok: false,
      detail: `${nameOf(other.proof.by)} holds a head of ledger ${other.ledger} with ${other.size} entries, signed by this console, and this ledger does not go on from it`,
    }
  if (left > 0) return { name: 'hosts', ok: false, detail: `${left} heads were too many to be compared` }
  if (fitting === 0)
    return {
      name: 'hosts',
      ok: false,
      detail: 'nobody holds a head of this ledger yet: there is nothing to compare it with',
    }
  return {
    name: 'hosts',
    ok: true,
    detail: `${counted(fitting, 'head', 'heads')} held by ${counted(hosts, 'host')} fit, the newest over ${covered} of ${size} entries`,
  }
}

/**
 * What no key of this console signed contradicts nothing and fits nothing. Somebody holds it all the same, so the ledger
 * is not proven to be the one that was shown: who writes another past with a new ledger key leaves just this behind.
 */
function keysCheck({ claims }: Comparison, nameOf: (id: string) => string) {
  const heads = claims.reduce((sum, claim) => sum + claim.heads, 0)
  const [files, hosts] = [claims.filter(({ how }) => how === 'file'), claims.filter(({ how }) => how !== 'file')]
  const names = hosts.slice(0, mostNamed).map(({ by }) => nameOf(by))
  const more = hosts.length > mostNamed ? [`${hosts.length - mostNamed} more`] : []
  const whom = [...names, ...more, ...(files.length === 0 ? [] : [counted(files.length, 'file')])].join(', ')
  const newest = claims
    .flatMap((claim) => claim.newest ?? [])
    .toSorted((a, b) => (a.time < b.time ? 1 : -1))
    .at(0)
  const latest =
    newest === undefined
      ? ''
      : `, the latest of ${newest.time} over ${counted(newest.size, 'entry', 'entries')} of ledger ${newest.ledger}`
  return {
    name: 'keys',
    ok: false,
    detail: `no key of this console signed ${counted(heads, 'head')} held by ${whom}${latest}: its keys were made anew or restored from an older copy after that, or its ledger was written again under another key`,
  }
}

/** Who names a folder relies on it: one in which nothing is to be compared must not look like one that fits. */
function filesCheck({ files, before }: Comparison, { dir, found, unreadable }: HeadFiles) {
  const newest = files.toSorted().at(-1)
  const fit =
    newest === undefined
      ? `none of ${counted(found.length, 'head', 'heads')} in ${dir} is one of this ledger as it stands`
      : `${files.length} of ${counted(found.length, 'head', 'heads')} in ${dir} fit, the newest is ${newest}`
  const broken = unreadable.length === 0 ? '' : `; no head is in ${unreadable.slice(0, 5).join(', ')}`
  return {
    name: 'heads',
    ok: newest !== undefined || (found.length > 0 && before.length > 0),
    detail: `${fit}${broken}`,
  }
}

/** What was gone from a copy and what hosts that came back have accounted for; the rest is of hosts that did not. */
function restoredCheck({ before }: Comparison, refeed: Witnesses['refeed']) {
  const gone = before.reduce(
    (sum, { ledger, size, seen }) => sum + Math.max(0, (seen ?? 0) - (ledger === null ? 0 : size)),
    0,
  )
  const open = Math.max(0, gone - (refeed?.lacked ?? 0))
  const rest =
    open === 0
      ? ''
      : `; ${counted(open, 'entry', 'entries')} of it are of hosts that did not come back since, and are not accounted for`
  return { name: 'restored', ok: open === 0, detail: `${restoredIn(before, refeed)}${rest}` }
}

function restoredIn(before: Comparison['before'], refeed: Witnesses['refeed']): string {
  const lines = before.map(({ ledger, size, at, seen }) => {
    const from =
      ledger === null
        ? 'nothing but its keys'
        : `ledger ${ledger} as it stood with ${counted(size, 'entry', 'entries')}`
    const beyond =
      seen === null
        ? 'no head beyond that is held'
        : `entries ${ledger === null ? 0 : size} to ${seen - 1} of what was before are gone from it`
    return `restored at ${at} from ${from}; ${beyond}`
  })
  const fed =
    refeed === null
      ? ''
      : `; re-fed ${refeed.refed} of ${counted(refeed.lacked, 'batch', 'batches')} that hosts were acknowledged, ${refeed.gone} no longer on the hosts`
  return `${lines.join('; ')}${fed}`
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
