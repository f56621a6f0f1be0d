/** A time, milliseconds UTC. */
export interface Extent {
  fromMs: number
  toMs: number
}

/** Times in which any of these are, in their order, with pauses up to `mostMs` closed. */
export function joined(rows: readonly Extent[], mostMs: number): Extent[] {
  const all: Extent[] = []
  for (const { fromMs, toMs } of rows.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = all.at(-1)
    if (last !== undefined && fromMs <= last.toMs + mostMs) last.toMs = Math.max(last.toMs, toMs)
    else all.push({ fromMs, toMs })
  }
  return all
}

/** Of extents in their order that do not overlap, the first that ends behind a time. */
export function firstBeyond(extents: readonly Extent[], ms: number): number {
  let [low, high] = [0, extents.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((extents[middle] as Extent).toMs > ms) high = middle
    else low = middle + 1
  }
  return low
}

/** A time in the pieces that others leave of it; in their order. */
export function outside<T extends Extent>(row: T, others: readonly Extent[]): T[] {
  const pieces: T[] = []
  let { fromMs } = row
  for (let i = firstBeyond(others, row.fromMs); i < others.length; i++) {
    const other = others[i] as Extent
    if (other.fromMs >= row.toMs) break
    if (other.fromMs > fromMs) pieces.push({ ...row, fromMs, toMs: other.fromMs })
    fromMs = Math.max(fromMs, other.toMs)
  }
  if (fromMs < row.toMs) pieces.push({ ...row, fromMs })
  return pieces
}
