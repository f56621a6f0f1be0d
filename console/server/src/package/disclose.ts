import {
  type ChunkHead,
  fromBase64,
  type Header,
  type HostCard,
  hostFile,
  type Proof,
  parseHeader,
} from '@tidewaiter/protocol'
import { isRefusal } from '../error.ts'
import type { Entry, Ledger } from '../ledger/ledger.ts'
import type { Citation } from './citations.ts'
import type { DisclosedBatch, DisclosedHost, DisclosedRecord, Disclosure } from './content.ts'
import type { HostState } from './cut-state.ts'
import type { HeaderOfLedger } from './prove-worker.ts'
import type { Prover } from './prover.ts'
import { recordRow, recordTableHead } from './record-table.ts'
import type { Draft, Stage } from './stage.ts'

export interface Disclosing {
  ledger: Pick<Ledger, 'find' | 'payload' | 'entriesOf'>
  stage: Stage
  prover: Prover
  hosts: readonly HostState[]
  /** Entries of the ledger at the cut. */
  size: number
  /** Called between steps; throws when the build was cancelled. */
  step(what: string, done: number, of: number): void
}

/** A batch with the records of it that are cited. */
interface CitedBatch {
  entry: Entry
  citations: Citation[]
}

/**
 * Writes the files of every host a record of which is cited: the records with their proofs, and the headers from the
 * first to the last batch they are in. What cannot be disclosed is named with its reason.
 */
export async function disclose(
  disclosing: Disclosing,
  citations: readonly Citation[],
): Promise<Omit<Disclosure, 'strange'>> {
  const withheld: Disclosure['withheld'] = []
  const found = await findBatches(disclosing, citations, withheld)
  const disclosed: Omit<Disclosure, 'strange' | 'cites'> = { withheld, hosts: [], batches: [], records: [] }
  let done = 0
  for (const [host, batches] of found) {
    const state = disclosing.hosts.find(({ id }) => id === host)
    const advance = () => disclosing.step('records', done++, citations.length)
    if (state === undefined) withhold(withheld, batches, 'its host is not known to this console')
    else await discloseHost({ ...disclosing, state, disclosed, advance }, batches)
  }
  withheld.sort((a, b) => (a.record < b.record ? -1 : 1))
  return { cites: new Map(citations.map(({ record, by }) => [record, by])), ...disclosed }
}

async function findBatches(
  { ledger, size }: Disclosing,
  citations: readonly Citation[],
  withheld: Disclosure['withheld'],
): Promise<Map<string, CitedBatch[]>> {
  const hosts = new Map<string, Map<number, CitedBatch>>()
  for (const citation of citations) {
    const entry = await ledger.find(citation.ref)
    if (entry === undefined || entry.position >= size) {
      withheld.push({
        record: citation.record,
        why: entry === undefined ? 'the ledger does not hold its batch' : 'it was received after the cut',
      })
      continue
    }
    const batches = hosts.get(entry.host) ?? new Map<number, CitedBatch>()
    const batch = batches.get(entry.position) ?? { entry, citations: [] }
    batch.citations.push(citation)
    hosts.set(entry.host, batches.set(entry.position, batch))
  }
  return new Map(
    [...hosts].map(([host, batches]) => [
      host,
      [...batches.values()].sort((a, b) => a.entry.position - b.entry.position),
    ]),
  )
}

function withhold(withheld: Disclosure['withheld'], batches: readonly CitedBatch[], why: string): void {
  for (const { citations } of batches) for (const { record } of citations) withheld.push({ record, why })
}

interface DisclosingHost extends Disclosing {
  state: HostState
  disclosed: Omit<Disclosure, 'strange' | 'cites'>
  advance(): void
}

async function discloseHost(disclosing: DisclosingHost, batches: readonly CitedBatch[]): Promise<void> {
  const { stage, state, disclosed } = disclosing
  const files = {
    records: await stage.begin(hostFile(state.id, 'records')),
    table: await stage.begin(hostFile(state.id, 'table')),
  }
  await files.table.write(recordTableHead)
  const opened: CitedBatch[] = []
  let records = 0
  for (const batch of batches) {
    disclosing.advance()
    const written = await discloseBatch(disclosing, batch, files)
    if (written > 0) opened.push(batch)
    records += written
  }
  // A host of which nothing could be disclosed has no files: what was begun is dropped with the stage.
  if (opened.length === 0) return
  await files.records.end()
  await files.table.end()
  const { card, headers } = await discloseHeaders(disclosing, opened)
  await stage.put(hostFile(state.id, 'card'), [`${JSON.stringify(card)}\n`])
  disclosed.hosts.push({ card, headers, records } satisfies DisclosedHost)
}

interface RecordFiles {
  records: Draft
  table: Draft
}

/** Returns how many records of the batch were written. */
async function discloseBatch(
  { ledger, prover, state, disclosed }: DisclosingHost,
  { entry, citations }: CitedBatch,
  { records, table }: RecordFiles,
): Promise<number> {
  const proofs = await tryProofs({ ledger, prover }, entry, citations)
  if ('why' in proofs) {
    withhold(disclosed.withheld, [{ entry, citations }], proofs.why)
    return 0
  }
  let written = 0
  for (const [i, { record, by }] of citations.entries()) {
    const proof = proofs.made[i]
    if (proof === undefined) {
      disclosed.withheld.push({ record, why: 'its batch has no such record' })
      continue
    }
    await records.write(`${JSON.stringify(proof)}\n`)
    await table.write(recordRow({ record, by, proof }))
    disclosed.records.push(toRecord(record, state.id, proof))
    written += 1
  }
  if (written > 0) disclosed.batches.push(toBatch(entry, written))
  return written
}

/** A batch that cannot be opened takes its records with it, not the package. */
async function tryProofs(
  { ledger, prover }: Pick<Disclosing, 'ledger' | 'prover'>,
  entry: Entry,
  citations: readonly Citation[],
): Promise<{ made: (Proof | undefined)[] } | { why: string }> {
  try {
    const payload = await ledger.payload(entry.position)
    const indexes = citations.map(({ ref }) => ref.index)
    return { made: await prover.proofsOf(entry, payload, indexes) }
  } catch (error) {
    if (isRefusal(error)) return { why: `its batch cannot be opened: ${error.says}` }
    throw error
  }
}

function toRecord(id: string, host: string, proof: Proof): DisclosedRecord {
  // The prover read it from a batch whose chunk heads were checked.
  const head = JSON.parse(proof.chunk) as ChunkHead
  return { id, host, source: head.source, readAt: head.readAt, bytes: fromBase64(proof.record)?.length ?? 0 }
}

function toBatch(entry: Entry, disclosed: number): DisclosedBatch {
  const { host, seq, branch, position, receivedAtMs, headerHash, headerBytes } = entry
  const header: Header = parseHeader(headerBytes)
  return {
    id: `${branch === null ? host : `${host}~${branch}`}/${seq}`,
    host,
    seq,
    headerHash,
    position,
    receivedAtMs,
    sealedAt: header.sealedAt,
    agent: header.agent,
    zone: header.zone,
    clockOffsetMs: header.clockOffset?.ms ?? null,
    count: header.count,
    disclosed,
  }
}

/** Headers the worker is asked for at once. */
const headersAtOnce = 64

async function discloseHeaders(
  { ledger, stage, prover, state, size, step }: DisclosingHost,
  batches: readonly CitedBatch[],
): Promise<{ card: HostCard; headers: number }> {
  const cited = new Set(batches.map(({ entry }) => entry.position))
  const seqs = batches.map(({ entry }) => entry.seq)
  const span = { from: Math.min(...seqs), to: Math.max(...seqs) }
  const file = await stage.begin(hostFile(state.id, 'headers'))
  const gaps: HostCard['gaps'] = []
  let next = span.from
  let headers = 0
  let waiting: HeaderOfLedger[] = []
  const flush = async () => {
    await file.write(await prover.linesOf(waiting))
    headers += waiting.length
    waiting = []
    step('headers', headers, span.to - span.from + 1)
  }
  for await (const entry of ledger.entriesOf(state.id, span)) {
    if (entry.position >= size) continue
    if (entry.branch === null) {
      if (entry.seq > next) gaps.push({ from: next, to: entry.seq - 1 })
      next = entry.seq + 1
    }
    waiting.push({ ...entry, isCited: cited.has(entry.position) })
    if (waiting.length >= headersAtOnce) await flush()
  }
  await flush()
  await file.end()
  if (next <= span.to) gaps.push({ from: next, to: span.to })
  return { card: toCard(state, span, gaps), headers }
}

function toCard(state: HostState, span: HostCard['span'], gaps: HostCard['gaps']): HostCard {
  const { id, name, os, kind, publicKey, lineage } = state
  // Written by the console when the host was enrolled.
  return {
    tw: 'host/1',
    id,
    name,
    os,
    kind,
    publicKey,
    lineage: lineage === null ? null : (JSON.parse(lineage) as HostCard['lineage']),
    span,
    gaps,
  }
}
