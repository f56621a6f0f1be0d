import type { ConsoleMessage } from '@tidewaiter/protocol'
import type { WebSocket } from 'ws'
import type { Code } from '../error.ts'
import type { Lost } from './farewell.ts'
import type { Hall } from './hall.ts'
import { type Frame, Inbox } from './inbox.ts'
import { Pulse } from './pulse.ts'

/** An open socket, and how many bytes came over it. */
export interface OpenSocket {
  socket: WebSocket
  bytesRead(): number
}

interface WireOptions extends OpenSocket {
  hall: Pick<Hall, 'share' | 'turns' | 'bounds' | 'now'>
  take(frame: Frame, free: () => void): Promise<void> | undefined
  /** A pong came, or nothing can come because the console reads nothing. */
  heard(): void
  /** What came is no WebSocket, or too large. */
  broken(code: Code, says: string): void
  /** @param how it ended, unless the console ended it */
  closed(how: Lost | undefined): void
}

/** One socket: what comes over it, at a pace that can be borne, and what goes out. */
export class Wire {
  readonly #o: WireOptions
  readonly #inbox: Inbox
  readonly #pulse: Pulse
  /** Since when too much of what we said was not taken. */
  #stuckMs: number | undefined
  /** How it ends; what is known first counts. */
  #end: Lost | 'ours' | undefined

  constructor(options: WireOptions) {
    const { socket, hall, take, heard, closed } = options
    const { bounds, now } = hall
    this.#o = options
    this.#inbox = new Inbox({ ...hall, socket, take })
    this.#pulse = new Pulse({ ...options, bounds, steady: () => performance.now() })
    // `ws` gives a Buffer for every message unless told otherwise.
    socket.on('message', (data: Buffer, isBinary) => this.#inbox.add({ data, isBinary, atMs: now() }))
    socket.on('pong', heard)
    socket.on('error', (cause) => this.#breakOff(cause))
    socket.on('close', () => closed(this.#end === 'ours' ? undefined : (this.#end ?? 'closed')))
  }

  say(message: ConsoleMessage): void {
    const { socket, hall } = this.#o
    const { unsentBytes } = hall.bounds
    if (socket.readyState !== socket.OPEN) return
    socket.send(JSON.stringify(message), () => {
      if (socket.bufferedAmount > unsentBytes / 2) return
      this.#stuckMs = undefined
      this.#inbox.resume('unsent')
    })
    if (socket.bufferedAmount <= unsentBytes) return
    // Whoever does not listen is not listened to.
    this.#stuckMs ??= performance.now()
    this.#inbox.pause('unsent')
  }

  /** Whether what comes is read, whatever room there is for it. */
  read(isWanted: boolean): void {
    if (isWanted) this.#inbox.resume('share')
    else this.#inbox.pause('share')
  }

  #breakOff(cause: Error): void {
    const code = 'code' in cause ? String(cause.code) : ''
    if (code.startsWith('WS_ERR_')) this.#end ??= 'ours'
    // What the kernel says when the other end does not answer it either.
    if (unanswered.has(code)) this.#end ??= 'unanswered'
    if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.#o.broken('frame-too-large', 'A frame over the limit.')
    else if (code.startsWith('WS_ERR_')) this.#o.broken('frame-malformed', `No frame of a WebSocket: ${cause.message}.`)
    this.#o.socket.terminate()
  }

  /** Nothing that comes from now on is handed on. */
  stop(): void {
    this.#inbox.close()
  }

  /** Calls when the other end shows that it is there. */
  probe(isThere: () => void): void {
    this.#o.socket.once('pong', isThere)
    this.#o.socket.ping()
  }

  /** Ends the connection: politely with a code, and for good soon after. */
  close(code?: number): void {
    const { socket, hall } = this.#o
    this.#end ??= 'ours'
    if (code !== undefined) socket.close(code)
    setTimeout(() => socket.terminate(), hall.bounds.farewellMs).unref()
  }

  /** Looks whether there is somebody who reads and answers; ends the connection where there is not. */
  tick(): void {
    const { pongMs } = this.#o.hall.bounds
    // Nothing is heard of whom nobody reads: that is no silence of the host.
    if (this.#inbox.isHeldBack) this.#o.heard()
    const isStuck = this.#stuckMs !== undefined && performance.now() - this.#stuckMs > pongMs
    if (!isStuck && this.#pulse.beat({ isReading: !this.#inbox.isPaused })) return
    this.#end ??= 'unanswered'
    this.#o.socket.terminate()
  }
}

const unanswered = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'])
