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
    row.toMs >= toMs - mayPauseMs({ periodMs: row.periodMs ?? undefined, isWell })
  const begins = (row: SourceRow) => span.fromMs === undefined || row.fromMs <= span.fromMs + leastPauseMs
  const isCovered = ({ id, said }: HostSaying) => {
    const own = rows.get(id) ?? []
    const well = new Set(said.flatMap((source) => (source.state === 'ok' ? [source.id] : [])))
    const given = new Set(own.map((row) => row.id))
    // What gives nothing has no row: only the host itself says that there is such a source.
    return (
      own.length > 0 &&
      said.every((source) => well.has(source.id) && given.has(source.id)) &&
      own.every((row) => row.covered === 1 && row.lost === 0 && begins(row) && reaches(row, well.has(row.id)))
    )
  }
  const covered = hosts.filter(isCovered).length
  const ended = hosts.filter(({ id }) => !(rows.get(id) ?? []).some((row) => reaches(row, false))).length
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

/** Sources that were covered or lost something in this time, or that pause so long that they may have been. */
function sourceRows(
  handles: Handles,
  { fromMs = Number.MIN_SAFE_INTEGER, toMs }: { fromMs: number | undefined; toMs: number },
): Promise<SourceRow[]> {
  return handles.events((db) =>
    db.all<SourceRow>(
      `select host.id as host, source.id, sum(state = 'covered') as covered, sum(state = 'lost') as lost,
       min(case when state = 'covered' then from_ms end) as fromMs, max(case when state = 'covered' then span.to_ms end) as toMs,
       progress.period_ms as periodMs
       from host join source on source.host = host.no join span on span.source = source.no
       left join progress on progress.source = source.no
       where span.from_ms <= ?2 and span.to_ms >= ?1 - case state when 'lost' then ${leastPauseMs}
         else max(${leastPauseMs}, 2 * coalesce(progress.period_ms, ${slowestMs})) end
       group by source.no`,
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
