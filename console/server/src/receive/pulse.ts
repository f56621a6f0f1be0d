import type { WebSocket } from 'ws'
import type { Bounds } from './bounds.ts'

interface PulseOptions {
  socket: Pick<WebSocket, 'ping' | 'pong'>
  bounds: Pick<Bounds, 'pingMs' | 'pongMs'>
  /** Bytes that came over the connection so far: a large frame on a slow line is a sign of life as well. */
  bytesRead(): number
  steady(): number
}

/** Whether there is still somebody at the other end. */
export class Pulse {
  readonly #o: PulseOptions
  #bytesRead = 0
  #heardMs: number
  #pingedMs: number

  constructor(options: PulseOptions) {
    this.#o = options
    this.#heardMs = options.steady()
    this.#pingedMs = this.#heardMs
  }

  /** Looks, and pings when it is time. False when nothing came for too long. */
  beat({ isReading }: { isReading: boolean }): boolean {
    const { socket, bounds, bytesRead, steady } = this.#o
    const nowMs = steady()
    const bytes = bytesRead()
    // What we do not read we cannot hear.
    if (bytes !== this.#bytesRead || !isReading) this.#heardMs = nowMs
    this.#bytesRead = bytes
    if (nowMs - this.#pingedMs >= bounds.pingMs) {
      this.#pingedMs = nowMs
      socket.ping()
      // Unasked, as RFC 6455, 5.5.3 allows: a host that waits for its turn hears that we are there.
      socket.pong()
    }
    return nowMs - this.#heardMs < bounds.pingMs + bounds.pongMs
  }
}
