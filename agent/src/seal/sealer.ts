import { randomBytes } from 'node:crypto'
import { type Batch, type Loss, type Position, seal } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { BackfillPlace } from '../backfill.ts'
import type { Bell } from '../bell.ts'
import type { Missed, Records } from '../collectors/collector.ts'
import type { Predecessor } from '../follow/predecessor.ts'
import type { Host } from '../host.ts'
import type { HostKey } from '../identity.ts'
import type { Place } from '../spool/sources.ts'
import type { Changes, Spool } from '../spool/spool.ts'
import { toTime } from '../time.ts'
import { type Size, sizeOf } from './hand-over.ts'
import { aliveMs, Pace } from './pace.ts'
import { statementOf } from './statement.ts'
import { Waiting } from './waiting.ts'

/** History waits while so many batches are on their way: about a window, and a new record stands behind no more of it. */
const historyBatches = 4
/** So long after a disk was found full it is tried again. */
const fullMs = 5_000
/** Losses the spool owes that one header may take over; the others follow in the next. */
const owedBytes = 64 * 1024

/** What a sealer needs of the place that takes its batches: a spool, or the file of a collection. */
export type SealerSpool = Pick<
  Spool,
  'chain' | 'commit' | 'hasRoom' | 'owed' | 'recall' | 'sourceOf' | 'sources' | 'usage'
>

export interface SealerOptions {
  host: Host
  spool: SealerSpool
  /** Key of the chain that is sealed now. */
  key(): HostKey
  /** Rings whenever the spool changed. */
  changed: Bell
  /** Called with each batch while more comes than at rest, and goes on coming: there is much to be done at once. */
  burst?(): void
  /** Called when a source waits because the spool is full of what the console has not taken; what it returns, when it goes on. */
  waits?(): () => void
  /** Called when a disk that was full takes batches again. */
  recovered?(fullSinceMs: number): void
}

/** Records that are handed over, and how. */
export interface Handing {
  /**
   * The source keeps what is not taken (a stream): it waits while the console is behind, instead of crowding out others.
   * Where it begins is sealed with its first hand-over, before it is asked for more: after a kill that place alone tells
   * what was rotated since from what was there before anybody looked.
   */
  mayWait?: boolean
  /** Values the spool takes up with the batch that these records are in: neither is there without the other. */
  remember?: Readonly<Record<string, unknown>>
  signal?: AbortSignal
}

/** Cuts what collectors hand over into batches, and puts them into the spool. */
export class Sealer {
  readonly #options: SealerOptions
  readonly #waiting = new Waiting()
  readonly #pace: Pace
  readonly #seenAtMs = new Map<string, number>()
  readonly #startedMs: number
  #remember: Record<string, unknown> = {}
  /** Sealed, but the disk did not take it yet: the very same bytes are tried again. */
  #refused: { batch: Batch; changes: Changes; sinceMs: number } | undefined

  constructor(options: SealerOptions) {
    this.#options = options
    this.#startedMs = options.host.now()
    this.#pace = new Pace(options.host)
  }

  /** Where a source goes on: after its newest hand-over, sealed or not. */
  positionOf(source: string): Position | undefined {
    return this.#placeOf(source)?.position
  }

  /** The same of what is in the spool: it outlives the agent. */
  sealedPositionOf(source: string): Position | undefined {
    return this.#options.spool.sourceOf(source)?.position
  }

  predecessorOf(source: string): Predecessor | undefined {
    return this.#placeOf(source)?.predecessor
  }

  /** Left out of a hand-over it stays as it was. */
  backfillOf(source: string): BackfillPlace | undefined {
    return (
      this.#waiting.placeOf(source)?.backfill ??
      this.#refusedPlaceOf(source)?.backfill ??
      this.#options.spool.sourceOf(source)?.backfill
    )
  }

  /** Every source that had something before it was first read, as it was last sealed. */
  backfilled(): string[] {
    return this.#options.spool.sources().flatMap(({ id, backfill }) => (backfill === undefined ? [] : [id]))
  }

  /** True while the console keeps up with what is sealed. */
  hasRoomForHistory(): boolean {
    const { spool } = this.#options
    return this.#refused === undefined && spool.hasRoom() && spool.usage().unacked < historyBatches
  }

  #placeOf(source: string): Place | undefined {
    return this.#waiting.placeOf(source) ?? this.#refusedPlaceOf(source) ?? this.#options.spool.sourceOf(source)
  }

  #refusedPlaceOf(source: string): Place | undefined {
    const span = this.#refused?.batch.header.sources.find(({ id }) => id === source)
    const beside = this.#refused?.changes.beside
    return (
      span && {
        position: span.next,
        predecessor: beside?.predecessors?.get(source),
        backfill: beside?.backfills?.get(source),
      }
    )
  }

  /** Since when the disk does not take batches, milliseconds since 1970. */
  fullSinceMs(): number | undefined {
    return this.#refused?.sinceMs
  }

  /**
   * Takes a hand-over, waiting until there is room for it. False when the signal aborted before: it was not taken.
   * @throws `hand-over-malformed`, `spool-broken`
   */
  async take(records: Records, { mayWait = false, remember, signal }: Handing = {}): Promise<boolean> {
    const size = sizeOf(records)
    if (!(await this.#untilRoom(size, { mayWait, signal }))) return false
    const wasEmpty = this.#waiting.isEmpty
    const nowMs = this.#options.host.now()
    const before = this.positionOf(records.source)
    const first = before ?? records.chunks[0]?.head.start ?? records.next
    this.#waiting.add(records, { size, first, nowMs })
    this.#seenAtMs.set(records.source, nowMs)
    Object.assign(this.#remember, remember)
    const isNewStream = mayWait && before === undefined
    if (isNewStream) this.#cut(true)
    if (wasEmpty || isNewStream) this.#options.changed.ring()
    await this.#taken()
    return true
  }

  /** Takes the loss of evidence that a collector reports. */
  async miss({ source, lost }: Missed, signal?: AbortSignal): Promise<void> {
    while (!this.#hasRoom({ bytes: 0, records: 0 }, false)) {
      await this.#options.changed.wait(aliveMs, signal)
      if (signal?.aborted === true) return
    }
    const nowMs = this.#options.host.now()
    // A clock that was put back must not turn the span around.
    const from = toTime(Math.min(this.seenAtMs(source), nowMs))
    this.#waiting.miss({ source, count: lost.count, cause: lost.cause.slice(0, 200), from, to: toTime(nowMs) })
    await this.#taken()
  }

  /** Until then nothing is missing: the source was heard by this agent or sealed by one before it. */
  seenAtMs(source: string): number {
    const sealed = this.#options.spool.sourceOf(source)
    return this.#seenAtMs.get(source) ?? (sealed === undefined ? this.#startedMs : Date.parse(sealed.at))
  }

  /** False when the signal aborted before. */
  async #untilRoom(size: Size, { mayWait, signal }: { mayWait: boolean; signal: AbortSignal | undefined }) {
    let goesOn: (() => void) | undefined
    try {
      while (!this.#hasRoom(size, mayWait)) {
        if (mayWait && !this.#options.spool.hasRoom(size.bytes)) goesOn ??= this.#options.waits?.()
        await this.#options.changed.wait(aliveMs, signal)
        if (signal?.aborted === true) return false
      }
      return true
    } finally {
      goesOn?.()
    }
  }

  #hasRoom(size: Size, mayWait: boolean): boolean {
    if (this.#refused !== undefined || (mayWait && !this.#spoolTakes(size))) return false
    return this.#waiting.fits(size) || this.#cut()
  }

  /** What waits here is on its way into the spool as well; once it is sealed it counts for what it takes there. */
  #spoolTakes({ bytes }: Size): boolean {
    const { spool } = this.#options
    if (spool.hasRoom(this.#waiting.bytes + bytes)) return true
    const maySeal = this.#waiting.isUrgent && spool.hasRoom(this.#waiting.bytes)
    return maySeal && this.#cut() && spool.hasRoom(bytes)
  }

  async #taken(): Promise<void> {
    const { spool, changed, burst, host } = this.#options
    if (this.#waiting.isUrgent && this.#pace.urge()) changed.ring()
    if (this.#waiting.bytes < this.#pace.cutBytes(spool.usage().unacked)) return
    if (this.#pace.full()) burst?.()
    this.#cut()
    await host.breathe()
  }

  /** Seals what waits. Resolves when it is durable, or when the signal aborts. */
  async seal({ withSilent = false, signal }: { withSilent?: boolean; signal?: AbortSignal } = {}): Promise<void> {
    while (this.#refused !== undefined || (withSilent ? !this.#waiting.isEmpty : this.#waiting.isUrgent)) {
      if (this.#refused === undefined && this.#cut(withSilent)) continue
      await this.#options.changed.wait(aliveMs, signal)
      if (signal?.aborted === true) return
    }
  }

  /** A person looks at this host for so long: records are sealed within a second. */
  watch(ms: number): void {
    this.#pace.watch(ms)
    this.#options.changed.ring()
  }

  /** Seals what is due, until the signal aborts. Throws `spool-broken`. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const dueMs = this.#dueMs()
      if (dueMs > 0) await this.#options.changed.wait(dueMs, signal)
      if (this.#refused !== undefined) this.#store(this.#refused)
      else if (this.#dueMs() <= 0) {
        this.#pace.rest(this.#waiting.bytes)
        this.#cut()
      }
    }
  }

  #dueMs(): number {
    if (this.#refused !== undefined) return fullMs
    return this.#waiting.isEmpty ? aliveMs : this.#pace.dueMs()
  }

  /** False when the disk did not take the batch. */
  #cut(withSilent = false): boolean {
    const { host, spool, key } = this.#options
    const isDue = this.#pace.isAliveDue
    const content = this.#waiting.content({ withSilent: withSilent || isDue })
    const chain = spool.chain()
    if (chain === undefined) throw new Error('sealing without a chain')
    const owed = owedWithin(spool.owed(500))
    const statement = statementOf(content, { host, spool, chain, owed })
    const sign = (data: Uint8Array) => nodePrimitives.signP256(key().privateKey, data)
    const batch = seal(nodePrimitives, content.chunks, { seed: randomBytes(32), statement, sign })
    const changes = { settled: owed, remember: this.#remember, beside: content.beside }
    this.#waiting.remove(content)
    this.#remember = {}
    this.#pace.sealed(isDue)
    return this.#store({ batch, changes, sinceMs: host.now() })
  }

  #store(sealed: { batch: Batch; changes: Changes; sinceMs: number }): boolean {
    const { spool, changed, recovered } = this.#options
    const wasFull = this.#refused !== undefined
    this.#refused = spool.commit(sealed.batch, sealed.changes) ? undefined : sealed
    if (this.#refused !== undefined) return false
    changed.ring()
    if (wasFull) recovered?.(sealed.sinceMs)
    return true
  }
}

function owedWithin(losses: readonly Loss[]): Loss[] {
  let bytes = 0
  return losses.filter((loss) => {
    bytes += Buffer.byteLength(JSON.stringify(loss))
    return bytes <= owedBytes
  })
}
