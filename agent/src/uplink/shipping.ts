import { chunkCount, formatChunk, limits, type Offer } from '@tidewaiter/protocol'
import type { WebSocket } from 'ws'
import type { UplinkOptions } from './uplink.ts'

/** An offer that nobody answers, or chunks that nobody acknowledges, are said again after this. */
const againMs = 60_000

export interface ShippingOptions {
  options: Pick<UplinkOptions, 'host' | 'budget' | 'changed' | 'artifacts' | 'lost'>
  socket: Pick<WebSocket, 'send'>
  say(message: object): void
}

interface Shipped {
  offer: Offer
  /** Chunk to be sent next; undefined until the console said where to begin. */
  next: number | undefined
  /** Chunks below are durable there. */
  acked: number
  movedAt: number
}

/** The artifacts of one connection: one after the other, a few chunks on the way, let go when the console holds them. */
export class Shipping {
  readonly #o: ShippingOptions
  #shipped: Shipped | undefined

  constructor(options: ShippingOptions) {
    this.#o = options
  }

  /** False when there is nothing to send, or no room for it on the way. */
  async sendNext(signal: AbortSignal): Promise<boolean> {
    const { host, artifacts } = this.#o.options
    const shipped = this.#shipped
    if (shipped === undefined || host.steady() - shipped.movedAt >= againMs) {
      const [oldest] = artifacts.announced()
      if (oldest !== undefined) this.#offer(shipped?.offer ?? oldest)
      return false
    }
    const { offer, next, acked } = shipped
    if (next === undefined || next >= chunkCount(offer.size) || next - acked >= limits.chunks) return false
    return this.#sendChunk(shipped, next, signal)
  }

  #offer(offer: Offer): void {
    this.#shipped = { offer, next: undefined, acked: 0, movedAt: this.#o.options.host.steady() }
    this.#o.say({ type: 'offer', offer })
  }

  async #sendChunk(shipped: Shipped, number: number, signal: AbortSignal): Promise<boolean> {
    const { budget, artifacts, lost } = this.#o.options
    await budget.paceWire(limits.chunk, signal)
    // Waiting may have taken long: the console may have said something else meanwhile.
    if (signal.aborted || this.#shipped !== shipped || shipped.next !== number) return !signal.aborted
    const bytes = await artifacts.read(shipped.offer, number)
    if (bytes === undefined) {
      await lost(shipped.offer, { code: 'artifact-unreadable', says: 'its copy on this host cannot be read any more' })
      this.#letGo(shipped)
      return true
    }
    const frame = formatChunk({ sha256: shipped.offer.sha256, number, bytes })
    shipped.next = number + 1
    budget.sent(frame.length)
    await new Promise<void>((resolve) => this.#o.socket.send(frame, () => resolve()))
    return true
  }

  #of(sha256: string): Shipped | undefined {
    return this.#shipped?.offer.sha256 === sha256 ? this.#shipped : undefined
  }

  /** Chunks below `next` are durable. */
  chunks({ sha256, next }: { sha256: string; next: number }): void {
    const shipped = this.#of(sha256)
    if (shipped === undefined || next > chunkCount(shipped.offer.size) || next < shipped.acked) return
    shipped.acked = next
    shipped.next = Math.max(shipped.next ?? next, next)
    shipped.movedAt = this.#o.options.host.steady()
    this.#o.options.changed.ring()
  }

  /** Only what was offered on this connection is let go. */
  held({ sha256 }: { sha256: string }): void {
    const shipped = this.#of(sha256)
    if (shipped !== undefined) this.#letGo(shipped)
  }

  /** The console will not take it: said in the chain, then let go. */
  async unwanted({ sha256, ...why }: { sha256: string; code: string; says: string }): Promise<void> {
    const shipped = this.#of(sha256)
    if (shipped === undefined) return
    await this.#o.options.lost(shipped.offer, why)
    this.#letGo(shipped)
  }

  #letGo(shipped: Shipped): void {
    this.#o.options.artifacts.drop(shipped.offer.sha256)
    if (this.#shipped === shipped) this.#shipped = undefined
    this.#o.options.changed.ring()
  }
}
