import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { beforeFirstLook, nothingReadBack, type ReadBack, withLossesOfPast } from './first-look.ts'

interface Time {
  fromMs?: number
  toMs?: number
  nowMs: number
  /** What is held of the time before the sources were first looked at. */
  readBack?: ReadBack
}

/**
 * Coverage of one host in one span of time: what lies in it, cut at its ends, and what is known of the time before its
 * sources were first looked at (`first-look.ts`). What is to come cannot be covered, and is left out. Records of a span that is cut are not told, since nobody knows where in it they lie; what
 * was lost of one may all lie inside, and is.
 */
export function cutTo(spans: readonly CoverageSpan[], { fromMs, toMs, nowMs, readBack }: Time): CoverageSpan[] {
  const endMs = Math.min(toMs ?? nowMs, nowMs)
  const inside = withLossesOfPast(spans, fromMs).flatMap((span) => {
    const [from, to] = [Date.parse(span.from), Date.parse(span.to)]
    const cut = { from: Math.max(from, fromMs ?? from), to: Math.min(to, endMs) }
    if (cut.from > cut.to || (cut.from === cut.to && from !== to)) return []
    const isWhole = cut.from === from && cut.to === to
    return [{ ...span, ...toTimes(cut), records: isWhole ? span.records : null }]
  })
  const begins =
    fromMs === undefined ? [] : beforeFirstLook(spans, { fromMs, toMs: endMs }, readBack ?? nothingReadBack)
  return [...begins, ...inside].sort((a, b) => compare(a.from, b.from) || compare(a.id, b.id))
}

function toTimes({ from, to }: { from: number; to: number }): Pick<CoverageSpan, 'from' | 'to'> {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
