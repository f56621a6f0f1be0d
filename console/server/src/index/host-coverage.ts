import { isOfAgent, mostPauseMs } from '@tidewaiter/protocol'
import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { successorIn } from '../receive/farewell.ts'
import { isFinished, spansOf } from '../receive/spans.ts'
import type { SaidState } from '../receive/standings.ts'
import type { HostTable } from '../store/tables.ts'
import { leastPauseMs } from './pause.ts'
import type { Evidence } from './read/coverage.ts'

/** How a host stands: what its coverage is behind the end of its evidence. Times are milliseconds UTC. */
export interface HostStanding {
  kind: HostTable['kind']
  enrolledMs: number
  said: SaidState | undefined
  heardMs: number | undefined
  isConnected: boolean
  farewell: string | null
  /** Why it is not `online`, in words. */
  why: string | undefined
}

/** Everything that is known of a host for a statement about what was looked at. */
export interface Known extends Evidence {
  /** What is held of it and not in the index. */
  leftOut: CoverageSpan[]
}

/**
 * What is known of each source of a host up to now, oldest span first: what its evidence covers, what the host says of
 * itself, from when on it could not be asked, and what the index left out. Sweeps, the page of a host and packages all
 * say this one.
 */
export function coverageFrom({ leftOut, ...evidence }: Known, standing: HostStanding, nowMs: number): CoverageSpan[] {
  const spans = spansOf([...evidence.spans, ...unnamed(evidence, standing)], {
    seen: standing,
    why: standing.why,
    nowMs,
    isMoved: successorIn(standing.farewell) !== undefined,
  })
  const silent = spans.every(({ id }) => isOfAgent(id)) ? silence(standing, nowMs) : []
  const all = [...spans, ...silent, ...leftOut].sort((a, b) => compare(a.from, b.from) || compare(a.id, b.id))
  return merged(all)
}

/** What follows at once and says the same is one span; losses stay apart, so that what was counted stays counted. */
function merged(spans: readonly CoverageSpan[]): CoverageSpan[] {
  const all: CoverageSpan[] = []
  const last = new Map<string, CoverageSpan>()
  for (const span of spans) {
    const before = last.get(span.id)
    if (before !== undefined && isSame(before, span) && before.to === span.from) {
      before.to = span.to
      before.records = before.records === null || span.records === null ? null : before.records + span.records
      continue
    }
    const own = { ...span }
    last.set(span.id, own)
    all.push(own)
  }
  return all
}

function isSame(a: CoverageSpan, b: CoverageSpan): boolean {
  return a.state === b.state && a.state !== 'lost' && a.why === b.why && a.fix === b.fix
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * A collector that the host calls well and that was named once so far may be a slow one: the slowest (`inventory`) is
 * taken every six hours.
 */
export const slowestMs = 6 * 3_600_000

/** How long a source may give nothing without being away. */
export function mayPauseMs({ id, periodMs, isWell }: { id: string; periodMs: number | undefined; isWell: boolean }) {
  return Math.max(leastPauseMs, mostPauseMs(id) ?? 2 * (periodMs ?? (isWell ? slowestMs : 0)))
}

/** Sources that the host counts among its own, with nothing ailing them, and that gave nothing while it went on. */
function unnamed({ spans, periods }: Evidence, { kind, said }: HostStanding): CoverageSpan[] {
  // Files that were brought in are what they are: nobody expects more from them.
  if (kind !== 'agent') return []
  const ends = new Map<string, number>()
  for (const { id, to } of spans) ends.set(id, Math.max(ends.get(id) ?? 0, Date.parse(to)))
  // One by one: a host may have named more sources than a call takes arguments.
  const endMs = [...ends.values()].reduce((latest, end) => Math.max(latest, end), Number.NEGATIVE_INFINITY)
  const states = new Map(said?.sources.map(({ id, state }) => [id, state]))
  // Of the others `spansOf` says what the host says: that it is ill, or none of its sources.
  const isWell = (id: string) => said === undefined || states.get(id) === 'ok'
  const isAway = (id: string, toMs: number) =>
    endMs - toMs > mayPauseMs({ id, periodMs: periods.get(id), isWell: states.get(id) === 'ok' })
  const gone = [...ends].filter(([id, to]) => !isOfAgent(id) && isWell(id) && !isFinished(said, id) && isAway(id, to))
  return gone.map(([id, to]) => {
    const why = 'The agent went on and named this source no more: its collector gave nothing.'
    const times = { from: new Date(to).toISOString(), to: new Date(endMs).toISOString() }
    return { id, state: 'not-reachable', ...times, records: 0, lost: null, why }
  })
}

/** Stands for all sources of a host of which nothing came: nobody knows which it has. */
export const silentHost = 'agent'

/** A host of which nothing came: that is to be seen too, once it had its time to begin. */
function silence({ kind, enrolledMs, why }: HostStanding, nowMs: number): CoverageSpan[] {
  if (kind !== 'agent' || nowMs - enrolledMs <= leastPauseMs) return []
  const times = { from: new Date(enrolledMs).toISOString(), to: new Date(nowMs).toISOString() }
  const says = `No source of this host gave anything since it was enrolled.${why === undefined ? '' : ` ${why}`}`
  return [{ id: silentHost, state: 'not-reachable', ...times, records: 0, lost: null, why: says }]
}
