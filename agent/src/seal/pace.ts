import type { Host } from '../host.ts'

/** When a batch is cut: by raw bytes, or by milliseconds since its first record. */
const cut = {
  bytes: 512 * 1024,
  /** In a burst every batch costs a disk its sync: they are larger, and its last one does not wait as if at rest. */
  burstBytes: 2 * 1024 * 1024,
  burstMs: 100,
  /** More than a window waits for the console: fewer, larger batches. */
  backlogBytes: 4 * 1024 * 1024 - 256 * 1024,
  backlogBatches: 16,
  restMs: 5_000,
  watchedMs: 1_000,
}
/** So often a source that gives nothing is said to be alive. */
export const aliveMs = 60_000

/** So many full batches in so long are a backlog. */
const backlog = { batches: 4, withinMs: 60_000 }

/** How long what waits may wait, and how much of it. */
export class Pace {
  readonly #steady: Host['steady']
  #urgentSince: number | undefined
  #aliveSaid: number
  #fullAt = Number.NEGATIVE_INFINITY
  /** When the last ones were full. */
  #fulls: number[] = []
  #watchedUntil = Number.NEGATIVE_INFINITY

  constructor({ steady }: Pick<Host, 'steady'>) {
    this.#steady = steady
    this.#aliveSaid = steady() - aliveMs + cut.restMs
  }

  /** @param unacked batches that wait for the console */
  cutBytes(unacked: number): number {
    if (unacked > cut.backlogBatches) return cut.backlogBytes
    return this.#isBurst() ? cut.burstBytes : cut.bytes
  }

  /** A batch was full a moment ago. */
  #isBurst(): boolean {
    return this.#steady() - this.#fullAt < cut.restMs
  }

  /** A batch is full. True when that goes on, and is not the first look at a machine. */
  full(): boolean {
    this.#fullAt = this.#steady()
    this.#fulls = [...this.#fulls, this.#fullAt].slice(-backlog.batches)
    return this.#fulls.length === backlog.batches && this.#fullAt - (this.#fulls[0] ?? 0) <= backlog.withinMs
  }

  /** So many bytes came in the time they may wait. When that is little a burst is over: it is not sealed ten times a second. */
  rest(bytes: number): void {
    if (bytes < cut.bytes) this.#fullAt = Number.NEGATIVE_INFINITY
  }

  /** Something waits that should not wait for the next sign of life. True when that is new. */
  urge(): boolean {
    const isNew = this.#urgentSince === undefined
    this.#urgentSince ??= this.#steady()
    return isNew
  }

  /** A person looks at this host for so long: records are sealed within a second. */
  watch(ms: number): void {
    this.#watchedUntil = this.#steady() + ms
  }

  get isAliveDue(): boolean {
    return this.#steady() - this.#aliveSaid >= aliveMs
  }

  /** What waited is sealed, with a sign of life of all sources where that was due. */
  sealed(withAlive: boolean): void {
    this.#urgentSince = undefined
    if (withAlive) this.#aliveSaid = this.#steady()
  }

  /** Milliseconds until what waits is due. */
  dueMs(): number {
    const now = this.#steady()
    const restMs = this.#isBurst() ? cut.burstMs : now < this.#watchedUntil ? cut.watchedMs : cut.restMs
    const urgent = this.#urgentSince === undefined ? aliveMs : this.#urgentSince + restMs - now
    return Math.min(urgent, Math.max(this.#aliveSaid + aliveMs - now, 0))
  }
}
