import type { CoverageSpan } from './api/index.ts'

/** A time that was not covered, of every source that was not for the same reason. */
export interface Gap extends Pick<CoverageSpan, 'state' | 'from' | 'to' | 'lost' | 'why'> {
  sources: string[]
}

/** One source ends a batch later than another: what begins within so long of each other for one reason is one gap. */
const togetherMs = 3 * 60_000

/** What was not covered and why, newest first: a host that was off is one gap, not one for each of its sources. */
export function gapsOf(spans: readonly CoverageSpan[]): Gap[] {
  const gaps: Gap[] = []
  const newest = new Map<string, Gap>()
  for (const { id, state, from, to, lost, why } of spans) {
    if (state === 'covered') continue
    const key = `${state} ${why ?? ''}`
    const known = newest.get(key)
    const isSame =
      known !== undefined && !known.sources.includes(id) && Date.parse(from) - Date.parse(known.from) <= togetherMs
    if (isSame) join(known, { id, to, lost })
    else newest.set(key, begin(gaps, { state, from, to, lost, ...(why !== undefined && { why }), sources: [id] }))
  }
  return gaps.sort((a, b) => (a.from < b.from ? 1 : -1))
}

function begin(gaps: Gap[], gap: Gap): Gap {
  gaps.push(gap)
  return gap
}

function join(gap: Gap, { id, to, lost }: { id: string; to: string; lost: number | null }): void {
  gap.sources.push(id)
  if (to > gap.to) gap.to = to
  gap.lost = gap.lost === null || lost === null ? null : gap.lost + lost
}
