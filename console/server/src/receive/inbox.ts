import type { WebSocket } from 'ws'
import type { Bounds } from './bounds.ts'
import type { Share } from './share.ts'
import type { Member, Turns } from './turns.ts'

export interface Frame {
  data: Buffer
  isBinary: boolean
  /** When it arrived, milliseconds UTC. */
  atMs: number
}

interface InboxOptions {
  socket: Pick<WebSocket, 'pause' | 'resume'>
  share: Share
  turns: Turns
  bounds: Pick<Bounds, 'hostBytes'>
  /**
   * Takes the next frame; `free` is called when nothing of it is needed in memory any more. The frame behind it waits
   * for what is returned.
   */
  take(frame: Frame, free: () => void): Promise<void> | undefined
}

/** What a frame costs beside its bytes: many small ones are as heavy as a large one. */
const frameBytes = 1024

type Reason = 'own' | 'total' | 'unsent' | 'share'

/**
 * Frames of one connection, handed on one at a time in their order. While too much is in memory, of this host or of
 * all, its socket is not read: what the host sends then waits in the network, and in its spool.
 */
export class Inbox implements Member {
  readonly #o: InboxOptions
  readonly #pauses = new Set<Reason>()
  #frames: Frame[] = []
  #heldBytes = 0
  #isBusy = false
  #isOpen = true

  constructor(options: InboxOptions) {
    this.#o = options
  }

  get isPaused(): boolean {
    return this.#pauses.size > 0
  }

  /** What comes is not read because the console cannot take it, and not because the other end does not listen. */
  get isHeldBack(): boolean {
    return this.#pauses.has('own') || this.#pauses.has('total') || this.#pauses.has('share')
  }

  add(frame: Frame): void {
    if (!this.#isOpen) return
    const bytes = frame.data.length + frameBytes
    this.#heldBytes += bytes
    this.#o.share.take(bytes)
    this.#frames.push(frame)
    if (this.#heldBytes > this.#o.bounds.hostBytes) this.pause('own')
    if (this.#o.share.isOver() && !this.#pauses.has('total')) {
      this.pause('total')
      this.#o.share.whenFree(() => this.resume('total'))
    }
    if (!this.#isBusy) this.#o.turns.join(this)
  }

  takeTurn(): boolean {
    const frame = this.#isOpen && !this.#isBusy ? this.#frames.shift() : undefined
    if (frame === undefined) return false
    const waits = this.#o.take(
      frame,
      once(() => this.#free(frame)),
    )
    if (waits === undefined) return this.#frames.length > 0
    this.#isBusy = true
    void waits.finally(() => {
      this.#isBusy = false
      this.#o.turns.join(this)
    })
    return false
  }

  #free({ data }: Frame): void {
    const bytes = data.length + frameBytes
    this.#heldBytes -= bytes
    this.#o.share.give(bytes)
    if (this.#heldBytes <= this.#o.bounds.hostBytes / 2) this.resume('own')
  }

  pause(reason: Reason): void {
    if (!this.#isOpen) return
    this.#pauses.add(reason)
    this.#o.socket.pause()
  }

  resume(reason: Reason): void {
    if (this.#pauses.delete(reason) && !this.isPaused) this.#o.socket.resume()
  }

  /** Forgets what waits and what still comes. What was taken is freed when it is done. */
  close(): void {
    this.#isOpen = false
    for (const frame of this.#frames.splice(0)) this.#free(frame)
    // The end of the connection has to be read, too.
    this.#pauses.clear()
    this.#o.socket.resume()
  }
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) act()
    isDone = true
  }
}
