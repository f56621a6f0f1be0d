import { hash } from 'node:crypto'
import { isOfAgent } from '@tidewaiter/protocol'
import type { CoverageSpan, Host, HostDetail, HostQuery, Irregularity } from '@tidewaiter/protocol/api'
import type { Selectable } from 'kysely'
import type { Deps } from '../deps.ts'
import { refuse } from '../error.ts'
import { cutTo } from '../index/cut-spans.ts'
import { parseSpan, type Span } from '../index/query/span.ts'
import type { HostTable } from '../store/tables.ts'
import { openBacklog } from './backlog.ts'
import { pastSilences } from './past-silences.ts'
import type { Silence } from './silence.ts'
import { writtenState } from './standings.ts'
import { type Seen, statusOf } from './status.ts'

type HostDeps = Pick<Deps, 'store' | 'ledger' | 'index' | 'receive' | 'now'>
type Row = Selectable<HostTable>

const mostHosts = 10_000
const mostIrregularities = 200

/** Every host with its health, by name. */
export async function listHosts(deps: HostDeps): Promise<Host[]> {
  const rows = await deps.store.selectFrom('host').selectAll().orderBy('name').orderBy('id').limit(mostHosts).execute()
  const findings = await openFindings(deps)
  const lag = await lagOf(deps)
  return rows.map((row) => toHost(deps, row, { findings, seen: seenOf(deps, row, lag) }))
}

/** One host with its sources, span by span; only of a time where one is named. Throws `not-found`, `query-malformed`. */
export async function hostDetail(deps: HostDeps, id: string, query: HostQuery = {}): Promise<HostDetail> {
  const { store, index, now } = deps
  const time = parseSpan(query, now())
  const row = await store.selectFrom('host').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw refuse('not-found', `There is no host ${id}.`)
  const seen = seenOf(deps, row, await lagOf(deps))
  const { said } = seen
  const host = toHost(deps, row, { findings: await openFindings(deps, id), seen })
  const sources = await index.coverage(id, { ...seen, why: host.why })
  const absences = await index.absences(id)
  return {
    ...host,
    publicKeyFingerprint: hash('sha256', row.public_key),
    certificateExpiresAt: row.certificate_expires_at,
    spool: said?.spool ?? null,
    cpuPercent: said?.cpuPercent ?? null,
    rssBytes: said?.rssBytes ?? null,
    caps: said?.caps ?? [],
    now: said?.sources ?? [],
    sources: isWhole(query) ? sources : await coverageIn(deps, id, { coverage: sources, time }),
    irregularities: await irregularitiesOf(deps, id),
    silences: await pastSilences(store, id, { absences, sources }),
    absences,
    datasets: await index.datasets(id),
  }
}

/** Coverage in a time that is asked for. */
async function coverageIn(
  { index, now }: HostDeps,
  id: string,
  { coverage, time }: { coverage: readonly CoverageSpan[]; time: Span },
): Promise<CoverageSpan[]> {
  const nowMs = now()
  const { fromMs, toMs = nowMs } = time
  const isBefore = fromMs !== undefined && coverage.some(({ from }) => Date.parse(from) > fromMs)
  if (!isBefore) return cutTo(coverage, { ...time, nowMs })
  return cutTo(coverage, { ...time, nowMs, readBack: await index.readBack(id, { coverage, fromMs, toMs }) })
}

function isWhole({ from = '', to = '' }: HostQuery): boolean {
  return from === '' && to === ''
}

function toHost(
  { ledger, now }: HostDeps,
  row: Row,
  { findings, seen }: { findings: Map<string, number>; seen: Seen },
): Host {
  const { status, why, silence } = statusOf(seen, now())
  // What the agent says of itself is no source of the machine.
  const sources = seen.said?.sources.filter(({ id }) => !isOfAgent(id)) ?? []
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    os: row.os,
    platform: row.platform,
    status,
    ...(why !== undefined && { why }),
    ...(silence !== undefined && { silence: toSilence(silence) }),
    agent: row.agent,
    enrolledAt: row.enrolled_at,
    lastSeenAt: seen.heardMs === undefined ? null : new Date(seen.heardMs).toISOString(),
    clockOffsetMs: row.clock_offset_ms,
    seq: ledger.tipOf(row.id)?.seq ?? 0,
    lag: seen.lag,
    sourcesOk: sources.filter(({ state }) => state === 'ok').length,
    sourcesTotal: sources.length,
    openFindings: findings.get(row.id) ?? 0,
  }
}

function toSilence({ cause, isExpected, sinceMs, says }: Silence): Host['silence'] & object {
  return { cause, isExpected, from: new Date(sinceMs).toISOString(), says }
}

interface Lag {
  of(host: string): number
  oldestMs(): number | undefined
}

/** As the running console counts it; a command on the data folder alone looks it up. */
async function lagOf({ receive, ledger, index }: HostDeps): Promise<Lag> {
  if (receive !== null) return { of: receive.lagOf, oldestMs: receive.lagSinceMs }
  const backlog = openBacklog({ ledger, index })
  await backlog.ready
  backlog.close()
  return backlog
}

/** What is known now where the console runs, else what was written down last. */
function seenOf({ receive }: HostDeps, row: Row, lag: Lag): Seen {
  const standing = receive?.standing(row.id)
  return {
    kind: row.kind,
    state: row.state,
    enrolledMs: Date.parse(row.enrolled_at),
    certificateEndsMs: toMs(row.certificate_expires_at),
    isServed: receive !== null,
    ...(standing ?? { ...never, heardMs: toMs(row.last_seen_at), farewell: row.farewell }),
    // What it said before this console was started holds until it says something else.
    said: standing?.said ?? writtenState(row),
    lag: lag.of(row.id),
    lagSinceMs: lag.oldestMs(),
    heldBack: receive?.heldBack(row.id),
    fullSinceMs: receive?.fullSinceMs(),
    back: receive?.back(),
  }
}

/** How a host stands that has not connected since this console runs. */
const never = { isConnected: false, mayOnlyRenew: false, connectedMs: undefined, batchMs: undefined }

function toMs(time: string | null): number | undefined {
  return time === null ? undefined : Date.parse(time)
}

async function openFindings({ store }: HostDeps, host?: string): Promise<Map<string, number>> {
  const all = store.selectFrom('finding').where('verdict', '=', 'open').where('host', 'is not', null)
  const rows = await (host === undefined ? all : all.where('host', '=', host))
    .select((eb) => ['host', eb.fn.countAll<number>().as('count')])
    .groupBy('host')
    .execute()
  return new Map(rows.map(({ host: id, count }) => [id ?? '', count]))
}

async function irregularitiesOf({ store }: HostDeps, host: string): Promise<Irregularity[]> {
  return store
    .selectFrom('irregularity')
    .select(['at', 'code', 'says', 'seq', 'address'])
    .where('host', '=', host)
    .orderBy('no', 'desc')
    .limit(mostIrregularities)
    .execute()
}
