import { isHistory, isOfAgent } from '@tidewaiter/protocol'
import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { leastPauseMs } from '../index/pause.ts'
import type { SaidState } from './standings.ts'
import type { Seen } from './status.ts'

/**
 * What is known of each source of a host: what its evidence covers, then what the host says of itself now, and from when
 * on it could not be asked. Oldest first.
 */
export function spansOf(
  covered: readonly CoverageSpan[],
  {
    seen,
    why,
    nowMs,
    isMoved = false,
  }: {
    seen: Pick<Seen, 'kind' | 'said' | 'heardMs' | 'isConnected'>
    why: string | undefined
    nowMs: number
    /** The machine goes on as another host: it is asked there. */
    isMoved?: boolean
  },
): CoverageSpan[] {
  const { kind, said, heardMs, isConnected } = seen
  const nowAt = new Date(nowMs).toISOString()
  const heardAt = isConnected ? nowAt : new Date(heardMs ?? nowMs).toISOString()
  const spans = [...covered, ...illSpans(covered, { said, to: heardAt }), ...leftSpans(covered, { said, to: heardAt })]
  const gone =
    isConnected || kind !== 'agent'
      ? []
      : goneSpans(
          spans.filter(({ id }) => !isOfAgent(id) && !isFinished(said, id)),
          { state: isMoved ? 'not-asked' : 'not-reachable', to: nowAt, why },
        )
  return [...spans, ...gone].sort((a, b) => compare(a.from, b.from) || compare(a.id, b.id))
}

/** A history that was read to its end: nothing more is to come of it, and nothing is missing. */
export function isFinished(said: SaidState | undefined, source: string): boolean {
  const finishedAt = said?.sources.find(({ id }) => id === source)?.backfill?.finishedAt
  return isHistory(source) && typeof finishedAt === 'string'
}

/** Sources that give nothing, as the host says, since when their evidence ends. */
function illSpans(
  covered: readonly CoverageSpan[],
  { said, to }: { said: SaidState | undefined; to: string },
): CoverageSpan[] {
  const ends = endsOf(covered)
  const ill = said?.sources.filter(({ state }) => state !== 'ok') ?? []
  return ill.flatMap(({ id, why, fix }) => {
    const since = said?.since[id] ?? to
    const end = ends.get(id) ?? since
    const from = end > since && end < to ? end : since
    if (from > to) return []
    const words = { ...(why !== undefined && { why }), ...(fix !== undefined && { fix }) }
    return [{ id, state: 'not-enabled' as const, from, to, records: 0, lost: null, ...words }]
  })
}

/**
 * Sources that the host had once and does not count among its own any more: whoever decides on it asks for other ones.
 * What the agent writes of itself is not asked for.
 */
function leftSpans(
  covered: readonly CoverageSpan[],
  { said, to }: { said: SaidState | undefined; to: string },
): CoverageSpan[] {
  if (said === undefined) return []
  const own = new Set(said.sources.map(({ id }) => id))
  const why = 'The agent went on, and this is none of its sources any more.'
  return [...endsOf(covered)].flatMap(([id, from]) =>
    own.has(id) || isOfAgent(id) || Date.parse(to) - Date.parse(from) <= leastPauseMs
      ? []
      : [{ id, state: 'not-asked' as const, from, to, records: 0, lost: null, why }],
  )
}

/** A host that is not connected cannot be asked: for each of its sources, from where its evidence ends. */
function goneSpans(
  spans: readonly CoverageSpan[],
  { state, to, why }: { state: CoverageSpan['state']; to: string; why: string | undefined },
): CoverageSpan[] {
  const words = why === undefined ? {} : { why }
  return [...endsOf(spans)].flatMap(([id, from]) =>
    from < to ? [{ id, state, from, to, records: 0, lost: null, ...words }] : [],
  )
}

/** Where the newest span of each source ends. */
function endsOf(spans: readonly CoverageSpan[]): Map<string, string> {
  const ends = new Map<string, string>()
  for (const { id, to } of spans) if (to > (ends.get(id) ?? '')) ends.set(id, to)
  return ends
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
