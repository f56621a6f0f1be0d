import { mostPauseMs } from '@tidewaiter/protocol'
import { leastPauseMs } from '../pause.ts'
import { type Extent, firstBeyond } from './extents.ts'

interface Row extends Extent {
  state: 'covered' | 'lost'
  records: number
}

/** A snapshot that is taken more seldom than its host says that it is alive. */
export function restsLong({ source, periodMs }: { source: string; periodMs: number | null }): boolean {
  return (mostPauseMs(source) ?? periodMs ?? 0) > leastPauseMs
}

/**
 * Of a snapshot that is known to rest for long, its passes that follow one another as soon as they have to are one span.
 * The last one holds for as long as the agent is there, until the next one is due. What is ill lies over it.
 */
export function restsOf<R extends Row>(
  source: string,
  rows: readonly R[],
  { alive, ills }: { alive: readonly Extent[]; ills: readonly { fromMs: number; toMs: number | null }[] },
): { rows: readonly R[]; ill: Extent[] } {
  const restMs = mostPauseMs(source) ?? 0
  if (restMs <= leastPauseMs) return { rows, ill: [] }
  const spans: R[] = []
  let last: R | undefined
  for (const row of rows)
    if (row.state === 'covered' && last !== undefined && row.fromMs - last.toMs <= restMs) {
      last.toMs = Math.max(last.toMs, row.toMs)
      last.records += row.records
    } else {
      spans.push({ ...row })
      if (row.state === 'covered') last = spans.at(-1)
    }
  const now = last && alive[firstBeyond(alive, last.toMs)]
  if (last !== undefined && now !== undefined && now.fromMs <= last.toMs && now.toMs - last.toMs <= restMs)
    last.toMs = now.toMs
  return { rows: spans, ill: ills.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? Number.POSITIVE_INFINITY })) }
}

/** A covered span in the pieces in which anything of the host was alive; its records are counted once, in the first. */
export function whileAlive<R extends Row>(row: R, alive: readonly Extent[]): R[] {
  if (row.state !== 'covered') return [row]
  const pieces: R[] = []
  for (let i = firstBeyond(alive, row.fromMs); i < alive.length; i++) {
    const { fromMs, toMs } = alive[i] as Extent
    if (fromMs >= row.toMs) break
    pieces.push({ ...row, fromMs: Math.max(row.fromMs, fromMs), toMs: Math.min(row.toMs, toMs) })
  }
  // Where it reaches beyond what else is known, it is believed.
  const [first = row, ...rest] = withEnds(pieces, row)
  return [first, ...rest.map((piece) => ({ ...piece, records: 0 }))]
}

function withEnds<R extends Extent>(pieces: readonly R[], { fromMs, toMs }: Extent): R[] {
  return pieces.map((piece, i) => ({
    ...piece,
    fromMs: i === 0 ? fromMs : piece.fromMs,
    toMs: i === pieces.length - 1 ? toMs : piece.toMs,
  }))
}
