import type { DatabaseSync } from 'node:sqlite'

/** What the index must know of a detector: which events concern it, and how long its windows are. */
export interface DetectorWindows {
  id: string
  reads: readonly string[]
  /** Events of this category concern it whatever their dataset. */
  readsCategory?: string
  windowMs: number
}

/** A window that was judged when everything below `generation` had been read. */
export interface Judged {
  host: number
  detector: string
  fromMs: number
  generation: number
}

/** Marks windows in which something came in (`evidence.md` 11). */
export interface Dirty {
  add(host: number, about: { dataset: string; category: string; at: number }): void
  /** Writes the marks into the transaction. @param generation ledger position behind what was added */
  save(generation: number): void
  /** Takes marks away, unless something came in since. */
  clear(judged: readonly Judged[]): void
  forget(): void
}

interface Window {
  host: number
  detector: DetectorWindows
  fromMs: number
}

export function openDirty(db: DatabaseSync, detectors: readonly DetectorWindows[]): Dirty {
  const upsert = db.prepare(
    `insert into dirty (host, detector, from_ms, to_ms, generation) values (?, ?, ?, ?, ?)
     on conflict (host, detector, from_ms) do update set generation = excluded.generation`,
  )
  const remove = db.prepare('delete from dirty where host = ? and detector = ? and from_ms = ? and generation <= ?')
  const concerned = concernedOf(detectors)
  const marked = new Map<string, Window>()
  /** The window each detector was marked in last: most events lie in the same one as the event before. */
  const last = new Map<DetectorWindows, Window>()
  return {
    add(host, { dataset, category, at }) {
      for (const detector of concerned(dataset, category)) {
        const before = last.get(detector)
        const isSame = before?.host === host && at >= before.fromMs && at < before.fromMs + detector.windowMs
        if (isSame) continue
        const window = { host, detector, fromMs: Math.floor(at / detector.windowMs) * detector.windowMs }
        last.set(detector, window)
        marked.set(`${host} ${detector.id} ${window.fromMs}`, window)
      }
    },
    save(generation) {
      for (const { host, detector, fromMs } of marked.values())
        upsert.run(host, detector.id, fromMs, fromMs + detector.windowMs, generation)
      marked.clear()
      last.clear()
    },
    clear(judged) {
      for (const { host, detector, fromMs, generation } of judged) remove.run(host, detector, fromMs, generation)
    },
    forget() {
      marked.clear()
      last.clear()
    },
  }
}

const mostKinds = 10_000

/** Detectors that an event of this dataset and these categories concerns; events are of few kinds. */
function concernedOf(detectors: readonly DetectorWindows[]) {
  const known = new Map<string, readonly DetectorWindows[]>()
  const find = (dataset: string, category: string): readonly DetectorWindows[] => {
    const key = `${dataset} ${category}`
    const before = known.get(key)
    if (before !== undefined) return before
    const found = detectors.filter(
      ({ reads, readsCategory }) =>
        reads.includes(dataset) || (readsCategory !== undefined && category.includes(` ${readsCategory} `)),
    )
    if (known.size >= mostKinds) known.clear()
    known.set(key, found)
    return found
  }
  let last = { dataset: '', category: '', found: find('', '') }
  return (dataset: string, category: string): readonly DetectorWindows[] => {
    // Most events are of the kind of the one before.
    if (dataset !== last.dataset || category !== last.category)
      last = { dataset, category, found: find(dataset, category) }
    return last.found
  }
}
