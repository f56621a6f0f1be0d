import { type Chunk, type Loss, limits, type Position, type SourceSpan } from '@tidewaiter/protocol'
import type { BackfillPlace } from '../backfill.ts'
import type { Records } from '../collectors/collector.ts'
import type { Predecessor } from '../follow/predecessor.ts'
import type { Beside, Place } from '../spool/sources.ts'
import { Arena } from './arena.ts'
import type { Size } from './hand-over.ts'

/** Shares of a header: rows of sources, and losses (as much again is for losses the spool owes). */
const mostSpanBytes = 128 * 1024
const mostLossBytes = 48 * 1024

/** What was handed over and is not sealed yet. */
export interface Content {
  chunks: Chunk[]
  sources: SourceSpan[]
  beside: Beside
  lost: Loss[]
  /** Earliest and latest time read, milliseconds since 1970; undefined when nothing was read. */
  fromMs: number | undefined
  toMs: number | undefined
}

/** Gathers hand-overs until they are sealed together. Bounded: what does not fit has to wait until the next. */
export class Waiting {
  readonly #arena = new Arena()
  #chunks: Chunk[] = []
  #size: Size = { bytes: 0, records: 0 }
  #spans = new Map<string, SourceSpan>()
  #spanBytes = 0
  #predecessors = new Map<string, Predecessor>()
  #backfills = new Map<string, BackfillPlace>()
  #lost = new Map<string, Loss>()
  #lossBytes = 0
  #fromMs: number | undefined
  #toMs: number | undefined

  get bytes(): number {
    return this.#size.bytes
  }

  /** True when there is something that should not wait for the next sign of life. */
  get isUrgent(): boolean {
    return this.#chunks.length > 0 || this.#lost.size > 0
  }

  get isEmpty(): boolean {
    return !this.isUrgent && this.#spans.size === 0
  }

  fits({ bytes, records }: Size): boolean {
    const fitsPayload = this.#size.bytes + bytes <= limits.raw - 1024 && this.#size.records + records <= limits.records
    return fitsPayload && this.#spanBytes < mostSpanBytes && this.#lossBytes < mostLossBytes
  }

  placeOf(source: string): Place | undefined {
    const span = this.#spans.get(source)
    return (
      span && {
        position: span.next,
        predecessor: this.#predecessors.get(source),
        backfill: this.#backfills.get(source),
      }
    )
  }

  /**
   * Adds a hand-over; its bytes are copied.
   * @param first where the source stood before, for a source that is not waiting yet
   */
  add(
    { source, chunks, next, predecessor, backfill }: Records,
    { size, first, nowMs }: { size: Size; first: Position; nowMs: number },
  ): void {
    const copies = chunks
      .filter(({ lengths }) => lengths.length > 0)
      .map((chunk) => ({ ...chunk, bytes: this.#arena.copyOf(chunk.bytes) }))
    this.#chunks.push(...copies)
    this.#size.bytes += size.bytes
    this.#size.records += size.records
    const span = this.#spans.get(source) ?? { id: source, first, next, count: 0 }
    this.#spanBytes += this.#spans.has(source) ? 0 : 2 * jsonBytes(span)
    this.#spans.set(source, { ...span, next, count: span.count + size.records })
    if (predecessor === undefined) this.#predecessors.delete(source)
    else this.#predecessors.set(source, predecessor)
    if (backfill !== undefined) this.#backfills.set(source, backfill)
    if (copies.length === 0) this.#see(nowMs)
    for (const { head } of copies) this.#see(Date.parse(head.readAt))
  }

  #see(ms: number): void {
    this.#fromMs = Math.min(this.#fromMs ?? ms, ms)
    this.#toMs = Math.max(this.#toMs ?? ms, ms)
  }

  /** Losses of one source by one cause are one loss; those of unknown size stay apart, so that what was counted stays counted. */
  miss(loss: Loss): void {
    const key = JSON.stringify([loss.source, loss.cause, loss.count === null])
    const before = this.#lost.get(key)
    if (before === undefined) this.#lossBytes += 2 * jsonBytes(loss)
    const count = before === undefined ? loss.count : plus(before.count, loss.count)
    this.#lost.set(key, { ...loss, count, from: before?.from ?? loss.from })
  }

  /** What is to be sealed. Rows of silent sources stay for the next sign of life unless they are asked for. */
  content({ withSilent }: { withSilent: boolean }): Content {
    const isCrowded = this.#spanBytes >= mostSpanBytes
    return {
      chunks: this.#chunks,
      sources: [...this.#spans.values()].filter(({ count }) => withSilent || isCrowded || count > 0),
      beside: { predecessors: new Map(this.#predecessors), backfills: new Map(this.#backfills) },
      lost: [...this.#lost.values()],
      fromMs: this.#fromMs,
      toMs: this.#toMs,
    }
  }

  /** Forgets what was sealed; its bytes are void. Nothing may have been added since `content` gave it. */
  remove({ sources }: Content): void {
    for (const { id } of sources) {
      this.#spans.delete(id)
      this.#predecessors.delete(id)
      this.#backfills.delete(id)
    }
    this.#spanBytes = [...this.#spans.values()].reduce((sum, span) => sum + 2 * jsonBytes(span), 0)
    this.#chunks = []
    this.#arena.clear()
    this.#size = { bytes: 0, records: 0 }
    this.#lost.clear()
    this.#lossBytes = 0
    this.#fromMs = undefined
    this.#toMs = undefined
  }
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}

function jsonBytes(value: object): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1
}
