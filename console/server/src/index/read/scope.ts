import { isOfAgent, mostPauseMs, snapshotMs } from '@tidewaiter/protocol'
import type { SearchCoverage } from '@tidewaiter/protocol/api'
import type { SaidState } from '../../receive/standings.ts'
import type { Store } from '../../store/store.ts'
import { mayPauseMs, slowestMs } from '../host-coverage.ts'
import { leastPauseMs } from '../pause.ts'
import type { Span } from '../query/span.ts'
import type { Handles } from './handles.ts'
import { toTime } from './rows.ts'

interface SourceRow {
  host: string
  id: string
  /** Covered spans that reach into the time, and the ends of all of them together. */
  covered: number
  fromMs: number
  toMs: number
  lost: number
  /** Longest time between two of its covered spans. */
  pauseMs: number | null
  periodMs: number | null
}

export interface ScopeOptions {
  handles: Handles
  store: Store
  nowMs: number
  /** One host, by its id or name; all when left out. */
  host?: string
}

/** On how many hosts every source was covered over the whole time: what stands beside every answer. */
export async function scopeOf({ handles, store, nowMs, host }: ScopeOptions, span: Span): Promise<SearchCoverage> {
  const toMs = Math.min(span.toMs ?? nowMs, nowMs)
  const rows = Map.groupBy(await sourceRows(handles, { fromMs: span.fromMs, toMs }), (row) => row.host)
  const hosts = await hostsOf(store, host)
  const reaches = (row: SourceRow, isWell: boolean) =>
    row.toMs >= toMs - mayPauseMs({ id: row.id, periodMs: row.periodMs ?? undefined, isWell })
  const goesOn = (row: SourceRow) =>
    row.covered === 1 || (row.pauseMs !== null && row.pauseMs <= (mostPauseMs(row.id) ?? 0))
  const begins = (row: SourceRow) => span.fromMs === undefined || row.fromMs <= span.fromMs + leastPauseMs
  const isCovered = ({ id, said }: HostSaying) => {
    const own = rows.get(id) ?? []
    const well = new Set(said.flatMap((source) => (source.state === 'ok' ? [source.id] : [])))
    const given = new Set(own.map((row) => row.id))
    // What gives nothing has no row: only the host itself says that there is such a source.
    const evidence = own.filter((row) => !isOfAgent(row.id))
    return (
      evidence.length > 0 &&
      said.every((source) => well.has(source.id) && given.has(source.id)) &&
      own.every((row) => row.lost === 0) &&
      evidence.every((row) => goesOn(row) && begins(row) && reaches(row, well.has(row.id)))
    )
  }
  const covered = hosts.filter(isCovered).length
  const isHeard = (row: SourceRow) => row.toMs >= toMs - leastPauseMs
  const ended = hosts.filter(({ id }) => !(rows.get(id) ?? []).some(isHeard)).length
  return { hosts: hosts.length, covered, says: sentence({ hosts: hosts.length, covered, ended }, span) }
}

interface HostSaying {
  id: string
  /** How it says that its sources are. */
  said: SaidState['sources']
}

async function hostsOf(store: Store, host: string | undefined): Promise<HostSaying[]> {
  const all = store.selectFrom('host').select(['id', 'last_state'])
  const asked = host === undefined ? all : all.where((eb) => eb.or([eb('id', '=', host), eb('name', '=', host)]))
  const rows = await asked.execute()
  // Written by `openStandings` alone.
  const sourcesIn = (text: string) => (JSON.parse(text) as SaidState).sources
  return rows.map(({ id, last_state }) => ({ id, said: last_state === null ? [] : sourcesIn(last_state) }))
}

/** How long a source may rest, milliseconds, as SQL. */
const mayRest = `case source.id ${Object.entries(snapshotMs)
  .map(([id, ms]) => `when '${id}' then ${2 * ms}`)
  .join(' ')} else 2 * coalesce(progress.period_ms, ${slowestMs}) end`

/** Sources that were covered or lost something in this time, or that pause so long that they may have been. */
function sourceRows(
  handles: Handles,
  { fromMs = Number.MIN_SAFE_INTEGER, toMs }: { fromMs: number | undefined; toMs: number },
): Promise<SourceRow[]> {
  return handles.events((db) =>
    db.all<SourceRow>(
      `select host, id, sum(state = 'covered') as covered, sum(state = 'lost') as lost,
       min(case when state = 'covered' then from_ms end) as fromMs, max(case when state = 'covered' then to_ms end) as toMs,
       max(case when state = 'covered' then pause_ms end) as pauseMs, period_ms as periodMs
       from (
         select host.id as host, source.id, source.no, state, from_ms, span.to_ms, progress.period_ms,
         from_ms - lag(span.to_ms) over (partition by source.no, state order by from_ms) as pause_ms
         from host join source on source.host = host.no join span on span.source = source.no
         left join progress on progress.source = source.no
         where span.from_ms <= ?2 and span.to_ms >= ?1 - case state when 'lost' then ${leastPauseMs}
           else max(${leastPauseMs}, ${mayRest}) end
       ) group by no`,
      [fromMs, toMs],
    ),
  )
}

function sentence(counts: { hosts: number; covered: number; ended: number }, { fromMs }: Span): string {
  const { hosts, covered, ended } = counts
  if (hosts === 0) return 'There is no host yet.'
  const since =
    fromMs === undefined ? 'since their first evidence' : `since ${toTime(fromMs).slice(0, 16).replace('T', ' ')}Z`
  // Not `silent`: that is how a host stands now, whatever time is asked for.
  const quiet = ended === 0 ? '' : `; of ${ended} nothing is held from the end of this time`
  return `${covered} of ${hosts} ${hosts === 1 ? 'host' : 'hosts'} fully covered ${since}${quiet}.`
}
