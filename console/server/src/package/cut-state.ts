import { type MatrixRow, parseHead, type SignedHead } from '@tidewaiter/protocol'
import type { CoverageSpan, DetectorCard, Finding, Indicator, Sighting } from '@tidewaiter/protocol/api'
import type { Selectable } from 'kysely'
import type { Deps } from '../deps.ts'
import { refuse } from '../error.ts'
import { factsOf } from '../incidents/facts.ts'
import { itemsOf } from '../incidents/incidents.ts'
import { beforeFirstLook, withLossesOfPast } from '../index/first-look.ts'
import type { LeftOut } from '../index/left-out.ts'
import { allIndicators } from '../indicators/list.ts'
import type { SigningKey } from '../keys/keys.ts'
import { hostMatrix, standsOf } from '../receive/host-matrix.ts'
import { refeedOf } from '../receive/refeed.ts'
import { type Broker, brokerOf, settingOf } from '../store/settings.ts'
import type { HostTable } from '../store/tables.ts'
import { type Beside, findingsBeside, type TimeOfIncident } from './beside.ts'
import type { Cut } from './cut.ts'

/** A host as it was enrolled. */
export interface HostState {
  id: string
  name: string
  kind: string
  os: string
  agent: string
  /** SPKI, base64. */
  publicKey: string
  /** JSON of the chain it goes on from, or null. */
  lineage: string | null
  enrolledAt: string
  clockOffsetMs: number | null
  /** What was looked at and what was not, up to the cut (`index-port.ts`). */
  coverage: CoverageSpan[]
  /** What its agent says it can take; left out by versions that did not ask. */
  matrix?: MatrixRow[]
}

/**
 * What was true at a cut and could not be found out again later: names, what the index and the detectors had made of the
 * evidence, the signed head. Kept beside the package, so that the same cut gives the same package.
 */
export interface CutState {
  cut: Cut
  /** When the cut was made: the time a package speaks from. */
  at: string
  /** Version of this software. */
  software: string
  head: SignedHead
  /** Ledgers that this one was restored from, the oldest first; left out by versions that could not restore. */
  restored?: { head: SignedHead; refed: number }[]
  /** SPKI in base64 of the keys that sign heads, newest first. */
  ledgerKeys: string[]
  broker: Broker
  zone: string
  /** Entries the index had read. */
  indexed: number
  /** Entries that it could not read; left out by versions that did not say so. */
  leftOut?: LeftOut
  findings: Finding[]
  /** Findings that nobody put into the incident; left out by versions that did not count them. */
  beside?: Beside[]
  /** When the incident was, where that is known. */
  time?: TimeOfIncident
  sightings: Sighting[]
  indicators: Indicator[]
  detectors: DetectorCard[]
  hosts: HostState[]
}

/** What packages are made from. */
export interface PackageDeps
  extends Pick<Deps, 'data' | 'keys' | 'store' | 'vault' | 'ledger' | 'index' | 'live' | 'log' | 'now'> {
  /** Findings with these ids, as they stand. */
  findings(ids: readonly string[]): Promise<Finding[]>
  /** What every detector says of itself, and on which hosts it sees. */
  detectors(): Promise<DetectorCard[]>
}

const software = 'tidewaiter 0.1.0'

/** Reads the state of now. The ledger's head comes last, so that it covers every record the rest cites. */
export async function takeCutState(deps: PackageDeps, incident: string): Promise<CutState> {
  const { store, index, ledger } = deps
  const at = new Date(deps.now()).toISOString()
  const row = await store.selectFrom('incident').select('rev').where('id', '=', incident).executeTakeFirst()
  if (row === undefined) throw refuse('not-found', `There is no incident ${incident}.`)
  const items = await itemsOf(store, incident, row.rev)
  const refs = (kind: string) => items.filter((item) => item.kind === kind).map(({ ref }) => ref)
  const time = await timeOf(deps, { incident, rev: row.rev, at })
  const judged = {
    indexed: index.asOf(),
    leftOut: await index.leftOut(),
    findings: await deps.findings(refs('finding')),
    beside: await findingsBeside(store, { incident, rev: row.rev, time }),
    ...(time !== undefined && { time }),
    sightings: (await index.sightingsById(refs('sighting'))).sort((a, b) => (a.id < b.id ? -1 : 1)),
    indicators: await allIndicators(store, await index.sightingsByIndicator(), Date.parse(at)),
    detectors: await deps.detectors(),
    hosts: await hostsOf(deps, time),
  }
  const audit = await store.selectFrom('audit').select('no').orderBy('no', 'desc').limit(1).executeTakeFirst()
  const restored = await restoredOf(deps)
  const head = ledger.head()
  const cut = { ledger: ledger.id, size: parseHead(head).size, incidentRev: row.rev, audit: audit?.no ?? 0 }
  return {
    cut,
    at,
    software,
    head,
    ...(restored.length > 0 && { restored }),
    ledgerKeys: publicKeysOf(deps, 'ledger'),
    broker: await brokerOf(store),
    zone: (await settingOf(store, 'zone')) ?? 'UTC',
    ...judged,
  }
}

/** Of an incident of which only the beginning is known, until the cut. */
async function timeOf(
  { store, vault }: PackageDeps,
  { incident, rev, at }: { incident: string; rev: number; at: string },
): Promise<TimeOfIncident | undefined> {
  const facts = await factsOf(store, incident, vault, rev)
  const { state, value = '' } = facts.find(({ field }) => field === 'incident.occurredAt') ?? {}
  if (state !== 'answered') return undefined
  const [from = at, to = at] = value.split('/').map((text) => new Date(text).toISOString())
  return { from, to }
}

/** Ledgers this one goes on from. Of those before the last restore nobody counted what was taken again. */
async function restoredOf({ store, ledger }: PackageDeps): Promise<{ head: SignedHead; refed: number }[]> {
  const newest = ledger.origins.at(-1)
  const refeed = await refeedOf({ store, ledger })
  return ledger.origins.flatMap((origin) =>
    origin.before === null ? [] : [{ head: origin.before, refed: origin === newest ? (refeed?.refed ?? 0) : 0 }],
  )
}

function publicKeysOf({ keys }: PackageDeps, name: SigningKey): string[] {
  const retired = keys.retired(name).map(({ publicKey }) => publicKey)
  return [keys.publicKey(name), ...retired.toReversed()].map((key) => Buffer.from(key).toString('base64'))
}

async function hostsOf(deps: PackageDeps, time: TimeOfIncident | undefined): Promise<HostState[]> {
  const rows = await deps.store.selectFrom('host').selectAll().orderBy('id').execute()
  const coverage = await deps.index.coverageOfAll()
  const hosts: HostState[] = []
  for (const row of rows) {
    const own = await withPast(deps, row.id, { coverage: coverage.get(row.id), time })
    const matrix = await hostMatrix(deps.index, row.id, standsOf(own))
    hosts.push({ ...toHostState(row), coverage: own, ...(matrix !== undefined && { matrix }) })
  }
  return hosts
}

/** Coverage with what is held of the time before the first look: of that of the incident, or else of all that was read back. */
async function withPast(
  { index, now }: PackageDeps,
  host: string,
  { coverage = [], time }: { coverage: readonly CoverageSpan[] | undefined; time: TimeOfIncident | undefined },
): Promise<CoverageSpan[]> {
  const span = time === undefined ? { toMs: now() } : { fromMs: Date.parse(time.from), toMs: Date.parse(time.to) }
  const readBack = await index.readBack(host, { coverage, ...span })
  const oldestMs = [...readBack.sources.values()].reduce((ms, { fromMs }) => Math.min(ms, fromMs), span.toMs)
  return [
    ...beforeFirstLook(coverage, span, readBack),
    ...withLossesOfPast(coverage, time === undefined ? oldestMs : span.fromMs),
  ]
}

function toHostState(row: Selectable<HostTable>): Omit<HostState, 'coverage'> {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    os: row.os,
    agent: row.agent,
    publicKey: Buffer.from(row.public_key).toString('base64'),
    lineage: row.lineage,
    enrolledAt: row.enrolled_at,
    clockOffsetMs: row.clock_offset_ms,
  }
}
