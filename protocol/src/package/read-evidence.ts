import { counted } from '../counted.ts'
import { Refusal } from '../error.ts'
import { recordId } from '../record.ts'
import { checkAction, checkRecordLine, noActs, readHostCard, readLedgerCard, recordNamed } from './check-evidence.ts'
import {
  beginChain,
  type Chain,
  checkInLedger,
  endChain,
  follow,
  type HeaderCheck,
  type ReadHeader,
  readHeaderLine,
} from './check-headers.ts'
import { type Content, linesOf, wholeOf } from './content.ts'
import { hostFile, hostFiles, hostOf, payloadFiles, tagFiles } from './layout.ts'
import { packageLimits } from './limits.ts'
import type { Evidence, HostEvidence, LedgerEvidence, Tally } from './state.ts'

/** Tag files, the ledger's head, then each host with its key and records before its headers, then the rest. */
export function inReadingOrder(paths: readonly string[]): string[] {
  const tags = new Set<string>(Object.values(tagFiles))
  const inHost = [hostFiles.card, hostFiles.records, hostFiles.headers, hostFiles.table] as const
  const rankOf = (path: string) => {
    if (tags.has(path)) return '0'
    if (path === payloadFiles.ledger) return '1'
    const host = hostOf(path)
    return host === undefined ? '3' : `2 ${host} ${inHost.findIndex((file) => path.endsWith(`/${file}`))}`
  }
  return paths
    .map((path) => ({ path, rank: rankOf(path) }))
    .sort((a, b) => Number(a.rank > b.rank) - Number(a.rank < b.rank))
    .map(({ path }) => path)
}

/** Checks a file that holds evidence; of any other file nothing is read. */
export async function readEvidence(evidence: Evidence, path: string, content: Content): Promise<void> {
  const folder = hostOf(path)
  if (folder !== undefined) await readHostFile(evidence, { folder, path, content })
  else if (path === payloadFiles.actions) await readActions(evidence, path, content)
  else if (path === payloadFiles.ledger)
    evidence.ledger = await evidence.report.attempt('ledger', path, async () =>
      readLedgerCard(evidence.p, await wholeOf(content, packageLimits.card)),
    )
}

interface HostFile {
  folder: string
  path: string
  content: Content
}

async function readHostFile(evidence: Evidence, file: HostFile): Promise<void> {
  const { folder, path, content } = file
  const { report, hosts } = evidence
  if (path === hostFile(folder, 'table')) return
  if (path === hostFile(folder, 'card')) return readCard(evidence, file)
  const host = hosts.get(folder)
  if (host === undefined) return report.problem('hosts', `${hostFile(folder, 'card')}: missing, or cannot be read`)
  if (path === hostFile(folder, 'records'))
    return report.attempt('records', path, () => readRecords(evidence, host, { path, content }))
  await report.attempt('batches', path, () => readHeaders(evidence, host, content))
  nameOrphans(evidence, host)
}

async function readCard({ p, report, hosts, tally }: Evidence, { folder, path, content }: HostFile): Promise<void> {
  await report.attempt('hosts', path, async () => {
    const host = readHostCard(p, await wholeOf(content, packageLimits.document), folder)
    hosts.set(folder, host)
    tally.gaps += host.card.gaps.length
  })
}

async function readRecords(
  evidence: Evidence,
  host: HostEvidence,
  { path, content }: Pick<HostFile, 'path' | 'content'>,
): Promise<void> {
  let number = 0
  for await (const bytes of linesOf(content)) {
    number += 1
    evidence.records += 1
    if (evidence.records > packageLimits.records)
      throw new Refusal('package-too-large', `over ${packageLimits.records} records, more than a verifier takes`)
    const record = recordNamed(bytes) ?? `${path} line ${number}`
    await evidence.report.attempt('records', record, () => checkRecordLine(evidence.p, host, bytes))
  }
}

async function readHeaders(evidence: Evidence, host: HostEvidence, content: Content): Promise<void> {
  const { report, tally } = evidence
  const path = hostFile(host.card.id, 'headers')
  const check: HeaderCheck = { p: evidence.p, host, ledger: evidence.ledger, tally }
  let chain = beginChain(host)
  let number = 0
  for await (const bytes of linesOf(content)) {
    number += 1
    const line = `${path} line ${number}`
    const read = await report.attempt('batches', line, () => readHeaderLine(check, bytes))
    if (read === undefined) continue
    const batch = `${line} (${nameOf(host, read)}/${read.header.seq})`
    const next = await report.attempt('batches', batch, () => follow(host, chain, read))
    chain = next ?? passOver(chain, read)
    await report.attempt('ledger', batch, () => checkInLedger(check, read))
    countHeader(tally, read)
    prove(evidence, host, read)
  }
  await report.attempt('batches', path, () => endChain(host, chain))
}

/** A header that does not follow was named; those behind it are judged by it. */
function passOver(chain: Chain, { line, header, hash }: ReadHeader): Chain {
  return line.branch === null ? { ...chain, seq: header.seq, hash, position: line.position } : chain
}

/** A host, and the branch of its chain where it is not the only one. */
function nameOf({ card }: HostEvidence, { line }: ReadHeader): string {
  return line.branch === null ? card.id : `${card.id}~${line.branch}`
}

function countHeader(tally: Tally, { header, line }: ReadHeader): void {
  tally.headers += 1
  if (line.branch !== null) tally.branches += 1
  tally.losses += header.lost.length
  for (const { count } of header.lost) tally.lostRecords += count ?? 0
}

/** The records of this header's batch are proven now that the header is one of those disclosed. */
function prove({ proven }: Evidence, host: HostEvidence, read: ReadHeader): void {
  const cited = host.cited.get(read.hash)
  if (cited === undefined) return
  const name = nameOf(host, read)
  for (const index of cited.indexes) proven.add(recordId(name, cited.seq, index))
  host.cited.delete(read.hash)
}

function nameOrphans({ report }: Evidence, { cited, card }: HostEvidence): void {
  for (const { seq, indexes } of cited.values())
    for (const index of indexes)
      report.problem(
        'records',
        `${recordId(card.id, seq, index)}: the header of its batch is not among those disclosed`,
      )
  cited.clear()
}

async function readActions(evidence: Evidence, path: string, content: Content): Promise<void> {
  evidence.acts = await evidence.report.attempt('actions', path, async () => {
    let acts = noActs
    for await (const bytes of linesOf(content)) acts = checkAction(evidence.p, acts, bytes)
    return acts
  })
}

/** Says what passed, once every file was read. */
export function concludeEvidence(evidence: Evidence): void {
  const { report, hosts, ledger, acts, tally, proven } = evidence
  for (const host of hosts.values()) nameOrphans(evidence, host)
  report.passed('hosts', `${counted(hosts.size, 'host')}, each id the hash of its key`)
  report.passed('records', `${counted(proven.size, 'record')}, each proven to the batch its host signed`)
  report.passed('batches', batchesIn(tally))
  if (ledger !== undefined) report.passed('ledger', ledgerIn(ledger, tally))
  if (acts !== undefined)
    report.passed('actions', `${counted(acts.no, 'act')} in an unbroken chain, ${acts.withheld} of them by hash only`)
}

function batchesIn({ headers, gaps, branches, losses, lostRecords }: Tally): string {
  return (
    `${counted(headers, 'header')} in unbroken order; ${counted(gaps, 'gap')} and ` +
    `${counted(branches, 'branch', 'branches')} of forks, all named; ` +
    `${counted(losses, 'loss', 'losses')} announced by the hosts (${counted(lostRecords, 'record')} counted)`
  )
}

function ledgerIn({ head, restored }: LedgerEvidence, { inclusions, heads, strangeHeads, beyond }: Tally): string {
  const strange =
    strangeHeads === 0
      ? ''
      : `; ${counted(strangeHeads, 'header witnesses', 'headers witness')} a head that this ledger did not sign, which shows nothing: ask the sender`
  return (
    `head of ${counted(head.size, 'entry', 'entries')} at ${head.time}: ${counted(inclusions, 'batch is', 'batches are')} in it, ` +
    `${counted(heads, 'head that hosts witnessed is a beginning', 'heads that hosts witnessed are beginnings')} of it${strange}` +
    restored.map((older) => `; ${restoredIn(older, beyond.get(older.head.ledger))}`).join('')
  )
}

/** What was not there any more when a ledger was restored is neither clean nor tampered with: it is said. */
function restoredIn({ head, refed }: LedgerEvidence['restored'][number], seen: number | undefined): string {
  const from = `restored from ledger ${head.ledger} as it stood with ${counted(head.size, 'entry', 'entries')}`
  const beyond =
    seen === undefined
      ? 'no host here witnessed it beyond that'
      : `hosts witnessed entries ${head.size} to ${seen - 1} of it, which this ledger did not keep`
  return `${from}: ${beyond}; ${counted(refed, 'batch was', 'batches were')} taken again from hosts, as the console says`
}
