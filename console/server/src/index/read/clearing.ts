import type { Judged } from '../write/dirty.ts'

/** Takes marks away where they stand; resolves when they are gone. */
export type Clear = (judged: readonly Judged[]) => Promise<void>

/** Windows that were judged and whose marks still stand: handed on in bulk, and held back until then. */
export interface Clearing {
  add(judged: Judged): void
  /** True for a mark that says nothing new. */
  covers(mark: Judged): boolean
  size(): number
  forget(): void
}

export function openClearing(clear: Clear): Clearing {
  const waiting = new Map<string, Judged>()
  let isBusy = false
  const flush = async () => {
    isBusy = true
    // What is judged meanwhile goes with the next.
    while (waiting.size > 0) {
      const all = [...waiting]
      await clear(all.map(([, judged]) => judged))
      for (const [key, judged] of all) if (waiting.get(key) === judged) waiting.delete(key)
    }
    isBusy = false
  }
  return {
    add(judged) {
      waiting.set(keyOf(judged), judged)
      if (!isBusy) void flush()
    },
    covers: (mark) => mark.generation <= (waiting.get(keyOf(mark))?.generation ?? -1),
    size: () => waiting.size,
    forget: () => waiting.clear(),
  }
}

function keyOf({ host, detector, fromMs }: Judged): string {
  return `${host} ${detector} ${fromMs}`
}
