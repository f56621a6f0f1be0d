import type { Batch, EarlierStands, Lineage, Tip } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { WebSocket } from 'ws'
import { isAgentRefusal, refuse } from '../error.ts'
import type { HostKey } from '../identity.ts'
import { Earlier } from './earlier.ts'
import { Flight } from './flight.ts'
import type { Renewal } from './renewal.ts'
import type { Shipping } from './shipping.ts'
import type { UplinkOptions } from './uplink.ts'

/** Looked at again at least so often, whatever rings. */
const lookMs = 10_000
/** A console that gave no certificate for a new key is asked again after this. */
const askAgainMs = 60_000

interface SendingOptions {
  options: Pick<
    UplinkOptions,
    'host' | 'spool' | 'sealer' | 'budget' | 'changed' | 'link' | 'identity' | 'newKey' | 'adopt'
  >
  socket: Pick<WebSocket, 'send'>
  renewal: Pick<Renewal, 'ask'>
  shipping: Shipping
  /** What the console said in its `welcome`: the newest batch it holds, and the window. */
  after: Tip | null
  windowBytes: number
  /** And how the chains that have ended stand; undefined from a console that knows nothing of them. */
  earlier: readonly EarlierStands[] | undefined
}

/** `host` where the batch is of a chain that has ended. */
type Acknowledged = Tip & { host?: string | undefined }

/** A key with its certificate, under which the host is to go on. */
interface Newborn {
  key: HostKey
  certificate: string
}

/** The batches of one connection: out in their order within the window, marked when the console holds them. */
export class Sending {
  readonly #o: SendingOptions
  readonly #flight: Flight
  readonly #earlier: Earlier
  /** The console's history of this host is another one: it gets what it lacks of ours, then a new chain begins. */
  readonly #isForked: boolean
  #isHeld = false
  #progressAt: number
  #newborn: Newborn | undefined
  #askedAt = Number.NEGATIVE_INFINITY

  constructor(o: SendingOptions) {
    const { spool, host, link } = o.options
    this.#o = o
    this.#progressAt = host.steady()
    const judged = spool.judge(o.after)
    this.#isForked = judged === 'foreign' || link.mustBeginAnew
    // A hash that cannot be compared any more says where to go on, but lets nothing go.
    if (o.after !== null && judged === 'known') spool.markHeld({ seq: o.after.seq, upTo: true })
    const after = judged === 'foreign' ? 0 : (o.after?.seq ?? 0)
    if (judged !== 'foreign' && after < spool.ackedSeq()) spool.takeBack({ seq: after })
    spool.settleEarlier(o.earlier)
    this.#earlier = new Earlier({
      options: o.options,
      lacked: new Set(o.earlier?.flatMap(({ host, is }) => (is === 'lacked' ? [host] : []))),
      send: (batch, publicKey) => this.#sendEarlier(batch, publicKey),
    })
    this.#flight = new Flight({ after, windowBytes: o.windowBytes })
  }

  get isForked(): boolean {
    return this.#isForked
  }

  /** Sends until the signal aborts. True when the host goes on under a new key: this connection has done its part. */
  async run(signal: AbortSignal): Promise<boolean> {
    const { changed } = this.#o.options
    while (!signal.aborted) {
      const seen = changed.rings()
      if (await this.#sendNext(signal)) continue
      // What is sealed now goes before what was sealed long ago.
      if (!this.#isHeld && !this.#isForked && (await this.#earlier.sendNext(signal))) continue
      if (this.#mayShip && (await this.shipping.sendNext(signal))) continue
      if (this.#isDrained && (await this.#beginNewChain(signal))) return true
      await changed.wait(lookMs, signal, seen)
    }
    return false
  }

  get shipping(): Shipping {
    return this.#o.shipping
  }

  /** Artifacts go behind batches: not while one waits that is not on its way. */
  get #mayShip(): boolean {
    const { spool } = this.#o.options
    return !this.#isHeld && !this.#isForked && spool.sizeOfNext(this.#flight.cursor, this.#wanted) === undefined
  }

  /** False when there is nothing to send, or no room for it on the way. */
  async #sendNext(signal: AbortSignal): Promise<boolean> {
    const { spool, budget, host, identity } = this.#o.options
    const size = this.#nextSize()
    if (size === undefined) return false
    await budget.paceWire(size.bytes, signal)
    // Waiting may have taken long: what is sent is what is next now, if anything is.
    if (signal.aborted || this.#nextSize()?.bytes !== size.bytes) return !signal.aborted
    const batch = spool.next(this.#flight.cursor, this.#wanted)
    if (batch === undefined) return false
    if (this.#flight.isEmpty && this.#earlier.isEmpty) this.#progressAt = host.steady()
    this.#flight.sent(batch)
    await this.#send(batch, identity().key.publicKey)
    return true
  }

  #sendEarlier(batch: Batch, publicKey: Uint8Array): Promise<void> {
    if (this.#flight.isEmpty) this.#progressAt = this.#o.options.host.steady()
    return this.#send(batch, publicKey)
  }

  async #send(batch: Batch, publicKey: Uint8Array): Promise<void> {
    // Not covered by any hash: the console would refuse the batch, and all that comes after it, for ever.
    if (!nodePrimitives.verifyP256(publicKey, batch.headerBytes, batch.signature))
      throw refuse('spool-broken', 'A batch in the spool does not have the signature that it was sealed with.')
    this.#o.options.budget.sent(batch.bytes.length)
    await new Promise<void>((resolve) => this.#o.socket.send(batch.bytes, () => resolve()))
  }

  get #wanted() {
    return { unackedOnly: this.#isForked }
  }

  /** Of the batch to be sent next; undefined when there is none, or it may not go now. */
  #nextSize(): { bytes: number } | undefined {
    const { spool, link } = this.#o.options
    if (this.#isHeld || (this.#isForked && link.mustBeginAnew)) return undefined
    const size = spool.sizeOfNext(this.#flight.cursor, this.#wanted)
    return size !== undefined && this.#flight.hasRoomFor(size.rawBytes) ? size : undefined
  }

  /** True when the console has all it can take of the old chain. */
  get #isDrained(): boolean {
    const { spool, sealer, link } = this.#o.options
    if (!this.#isForked || !this.#flight.isEmpty || sealer.fullSinceMs() !== undefined) return false
    return link.mustBeginAnew || spool.sizeOfNext(this.#flight.cursor, { unackedOnly: true }) === undefined
  }

  /**
   * Goes on under a new key: a new chain whose first header names the end of this one. What was sealed while the
   * certificate was on its way is sent before; then, without a pause, the new chain begins.
   */
  async #beginNewChain(signal: AbortSignal): Promise<boolean> {
    const { host, identity, newKey, spool } = this.#o.options
    const tip = spool.chain()?.tip ?? this.#o.after
    const lineage = tip === null ? undefined : { host: identity().key.host, seq: tip.seq, header: tip.headerHash }
    if (this.#newborn !== undefined) return this.#goOnAs(this.#newborn, lineage)
    if (host.steady() - this.#askedAt < askAgainMs) return false
    this.#askedAt = host.steady()
    const key = newKey()
    const certificate = await this.#o.renewal.ask(key, lineage)
    if (certificate !== undefined && !signal.aborted) this.#newborn = { key, certificate }
    // Rung by hand: what was sealed meanwhile is looked at before anything else.
    this.#o.options.changed.ring()
    return false
  }

  /** False when the disk has no room for it now: the old chain goes on, and it is tried again. */
  #goOnAs({ key, certificate }: Newborn, lineage: Lineage | undefined): boolean {
    const { identity, adopt, link } = this.#o.options
    const { lineage: _, ...rest } = identity().enrolment
    try {
      adopt(key, { ...rest, host: key.host, certificate, ...(lineage !== undefined && { lineage }) })
    } catch (cause) {
      const isPending = isAgentRefusal(cause) && cause.code === 'spool-full'
      if (!isPending && identity().key.host !== key.host) throw cause
    }
    // What may be left to do once the new chain has begun is done with the next start.
    if (identity().key.host !== key.host) return false
    link.mustBeginAnew = false
    return true
  }

  /** Marks what the console holds, after comparing its hash with our own: nothing is dropped on its word alone. */
  acknowledge(held: Acknowledged, mark: (held: { seq: number; chain?: number }) => void): void {
    if (!this.#lands(held, mark)) return
    this.#progressAt = this.#o.options.host.steady()
    this.#o.options.changed.ring()
  }

  #lands({ host, seq, headerHash }: Acknowledged, mark: (held: { seq: number; chain?: number }) => void): boolean {
    if (host !== undefined) {
      const earlier = this.#earlier.landed({ host, headerHash })
      if (earlier !== undefined) mark(earlier)
      return earlier !== undefined
    }
    const own = this.#flight.hashOf(seq)
    if (own === undefined) return false
    if (own !== headerHash) throw refuse('forked', `The console acknowledges another batch ${seq} than was sent.`)
    mark({ seq })
    this.#flight.landed(seq)
    return true
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld
    this.#progressAt = this.#o.options.host.steady()
    this.#o.options.changed.ring()
  }

  /** Since when a batch waits for its acknowledgement without any coming; undefined while none does. */
  get waitingSince(): number | undefined {
    return (this.#flight.isEmpty && this.#earlier.isEmpty) || this.#isHeld ? undefined : this.#progressAt
  }
}
