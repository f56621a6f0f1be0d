import { type Batch, limits } from '@tidewaiter/protocol'

/** What is on the wire of one connection: which batch comes next, and how much may be unacknowledged. */
export class Flight {
  readonly #sent = new Map<number, { headerHash: string; rawBytes: number }>()
  readonly #windowBytes: number
  #rawBytes = 0
  #cursor: number

  /** The console tells after which batch to go on, and how many raw bytes may be on the way. */
  constructor({ after, windowBytes }: { after: number; windowBytes: number }) {
    this.#cursor = after
    this.#windowBytes = Math.min(windowBytes, limits.window)
  }

  /** Newest batch that was sent, or the one to go on after. */
  get cursor(): number {
    return this.#cursor
  }

  get isEmpty(): boolean {
    return this.#sent.size === 0
  }

  /** One batch may always be on the way, however small the window. */
  hasRoomFor(rawBytes: number): boolean {
    return this.isEmpty || this.#rawBytes + rawBytes <= this.#windowBytes
  }

  sent({ header, headerHash }: Batch): void {
    this.#sent.set(header.seq, { headerHash, rawBytes: header.rawBytes })
    this.#rawBytes += header.rawBytes
    this.#cursor = header.seq
  }

  /** Hash of a batch that is on the way. */
  hashOf(seq: number): string | undefined {
    return this.#sent.get(seq)?.headerHash
  }

  landed(seq: number): void {
    this.#rawBytes -= this.#sent.get(seq)?.rawBytes ?? 0
    this.#sent.delete(seq)
  }
}
