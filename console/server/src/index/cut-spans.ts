import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { isNeverHeld } from './never-held.ts'

interface Time {
  fromMs?: number
  toMs?: number
  nowMs: number
}

/**
 * Coverage of one host in one span of time: what lies in it, cut at its ends. Before the first span of a source nothing
 * was asked of it, unless the first batches of its host are not held: then nobody knows. What is to come cannot be
 * covered, and is left out. Records of a span that is cut are not told, since nobody knows where in it they lie; what
 * was lost of one may all lie inside, and is.
 */
export function cutTo(spans: readonly CoverageSpan[], { fromMs, toMs, nowMs }: Time): CoverageSpan[] {
  const endMs = Math.min(toMs ?? nowMs, nowMs)
  const inside = spans.flatMap((span) => {
    const [from, to] = [Date.parse(span.from), Date.parse(span.to)]
    const cut = { from: Math.max(from, fromMs ?? from), to: Math.min(to, endMs) }
    if (cut.from > cut.to || (cut.from === cut.to && from !== to)) return []
    const isWhole = cut.from === from && cut.to === to
    return [{ ...span, ...toTimes(cut), records: isWhole ? span.records : null }]
  })
  const begins = fromMs === undefined ? [] : notYetAsked(spans, fromMs, endMs)
  return [...begins, ...inside].sort((a, b) => compare(a.from, b.from) || compare(a.id, b.id))
}

const notAsked = {
  state: 'not-asked',
  why: 'This source gave its first evidence later: nothing was asked of it before.',
} as const

function notYetAsked(spans: readonly CoverageSpan[], fromMs: number, endMs: number): CoverageSpan[] {
  const firsts = new Map<string, number>()
  for (const { id, from } of spans)
    firsts.set(id, Math.min(firsts.get(id) ?? Number.POSITIVE_INFINITY, Date.parse(from)))
  // Of a source that is first named later nobody knows either whether it was in them.
  const { state, why = notAsked.why } = spans.find(isNeverHeld) ?? notAsked
  return [...firsts].flatMap(([id, firstMs]) => {
    const to = Math.min(firstMs, endMs)
    if (to <= fromMs) return []
    return [{ id, state, why, ...toTimes({ from: fromMs, to }), records: 0, lost: null }]
  })
}

function toTimes({ from, to }: { from: number; to: number }): Pick<CoverageSpan, 'from' | 'to'> {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
