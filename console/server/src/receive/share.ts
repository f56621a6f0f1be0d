/** Bytes that are in memory on their way into the ledger, of all hosts. */
export interface Share {
  take(bytes: number): void
  give(bytes: number): void
  isOver(): boolean
  /** Calls once when half of it is free again. */
  whenFree(wake: () => void): void
}

export function openShare(mostBytes: number): Share {
  let held = 0
  let waiting: (() => void)[] = []
  return {
    take(bytes) {
      held += bytes
    },
    give(bytes) {
      held -= bytes
      if (waiting.length === 0 || held > mostBytes / 2) return
      const woken = waiting
      waiting = []
      for (const wake of woken) wake()
    },
    isOver: () => held > mostBytes,
    whenFree: (wake) => void waiting.push(wake),
  }
}
