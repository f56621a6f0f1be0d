import { isHistory, isOfAgent, mostPauseMs } from '@tidewaiter/protocol'
import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { isNeverHeld } from './never-held.ts'

/** What the index holds of the time before the sources of a host were first looked at: it was read back then. */
export interface ReadBack {
  /** By source: how many of its events have such a time, and the oldest of them, milliseconds UTC. */
  sources: ReadonlyMap<string, { records: number; fromMs: number }>
  /** False where there were too many to look at all of them. */
  isWhole: boolean
}

export const nothingReadBack: ReadBack = { sources: new Map(), isWhole: true }

/** When each source was first looked at, milliseconds UTC. */
export function firstLooks(spans: readonly CoverageSpan[]): Map<string, number> {
  const firsts = new Map<string, number>()
  for (const { id, from } of spans)
    firsts.set(id, Math.min(firsts.get(id) ?? Number.POSITIVE_INFINITY, Date.parse(from)))
  return firsts
}

const notAsked = {
  state: 'not-asked',
  why: 'This source gave its first evidence later: nothing was asked of it before.',
} as const

interface Time {
  /** Left out: from the oldest event that was read back of a source, where there is one. */
  fromMs?: number
  toMs: number
}

/**
 * What is known of each source in a time before it was first looked at. A log or journal that was there already was read
 * back: how many of its events have such a time is known, and not what had been removed from it. Of the others nothing
 * was asked, unless the first batches of their host are not held: then nobody knows.
 */
export function beforeFirstLook(
  spans: readonly CoverageSpan[],
  { fromMs, toMs }: Time,
  readBack: ReadBack,
): CoverageSpan[] {
  const firsts = firstLooks(spans)
  // Of a source that is first named later nobody knows either whether it was in them.
  const never = spans.find(isNeverHeld)
  // What the agent says of itself, and what the index left out, are no sources that could have been asked.
  const gave = new Set(spans.flatMap(({ id, state }) => (state === 'covered' || state === 'lost' ? [id] : [])))
  const sources = [...firsts].filter(([id]) => !isOfAgent(id) && !id.startsWith('index:'))
  return sources.flatMap(([id, firstMs]) => {
    const own = readBack.sources.get(id)
    const [from, to] = [fromMs ?? own?.fromMs ?? firstMs, Math.min(firstMs, toMs)]
    if (to <= from) return []
    const times = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
    // A snapshot is of now; whatever else gave anything gave what was there already, too.
    const hasPast = own !== undefined || (gave.has(id) && mostPauseMs(id) === undefined)
    const { state, why = notAsked.why } = never ?? notAsked
    if (never !== undefined || !hasPast) return [{ id, state, why, ...times, records: own?.records ?? 0, lost: null }]
    const records = readBack.isWhole ? (own?.records ?? 0) : null
    return [{ id, state, why: pastOf(own?.records ?? 0, readBack, firstMs), ...times, records, lost: null }]
  })
}

function pastOf(records: number, { isWhole }: ReadBack, firstMs: number): string {
  const count = `${isWhole ? '' : 'at least '}${records} of its events have a time in this span`
  return `It was first looked at on ${new Date(firstMs).toISOString()}, and read back then: ${count}. What had been removed or left out before cannot be known.`
}

/**
 * What was lost of a history was lost of all the time before it was first looked at: nobody knows which. Its losses
 * begin with the time that is spoken of.
 */
export function withLossesOfPast(spans: readonly CoverageSpan[], fromMs: number | undefined): CoverageSpan[] {
  return spans.map((span) => {
    if (span.state !== 'lost' || !isHistory(span.id)) return span
    const from = fromMs === undefined || Date.parse(span.from) <= fromMs ? span.from : new Date(fromMs).toISOString()
    return { ...span, from, why: `${span.why ?? 'Not known why'} (of its history: of which time is not known)` }
  })
}
