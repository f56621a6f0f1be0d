import type { SignedHead } from '@tidewaiter/protocol'
import { counted } from '@tidewaiter/protocol/counted'
import type { Comparison, Witness } from '../ledger/comparison.ts'
import type { Payloads } from '../ledger/payloads.ts'

/** What `verify` says of each part of a ledger: pure sentences over what was compared. */

/** So many are named of each kind. */
const mostNamed = 10

export interface Witnesses {
  ledgerKeys: string[]
  consoleKey: string
  hosts: {
    id: string
    name: string
    isAgent: boolean
    publicKey: string
    connected: boolean
    witness: SignedHead | null
  }[]
  refeed: { says: string; refed: number; lacked: number; gone: number; seen: number | null } | null
}

/** What is in a folder of heads. */
export interface HeadFiles {
  dir: string
  found: Witness[]
  /** Names of files that should hold a head and do not. */
  unreadable: string[]
}

export function entriesCheck({ size, broken, root }: Comparison) {
  const detail =
    broken.length === 0
      ? `${counted(size, 'entry', 'entries')}, each signed by its host; root ${root}`
      : `entry ${broken[0]}: it is not what its host signed, or not in its place (${broken.length} such)`
  return { name: 'entries', ok: broken.length === 0, detail }
}

export function payloadsCheck({ read, unreadable, first }: Payloads) {
  const more = unreadable > mostNamed ? ', ...' : ''
  const detail =
    unreadable === 0
      ? `${counted(read, 'batch', 'batches')} opened, each what its host signed`
      : `${unreadable} of ${counted(read, 'batch', 'batches')} do not open or are not what their hosts signed: at ${first.slice(0, mostNamed).join(', ')}${more}. Hosts that still hold them send them to a console that is restored from a backup`
  return { name: 'payloads', ok: unreadable === 0, detail }
}

/** An end that was cut off contradicts nothing within the ledger: only who holds a head outside it can show it. */
export function askedCheck({ told, files }: Comparison, hosts: Witnesses['hosts']) {
  const agents = hosts.filter(({ isAgent }) => isAgent)
  const silent = agents.filter(({ id }) => !told.includes(id))
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
    ok: agents.length === 0,
    detail: `nobody outside the ledger was asked, so an end that was cut off would not show${notAsked}. Start the console, wait until hosts are connected, and ask again, or give --heads`,
  }
}

/** A hole is named where it is; whether it was there from the beginning is told by the heads. */
export function chainsCheck({ holes }: Comparison, nameOf: (id: string) => string) {
  const named = holes.map(({ host, from, to }) => `${nameOf(host)} ${from <= to ? `${from} to ${to}` : `at ${from}`}`)
  const detail =
    holes.length === 0 ? 'every batch of every host follows the one before' : `not held: ${named.join('; ')}`
  return { name: 'chains', ok: true, detail }
}

export function hostsCheck(found: Comparison, nameOf: (id: string) => string) {
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
export function keysCheck({ claims }: Comparison, nameOf: (id: string) => string) {
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
export function filesCheck({ files, before }: Comparison, { dir, found, unreadable }: HeadFiles) {
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
export function restoredCheck({ before }: Comparison, refeed: Witnesses['refeed']) {
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
