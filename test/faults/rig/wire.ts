import { EventEmitter } from 'node:events'

/** What can happen to one frame on its way. */
export const frameFaults = [
  'delivered cut',
  'cut, and the connection with it',
  'changed by a byte',
  'delivered twice',
  'overtaken by the next',
  'delayed',
  'lost',
  'connection lost before it',
  'connection lost behind it',
] as const
export type FrameFault = (typeof frameFaults)[number]

/** Faults by the number of the frame they happen to; batches one way, acknowledgements the other. */
export interface Weather {
  batches: ReadonlyMap<number, FrameFault>
  acks: ReadonlyMap<number, FrameFault>
}

export const calm: Weather = { batches: new Map(), acks: new Map() }

interface Frame {
  data: Buffer
  isBinary: boolean
}

const open = 1
const closed = 3

/** One end of a wire: as much of a WebSocket as the two programs use. */
export class Plug extends EventEmitter {
  readonly OPEN = open
  readonly CLOSED = closed
  readonly bufferedAmount = 0
  readyState = open
  /** Called with every frame, before it is on the wire and after. */
  onSend: (frame: Frame, when: 'before' | 'after') => void = () => {}
  #wire: Wire
  #isPaused = false

  constructor(wire: Wire) {
    super()
    this.#wire = wire
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  send(data: string | Uint8Array, done?: () => void): void {
    if (this.readyState === open) {
      const frame = { data: Buffer.from(data as Uint8Array), isBinary: typeof data !== 'string' }
      this.onSend(frame, 'before')
      this.#wire.carry(this, frame)
      this.onSend(frame, 'after')
    }
    if (done !== undefined) setImmediate(done)
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.#wire.pump()
  }

  ping(): void {
    setImmediate(() => this.#wire.otherEnd(this).readyState === open && this.emit('pong'))
  }

  pong(): void {}

  /** What was said before still arrives. */
  close(code = 1005): void {
    this.#wire.closeBehind(this, code)
  }

  /** What is on the way is lost. */
  terminate(): void {
    this.#wire.cut()
  }
}

/** A connection in this process on which everything goes wrong that a test asks for. */
export class Wire {
  readonly agent = new Plug(this)
  readonly console = new Plug(this)
  readonly #weather: Weather
  readonly #hit: (fault: FrameFault) => void
  readonly #ways = { batches: newWay(), acks: newWay() }
  #isPumping = false

  constructor(weather: Weather, hit: (fault: FrameFault) => void) {
    this.#weather = weather
    this.#hit = hit
  }

  get isIdle(): boolean {
    return [this.#ways.batches, this.#ways.acks].every(({ queue, held }) => queue.length === 0 && held === undefined)
  }

  otherEnd(plug: Plug): Plug {
    return plug === this.agent ? this.console : this.agent
  }

  carry(from: Plug, frame: Frame): void {
    const name = from === this.agent ? 'batches' : 'acks'
    const way = this.#ways[name]
    const isCounted = name === 'batches' ? frame.isBinary : frame.data.toString().startsWith('{"type":"ack"')
    const fault = isCounted ? this.#weather[name].get(way.count++) : undefined
    const deliver = (data = frame.data) => way.queue.push({ data, isBinary: frame.isBinary })
    if (fault !== undefined) this.#hit(fault)
    if (fault === undefined) deliver()
    else this.#carryBadly(fault, way, { frame, deliver })
    this.pump()
  }

  #carryBadly(fault: FrameFault, way: Way, { frame, deliver }: { frame: Frame; deliver(data?: Buffer): void }): void {
    const { data } = frame
    switch (fault) {
      case 'delivered cut':
        deliver(data.subarray(0, Math.floor(data.length / 2)))
        break
      case 'changed by a byte':
        deliver(changedAt(data, Math.floor(data.length * 0.7)))
        break
      case 'delivered twice':
        deliver()
        deliver()
        break
      case 'overtaken by the next':
        way.held ??= frame
        if (way.held !== frame) deliver()
        break
      case 'delayed':
        for (let i = 0; i < 20; i++) way.queue.push('nothing')
        deliver()
        break
      case 'lost':
        break
      case 'cut, and the connection with it':
      case 'connection lost before it':
        way.queue.push('cut')
        break
      case 'connection lost behind it':
        deliver()
        way.queue.push('cut')
        break
    }
  }

  pump(): void {
    if (this.#isPumping) return
    this.#isPumping = true
    setImmediate(() => {
      this.#isPumping = false
      this.#deliverNext(this.#ways.batches, this.console)
      this.#deliverNext(this.#ways.acks, this.agent)
      if (this.agent.readyState === open && !this.isIdle) this.pump()
    })
  }

  #deliverNext(way: Way, to: Plug): void {
    if (to.readyState !== open || to.isPaused) return
    const next = way.queue.shift()
    if (next === 'cut') this.cut()
    else if (next === undefined) this.#release(way)
    else if (next !== 'nothing' && 'code' in next) this.#end(next.code)
    else if (next !== 'nothing') {
      to.emit('message', next.data, next.isBinary)
      this.#release(way)
    }
  }

  /** What was overtaken comes behind the next, or when nothing else comes. */
  #release(way: Way): void {
    if (way.held !== undefined) way.queue.unshift(way.held)
    way.held = undefined
  }

  closeBehind(from: Plug, code: number): void {
    const way = from === this.agent ? this.#ways.batches : this.#ways.acks
    way.queue.push({ code })
    this.otherEnd(from).resume()
    this.pump()
  }

  cut(): void {
    this.#end(1006)
  }

  #end(code: number): void {
    if (this.agent.readyState === closed) return
    for (const way of Object.values(this.#ways)) {
      way.queue.length = 0
      way.held = undefined
    }
    for (const plug of [this.agent, this.console]) plug.readyState = closed
    for (const plug of [this.agent, this.console]) setImmediate(() => plug.emit('close', code))
  }
}

function changedAt(data: Buffer, at: number): Buffer {
  const changed = Buffer.from(data)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}

type Way = ReturnType<typeof newWay>

function newWay() {
  const queue: (Frame | 'cut' | 'nothing' | { code: number })[] = []
  return { queue, held: undefined as Frame | undefined, count: 0 }
}
