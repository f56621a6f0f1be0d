import {
  type AgentMessage,
  type ConsoleMessage,
  parseConsoleMessage,
  parseHead,
  Refusal,
  Refused,
} from '@tidewaiter/protocol'
import { Value } from 'typebox/value'
import type { RawData, WebSocket } from 'ws'
import { refuse } from '../error.ts'
import { parseJson } from '../json.ts'
import { toTime } from '../time.ts'
import { type Asked, ask, consoleNowMs, isStepped, keepOffset, offsetOf } from './clock-offset.ts'
import { failureOf } from './failure.ts'
import { helloOf, stateOf } from './messages.ts'
import { newRenewal, type Renewal } from './renewal.ts'
import { Sending } from './sending.ts'
import { Shipping } from './shipping.ts'
import type { UplinkOptions } from './uplink.ts'

const tickMs = 10_000
const welcomeMs = 30_000
/** A connection on which nothing is heard, not even a pong, is dead. */
const silenceMs = 45_000
/** So long a batch may stay without its acknowledgement before the console is asked anew where to go on. */
const ackMs = 120_000
/** The console's clock is asked for this often; and so long, at most, a person is believed to watch. */
const timeMs = 5 * 60_000
const farewellMs = 2_000
/** They answer what was sent, and are as many as that. */
const isAnswer: ReadonlySet<string> = new Set<ConsoleMessage['type']>(['ack', 'chunks', 'held'])
/** Messages that cost the agent work: more in a burst, or than a few a second for long, end the connection. */
const allowance = { burst: 200, perSecond: 5 }

/** How a connection ended. */
export interface Ended {
  isWelcomed: boolean
  lastedMs: number
  /** Why, unless the agent itself wanted it. */
  cause?: Refusal<string>
  /** The host goes on under a new key: connect again at once. */
  isReborn: boolean
}

/** One connection to the console, from `hello` to its end. */
export class Session {
  readonly #socket: WebSocket
  readonly #options: UplinkOptions
  readonly #stop = new AbortController()
  readonly #done = Promise.withResolvers<Ended>()
  readonly #renewal: Renewal
  readonly #startedAt: number
  #heardAt: number
  #allowed = { messages: allowance.burst, at: 0 }
  #greeted: Asked | undefined
  #asked: (Asked & { isOpen: boolean }) | undefined
  #sending: Sending | undefined

  constructor(socket: WebSocket, options: UplinkOptions) {
    this.#socket = socket
    this.#options = options
    this.#startedAt = options.host.steady()
    this.#heardAt = this.#startedAt
    this.#renewal = newRenewal(options, (message) => this.#say(message))
    socket.on('open', () => this.#greet())
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary))
    socket.on('pong', () => this.#hearSomething())
    socket.on('unexpected-response', (request, response) => {
      response.on('data', (part: Buffer) => {
        this.#end(refusalIn(part, response.statusCode))
        request.destroy()
      })
      response.on('end', () => this.#end(refusalIn(Buffer.alloc(0), response.statusCode)))
    })
    socket.on('error', (cause) => this.#end(failureOf(cause, options.link.address)))
    socket.on('close', (code) => this.#end(refuse('console-silent', `The connection was closed (${code}).`)))
  }

  /** Runs until the connection ends or the signal aborts; then it says goodbye. Throws nothing. */
  async run(signal: AbortSignal): Promise<Ended> {
    const leave = () => this.#leave()
    signal.addEventListener('abort', leave, { once: true })
    if (signal.aborted) leave()
    void this.#keepUp()
    const ended = await this.#done.promise
    signal.removeEventListener('abort', leave)
    await this.#hangUp()
    return ended
  }

  #greet(): void {
    this.#greeted = ask(this.#options.host)
    this.#say(helloOf(this.#options, this.#greeted.sentAt))
  }

  #say(message: object): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    const text = JSON.stringify(message)
    // Not made to wait, so that a sign of life comes in time; batches wait for what it took.
    this.#options.budget.sent(Buffer.byteLength(text))
    this.#socket.send(text)
  }

  #hearSomething(): void {
    this.#heardAt = this.#options.host.steady()
  }

  #hear(data: RawData, isBinary: boolean): void {
    if (this.#stop.signal.aborted) return
    this.#hearSomething()
    this.#orBreak(() => {
      if (isBinary) throw new Refusal('frame-malformed', 'the console sends no binary frames')
      const message = parseConsoleMessage(data.toString())
      if (!isAnswer.has(message.type)) this.#pay()
      if (this.#sending !== undefined) this.#obey(message, this.#sending)
      else this.#obeyBeforeWelcome(message)
    })
  }

  /** What a console asks for is work: it may not ask without end. */
  #pay(): void {
    const now = this.#options.host.steady() - this.#startedAt
    const earned = ((now - this.#allowed.at) / 1000) * allowance.perSecond
    this.#allowed = { messages: Math.min(allowance.burst, this.#allowed.messages + earned) - 1, at: now }
    if (this.#allowed.messages < 0) throw new Refusal('frame-malformed', 'more messages than an agent can take')
  }

  #obeyBeforeWelcome(message: ConsoleMessage): void {
    if (message.type === 'welcome' && this.#greeted !== undefined) this.#enter(message, this.#greeted)
    else if (message.type === 'refused') this.#takeRefusal(message)
    else if (message.type === 'renewed') this.#renewal.answer(message.certificate)
    else throw new Refusal('frame-malformed', `"${message.type}" before "welcome"`)
  }

  #enter(welcome: ConsoleMessage & { type: 'welcome' }, greeted: Asked): void {
    const { host, spool, order, link, log } = this.#options
    keepOffset(spool, offsetOf(greeted, welcome, host), host)
    this.#asked = { ...greeted, isOpen: false }
    const { after, window: windowBytes, earlier } = welcome
    const shipping = new Shipping({
      options: this.#options,
      socket: this.#socket,
      say: (message) => this.#say(message),
    })
    const sending = new Sending({
      shipping,
      options: this.#options,
      socket: this.#socket,
      renewal: this.#renewal,
      after,
      windowBytes,
      earlier,
    })
    this.#sending = sending
    log.info({ console: link.address, after, isForked: sending.isForked }, 'welcome')
    const say = (message: AgentMessage) => this.#say(message)
    Object.assign(link, { isConnected: true, since: toTime(host.now()), problem: undefined, say })
    order({ type: 'policy', policy: welcome.policy })
    this.#say(stateOf(this.#options))
    void this.#send(sending)
  }

  async #send(sending: Sending): Promise<void> {
    try {
      if (await sending.run(this.#stop.signal)) this.#settle({ isReborn: true })
    } catch (cause) {
      this.#break(cause)
    }
  }

  #obey(message: ConsoleMessage, sending: Sending): void {
    const { spool, host, link, log, order, tell } = this.#options
    switch (message.type) {
      case 'ack':
        sending.acknowledge(message, (held) => {
          parseHead(message.head)
          spool.markHeld(held, message.head)
          link.lastAckMs = host.now()
          tell({ kind: 'acknowledged' })
        })
        break
      case 'refused':
        this.#takeRefusal(message)
        break
      case 'hold':
      case 'resume':
        log.info({ says: 'says' in message ? message.says : undefined }, message.type)
        sending.hold(message.type === 'hold')
        break
      case 'time':
        this.#takeTime(message)
        break
      case 'watch':
        this.#watch(message.until)
        break
      case 'renewed':
        this.#renewal.answer(message.certificate)
        break
      case 'chunks':
        sending.shipping.chunks(message)
        break
      case 'held':
        sending.shipping.held(message)
        break
      case 'unwanted':
        void sending.shipping.unwanted(message).catch((cause) => this.#break(cause))
        break
      case 'task':
      case 'policy':
      case 'cancel':
        order(message)
        break
      case 'welcome':
        throw new Refusal('frame-malformed', 'a second "welcome"')
    }
  }

  /** A refusal of a batch ends the connection: the next welcome tells where the console really stands. */
  #takeRefusal({ code, says, seq, fatal }: ConsoleMessage & { type: 'refused' }): void {
    const { log, link } = this.#options
    log.warn({ code, says, seq, fatal }, 'refused by the console')
    if (code === 'certificate-expired' && !fatal) this.#renewal.renew()
    else this.#renewal.answer(undefined)
    if (seq !== undefined && (code === 'chain-fork' || code === 'chain-gap')) link.mustBeginAnew = true
    if (fatal || seq !== undefined)
      throw refuse(
        'console-refused',
        `The console refuses ${seq === undefined ? 'this host' : `batch ${seq}`} (${code}): ${says}`,
      )
  }

  #takeTime(message: ConsoleMessage & { type: 'time' }): void {
    if (this.#asked?.isOpen !== true || this.#asked.sentAt !== message.askedAt) return
    const { spool, host } = this.#options
    keepOffset(spool, offsetOf(this.#asked, message, host), host)
    this.#asked.isOpen = false
  }

  /** Until when is told by the console's clock. */
  #watch(until: string): void {
    const ms = Date.parse(until) - consoleNowMs(this.#options)
    if (ms > 0) this.#options.sealer.watch(Math.min(ms, timeMs))
  }

  /** Everything that is due from time to time, on one timer. */
  async #keepUp(): Promise<void> {
    const { signal } = this.#stop
    for (let ticks = 1; ; ticks++) {
      await this.#options.host.sleep(tickMs, signal)
      if (signal.aborted) return
      this.#orBreak(() => this.#tick(ticks))
    }
  }

  #tick(ticks: number): void {
    const now = this.#options.host.steady()
    const waitingSince = this.#sending?.waitingSince ?? now
    const isLate = this.#sending === undefined ? now - this.#startedAt >= welcomeMs : now - this.#heardAt > silenceMs
    if (isLate || now - waitingSince > ackMs) throw refuse('console-silent', 'The console does not answer any more.')
    if (this.#sending === undefined) return
    this.#say(stateOf(this.#options))
    if (ticks % 2 === 0) this.#socket.ping()
    if (this.#asked !== undefined && (now - this.#asked.steadyMs >= timeMs || this.#wasClockSet(this.#asked))) {
      this.#asked = { ...ask(this.#options.host), isOpen: true }
      this.#say({ type: 'time', sentAt: this.#asked.sentAt })
    }
    this.#renewal.renewIfDue()
  }

  /** The agent hangs up; when it ends for good it says so. */
  #leave(): void {
    const { farewell } = this.#options.link
    if (farewell !== undefined) this.#say({ type: 'bye', reason: farewell })
    this.#settle({ isReborn: false })
  }

  /** What was measured before the host's clock was set, or while the machine slept, is to be measured again. */
  #wasClockSet({ nowMs, steadyMs, isOpen }: Asked & { isOpen: boolean }): boolean {
    const { host } = this.#options
    return !isOpen && isStepped(host, { nowMs, steadyMs })
  }

  #orBreak(act: () => void): void {
    try {
      act()
    } catch (cause) {
      this.#break(cause)
    }
  }

  #break(cause: unknown): void {
    this.#options.log.debug({ err: cause }, 'connection broken off')
    this.#end(cause instanceof Refusal ? cause : refuse('console-silent', 'The connection failed.', { cause }))
  }

  #end(cause: Refusal<string>): void {
    this.#settle({ isReborn: false, cause })
    this.#socket.terminate()
  }

  #settle(ended: Pick<Ended, 'isReborn' | 'cause'>): void {
    if (this.#stop.signal.aborted) return
    this.#stop.abort()
    this.#renewal.answer(undefined)
    const { link, host } = this.#options
    if (link.isConnected) Object.assign(link, { isConnected: false, since: toTime(host.now()), say: undefined })
    const lastedMs = this.#options.host.steady() - this.#startedAt
    this.#done.resolve({ ...ended, isWelcomed: this.#sending !== undefined, lastedMs })
  }

  /** Ends politely, so that what was said last arrives; not for long. */
  async #hangUp(): Promise<void> {
    if (this.#socket.readyState === this.#socket.CLOSED) return
    const closed = new AbortController()
    this.#socket.once('close', () => closed.abort())
    this.#socket.close(1000)
    await this.#options.host.sleep(farewellMs, closed.signal)
    this.#socket.terminate()
  }
}

/** What an agent port says instead of opening the connection. */
function refusalIn(body: Buffer, status: number | undefined): Refusal<string> {
  const value = parseJson(body.subarray(0, 4096).toString())
  const says = Value.Check(Refused, value) ? `(${value.code}): ${value.says}` : `(status ${status}).`
  return refuse('console-refused', `The console does not let this host in ${says}`)
}
