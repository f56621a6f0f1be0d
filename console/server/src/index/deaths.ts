/**
 * Deaths on one batch after which it is left out. Somebody or something else may have killed the process, and then the
 * batch is not to blame: a few times more are needed.
 */
const mostDeaths = { own: 2, killed: 6 }

/** Batches on which a writer died. */
export interface Deaths {
  /** @param isKilled from outside, as far as one can see */
  note(position: number | undefined, isKilled: boolean): void
  suspects(): number[]
  leftOut(): number[]
}

export function openDeaths(): Deaths {
  const counts = new Map<number, { own: number; killed: number }>()
  const isTooMuch = ({ own, killed }: { own: number; killed: number }) =>
    own >= mostDeaths.own || own + killed >= mostDeaths.killed
  return {
    note(position, isKilled) {
      if (position === undefined) return
      const count = counts.get(position) ?? { own: 0, killed: 0 }
      count[isKilled ? 'killed' : 'own'] += 1
      counts.set(position, count)
    },
    suspects: () => [...counts.keys()],
    leftOut: () => [...counts].filter(([, count]) => isTooMuch(count)).map(([position]) => position),
  }
}
