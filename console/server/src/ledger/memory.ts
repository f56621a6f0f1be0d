import type { Frontier, SignedHead, Tip } from '@tidewaiter/protocol'
import type { Entry } from './ledger.ts'
import type { Origin } from './origin.ts'
import type { Segment } from './segment.ts'

/** Which batches of a host a segment may hold: least and greatest seq, forks included. */
export interface Span {
  segment: number
  from: number
  to: number
}

/** What the ledger knows by heart. The files are the truth: `load` reads it from them. */
export interface Memory {
  id: string
  /** Beginnings of ledgers after a restore, oldest first. */
  origins: Origin[]
  /** Oldest first. */
  segments: Segment[]
  frontier: Frontier
  /** Undefined before the first entry. */
  head: SignedHead | undefined
  /** Newest batch of each host's own line. */
  tips: Map<string, Tip>
  spans: Map<string, Span[]>
}

/** Segment in which an entry lies. */
export function segmentOf({ segments }: Memory, position: number): Segment | undefined {
  return segments.findLast(({ first }) => first <= position)
}

/** Numbers of the segments that may hold batches of a host within these seqs, oldest first. */
export function segmentsOf({ spans }: Memory, host: string, { from, to }: { from: number; to: number }): number[] {
  const held = spans.get(host) ?? []
  return held.filter((span) => span.from <= to && span.to >= from).map(({ segment }) => segment)
}

export function noteSpan({ spans }: Memory, host: string, { segment, from, to }: Span): void {
  const held = spans.get(host)
  const last = held?.at(-1)
  if (last?.segment === segment) {
    last.from = Math.min(last.from, from)
    last.to = Math.max(last.to, to)
  } else if (held === undefined) spans.set(host, [{ segment, from, to }])
  else held.push({ segment, from, to })
}

/** An entry that was just added in this segment. */
export function noteEntry(memory: Memory, { host, seq, branch, headerHash }: Entry, segment: number): void {
  noteSpan(memory, host, { segment, from: seq, to: seq })
  if (branch === null) memory.tips.set(host, { seq, headerHash })
}
