import { setTimeout as delay } from 'node:timers/promises'
import {
  type AgentMessage,
  type ConsoleMessage,
  isChunkFrame,
  limits,
  parseAgentMessage,
  protocolVersion,
  splitBatch,
  type Tip,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { type Code, isRefusal, refuse } from '../error.ts'
import { type Admitted, admitKey } from './admit.ts'
import { type Chain, isOther } from './chain.ts'
import { type Earlier, judgeEarlier } from './earlier.ts'
import { type Lost, movedTo } from './farewell.ts'
import { type Connection, type Hall, holdSays } from './hall.ts'
import type { Frame } from './inbox.ts'
import { Receiving } from './receiving.ts'
import { noteRefeed } from './refeed.ts'
import { renew } from './renew.ts'
import { Shipment } from './shipment.ts'
import { type Hello, type State, writtenState } from './standings.ts'
import { type OpenSocket, Wire } from './wire.ts'

type Message<Type extends AgentMessage['type']> = Extract<AgentMessage, { type: Type }>

interface Welcome {
  after: Tip | null
  receivedMs: number
  /** The highest the host has seen. */
  taskCounter: number
  /** Undefined where the host named none. */
  earlier: readonly Earlier[] | undefined
}

/** One connection of one host, from `hello` to its end. Nothing its socket brings is thrown out of here. */
export class Session implements Connection {
  readonly sinceMs: number
  readonly #admitted: Admitted
  readonly #hall: Hall
  readonly #wire: Wire
  readonly #startedMs = performance.now()
  #isGreeted = false
  /** By host: its own chain, and the earlier ones of its machine that are lacked. */
  readonly #receivings = new Map<string, Receiving>()
  readonly #carried = new Set<string>()
  readonly #shipment: Shipment
  #isOver = false

  constructor(open: OpenSocket, admitted: Admitted, hall: Hall) {
    this.#admitted = admitted
    this.#hall = hall
    this.sinceMs = hall.now()
    this.#shipment = new Shipment({ host: admitted.host, hall, say: (message) => this.say(message) })
    this.#wire = new Wire({
      ...open,
      hall,
      take: (frame, free) => this.#take(frame, free),
      heard: () => hall.standings.heard(this.host),
      broken: (code, says) => this.#note(code, says),
      closed: (how) => this.#leave(how),
    })
    hall.connections.add(this)
  }

  get host(): string {
    return this.#admitted.host
  }

  get address(): string {
    return this.#admitted.address
  }

  get carried(): ReadonlySet<string> {
    return this.#carried
  }

  #take(frame: Frame, free: () => void): Promise<void> | undefined {
    this.#hall.standings.heard(this.host)
    try {
      const waits = frame.isBinary ? this.#takeBatch(frame, free) : this.#takeText(frame, free)
      return waits?.catch((cause: unknown) => this.#refuse(cause))
    } catch (cause) {
      free()
      this.#refuse(cause)
      return undefined
    }
  }

  #takeBatch(frame: Frame, free: () => void): Promise<void> | undefined {
    if (this.#admitted.mayOnlyRenew) throw expired()
    if (this.#receivings.size === 0) throw refuse('frame-malformed', 'A batch before "hello".')
    if (isChunkFrame(frame.data)) return this.#shipment.chunk(frame.data).finally(free)
    const batch = splitBatch(nodePrimitives, frame.data)
    const { host, seq } = batch.header
    const receiving = this.#receivings.get(host)
    if (receiving === undefined)
      throw refuse('host-wrong', `Batch ${seq} names ${host}, and ${this.host} is connected.`)
    return receiving.take(batch, frame.atMs, free)
  }

  #takeText({ data, atMs }: Frame, free: () => void): Promise<void> | undefined {
    if (data.length > limits.textFrame)
      throw refuse('frame-too-large', `${data.length} bytes of text, the limit is ${limits.textFrame}.`)
    const message = parseAgentMessage(data.toString())
    free()
    const { control, offers } = this.#hall.rates
    const rate = message.type === 'offer' ? offers : control
    if (rate.take(this.host)) return this.#obey(message, atMs)
    this.#note('host-busy', 'More control messages than an agent has reason to send: it is slowed down.')
    return delay(1000).then(() => (this.#isOver ? undefined : this.#obey(message, atMs)))
  }

  #obey(message: AgentMessage, atMs: number): Promise<void> | undefined {
    if (message.type === 'hello') return this.#greet(message, atMs)
    if (!this.#isGreeted) throw refuse('frame-malformed', `"${message.type}" before "hello".`)
    switch (message.type) {
      case 'time':
        this.say({ type: 'time', askedAt: message.sentAt, ...this.#times(atMs) })
        return undefined
      case 'state':
        return this.#noteState(message)
      case 'offer':
        return this.#shipment.offered(message.offer)
      case 'progress':
        return this.#hall.collect?.progress(this.host, message)
      case 'bye':
        // What a host says of its end is kept, and nothing follows from it: whoever holds the machine can make it say so.
        this.#hall.standings.farewell(this.host, message.reason)
        return undefined
      case 'renew':
        return this.#renew(message)
    }
  }

  async #greet(hello: Hello, receivedMs: number): Promise<void> {
    const { store, standings, now } = this.#hall
    if (this.#isGreeted) throw refuse('frame-malformed', 'A second "hello".')
    if (hello.version !== protocolVersion)
      throw refuse('frame-malformed', `Version ${hello.version} of the protocol, and not ${protocolVersion}.`)
    this.#isGreeted = true
    const { address, mayOnlyRenew, publicKey } = this.#admitted
    const chain = this.#hall.chainOf(this.host)
    this.#stand()
    // Looked up again, now that a revocation would find this connection.
    await admitKey(store, { publicKey, address, nowMs: now() })
    const row = await store.selectFrom('host').select('last_state').where('id', '=', this.host).executeTakeFirst()
    const after = await chain.settled()
    if (this.#isOver) return
    standings.enter(this.host, { hello, mayOnlyRenew, receivedMs, written: row && writtenState(row) })
    await noteRefeed(this.#hall, { host: this.host, address, hello, after })
    if (this.#isOver) return
    this.#hall.changed(this.host)
    if (mayOnlyRenew) return this.#sayExpired()
    const earlier = await judgeEarlier(this.#hall, { host: this.host, address, hello })
    if (this.#isOver) return
    this.#receivings.set(this.host, this.#receive(hello, chain, after))
    for (const one of earlier) this.#carry(one)
    this.#welcome({
      after,
      receivedMs,
      taskCounter: hello.taskCounter,
      earlier: hello.earlier === undefined ? undefined : earlier,
    })
  }

  /** What its machine sealed under a key it had before, and is lacked, comes over this connection. */
  #carry({ named: { host, oldestSeq }, lacked }: Earlier): void {
    if (lacked === undefined) return
    const receiving = new Receiving({
      host: lacked,
      chain: lacked.chain,
      oldestSeq,
      isForked: lacked.isForked,
      forkedAt: undefined,
      isTold: true,
      acknowledge: ({ header: { seq }, headerHash }, head) => this.say({ type: 'ack', host, seq, headerHash, head }),
      note: (code, says, seq) => this.#hall.irregularities.note({ host, code, says, seq, address: this.address }),
      // It has begun a new chain already.
      end: (code, says, seq) => (seq === undefined ? this.end(code, says) : undefined),
      failed: (cause) => this.#refuse(cause),
    })
    this.#receivings.set(host, receiving)
    this.#carried.add(host)
  }

  /** Stands for its host from now on; the connection before gives way. */
  #stand(): void {
    const { standing } = this.#hall
    const before = standing.get(this.host)
    standing.set(this.host, this)
    before?.giveWay()
  }

  #receive({ tip, oldestSeq }: Hello, chain: Chain, after: Tip | null): Receiving {
    const isForked = isOther(tip, after)
    if (isForked)
      this.#note(
        'chain-fork',
        `The host stands at batch ${tip?.seq ?? 0}, and ${after?.seq} is held: its disk was copied back, or there are two of it.`,
        tip?.seq,
      )
    let isNew = after === null
    return new Receiving({
      host: this.#admitted,
      chain,
      oldestSeq,
      isForked,
      forkedAt: tip?.seq,
      isTold: isForked || (tip?.seq ?? 0) > (after?.seq ?? 0),
      acknowledge: ({ header: { seq }, headerHash }, head) => {
        this.say({ type: 'ack', seq, headerHash, head })
        this.#hall.standings.tookBatch(this.host)
        if (isNew) void this.#hall.attempts.arrived(this.host)
        isNew = false
      },
      note: (code, says, seq) => this.#note(code, says, seq),
      end: (code, says, seq) => this.end(code, says, seq),
      failed: (cause) => this.#refuse(cause),
    })
  }

  #welcome({ after, receivedMs, earlier, taskCounter }: Welcome): void {
    const { room, heldBack, watched, now } = this.#hall
    this.say({
      type: 'welcome',
      after,
      window: limits.window,
      ...this.#times(receivedMs),
      policy: {},
      ...(earlier !== undefined && { earlier: earlier.map(({ stands }) => stands) }),
    })
    const heldSays = room.fullSinceMs() === undefined ? heldBack.why(this.host) : holdSays
    if (heldSays !== undefined) this.say({ type: 'hold', says: heldSays })
    const untilMs = watched.get(this.host) ?? 0
    if (untilMs > now()) this.say({ type: 'watch', until: new Date(untilMs).toISOString() })
    void this.#hall.collect?.greeted(this.host, taskCounter)
  }

  #noteState(state: State): undefined {
    const { standings, changed, live } = this.#hall
    this.#noteClock(standings.of(this.host)?.said?.clockOffsetMs ?? null, state.clockOffsetMs)
    if (standings.says(this.host, state)) changed(this.host)
    else live.changed(`host:${this.host}`)
  }

  /** A host whose clock was set says so in its chain; that it did is seen from here as well. */
  #noteClock(before: number | null, after: number | null): void {
    if (before === null || after === null || Math.abs(after - before) < stepMs || this.#hall.ownClock.wasSet()) return
    this.#note(
      'host-clock-set',
      `Its clock went from ${before} ms to ${after} ms against the console's: it was set, or the machine stood still.`,
    )
  }

  async #renew({ csr, lineage }: Message<'renew'>): Promise<void> {
    const { store, standings, rates, now } = this.#hall
    try {
      const { publicKey, address, mayOnlyRenew } = this.#admitted
      if (mayOnlyRenew && (await admitKey(store, { publicKey, address, nowMs: now() })).mayOnlyRenew)
        return this.#sayExpired()
      if (!rates.renewals.take(this.host))
        throw refuse('host-busy', 'More certificates than a host has reason to ask for.')
      const { certificate, host } = await renew(this.#hall, this.host, { csr, lineage })
      if (host !== this.host) standings.farewell(this.host, movedTo(host))
      this.say({ type: 'renewed', certificate })
    } catch (cause) {
      if (!isRefusal(cause)) throw cause
      this.#note(cause.code, cause.says)
      this.say({ type: 'refused', code: cause.code, says: cause.says, fatal: false })
    }
  }

  #sayExpired(): void {
    const { code, says } = expired()
    this.#note(code, says)
    this.say({ type: 'refused', code, says, fatal: false })
  }

  #times(receivedMs: number): { receivedAt: string; sentAt: string } {
    return { receivedAt: new Date(receivedMs).toISOString(), sentAt: new Date(this.#hall.now()).toISOString() }
  }

  #note(code: Code, says: string, seq?: number): void {
    this.#hall.irregularities.note({ host: this.host, code, says, seq, address: this.address })
  }

  #refuse(cause: unknown): void {
    if (this.#isOver) return
    if (isRefusal(cause)) {
      this.#note(cause.code, cause.says)
      this.end(cause.code, cause.says)
    } else {
      this.#hall.log.error({ err: cause, host: this.host }, 'connection failed')
      this.end('internal-error', 'The console made a mistake. Try again.')
    }
  }

  say(message: ConsoleMessage): void {
    this.#wire.say(message)
  }

  read(isWanted: boolean): void {
    this.#wire.read(isWanted)
  }

  end(code: Code, says: string, seq?: number): void {
    if (this.#isOver) return
    this.say({ type: 'refused', code, says, fatal: true, ...(seq !== undefined && { seq }) })
    this.#stop()
    this.#wire.close(1008)
  }

  giveWay(): void {
    if (this.#isOver) return
    this.#stop()
    // A host that lost its connection comes again: only one that still answers is a second one.
    this.#wire.probe(() => {
      const says = 'The same host connected a second time, and the first one was still there.'
      this.#note('host-replaced', says)
      this.say({ type: 'refused', code: 'host-replaced', says, fatal: true })
      this.#wire.close(1008)
    })
    this.#wire.close()
  }

  hangUp(): void {
    this.#stop()
    this.#wire.close(1001)
  }

  tick(): void {
    const isLate = performance.now() - this.#startedMs > this.#hall.bounds.helloMs
    if (isLate && !this.#isGreeted) this.#refuse(refuse('frame-malformed', 'No "hello" came.'))
    else this.#wire.tick()
  }

  /** Nothing that comes from now on counts. */
  #stop(): void {
    this.#isOver = true
    this.#wire.stop()
    for (const receiving of this.#receivings.values()) {
      receiving.stop()
      this.#hall.room.leave(receiving)
    }
  }

  #leave(how: Lost | undefined): void {
    const { connections, standing, standings } = this.#hall
    this.#stop()
    connections.delete(this)
    if (standing.get(this.host) !== this) return
    standing.delete(this.host)
    this.#hall.collect?.left(this.host)
    standings.leave(this.host, how)
    this.#hall.changed(this.host)
  }
}

/** Clocks that are kept right by slewing do not go apart by so much between two measurements. */
const stepMs = 2_000

function expired() {
  return refuse('certificate-expired', 'The certificate is past its end. An admin lets it be renewed.')
}
