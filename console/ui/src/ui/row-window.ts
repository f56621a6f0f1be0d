/** What of a long table is drawn: runs of rows, and gaps that stand for the rows between them. */
export type Run = { kind: 'rows'; from: number; to: number } | { kind: 'gap'; from: number; px: number }

export interface RowWindow {
  count: number
  rowPx: number
  /** Scroll position and height of the region. */
  top: number
  height: number
  /** A row that is drawn wherever it is, because it has the focus. */
  keep: number
}

/** Rows drawn above and below what is seen. */
const overscan = 20
/** Short tables are drawn whole. */
const whole = 120

/** Runs and gaps in order; together they are as high as all rows. `to` is exclusive. */
export function rowsToDraw({ count, rowPx, top, height, keep }: RowWindow): Run[] {
  if (count <= whole) return count === 0 ? [] : [{ kind: 'rows', from: 0, to: count }]
  const from = clamp(Math.floor(top / rowPx) - overscan, count)
  const to = clamp(Math.ceil((top + height) / rowPx) + overscan, count)
  const runs: { from: number; to: number }[] = [{ from, to }]
  if (keep >= 0 && keep < count && (keep < from || keep >= to)) runs.push({ from: keep, to: keep + 1 })
  return withGaps(
    runs.sort((a, b) => a.from - b.from),
    count,
    rowPx,
  )
}

function withGaps(runs: readonly { from: number; to: number }[], count: number, rowPx: number): Run[] {
  const out: Run[] = []
  let at = 0
  const gapTo = (to: number) => {
    if (to > at) out.push({ kind: 'gap', from: at, px: (to - at) * rowPx })
  }
  for (const { from, to } of runs) {
    gapTo(from)
    if (to > from) out.push({ kind: 'rows', from, to })
    at = to
  }
  gapTo(count)
  return out
}

function clamp(value: number, count: number): number {
  return Math.max(0, Math.min(value, count))
}

/** Where a region of rows is scrolled to, so that the open row stays in its place, or is in sight when it is another. */
export interface OpenRow {
  at: number
  /** By how many rows it moved; undefined when it was opened just now. */
  moved: number | undefined
  rowPx: number
  /** Scroll position, and the height in which rows are seen. */
  top: number
  height: number
}

export function scrolledTo({ at, moved, rowPx, top, height }: OpenRow): number {
  if (moved !== undefined) return Math.max(0, top + moved * rowPx)
  return Math.max(Math.min(top, at * rowPx), (at + 1) * rowPx - height)
}
