import { pipeline, Readable } from 'node:stream'
import { constants, createGunzip, createZstdDecompress } from 'node:zlib'
import type { Refusal } from '@tidewaiter/protocol'
import { type AgentCode, refuse, saysOf } from '../error.ts'
import type { FileStat, OpenFile } from '../host.ts'
import { headBytes } from './file-mark.ts'

export type Packing = 'gzip' | 'zstd'

/** A compressed log, read as the file it was. Its size is what is known of it: it grows until all of it was inflated. */
export interface Inflated extends OpenFile {
  method: Packing
  /** Bytes of the compressed file that were read. */
  consumed(): number
  /** Why it ended before its end. What was inflated until then is there. */
  failure(): Refusal<AgentCode> | undefined
}

export function isInflated(file: OpenFile): file is Inflated {
  return 'failure' in file
}

/** So much is inflated ahead, that there is more shows before what is at hand is read. It is more than one reading takes. */
const aheadBytes = 1024 * 1024 + 64 * 1024
const rawBytes = 64 * 1024
/** What zlib holds when it meets damage is lost; so a damaged file is inflated again in small steps. */
const chunkBytes = { usual: 64 * 1024, damaged: 1024 }
/** A log gives 10 to 50 bytes for one; what gives more than this, after a size that any file may have, is a bomb. */
const most = { freely: 64 * 1024 * 1024, ratio: 256, bytes: 64 * 1024 ** 3 }
/** zstd may ask for gigabytes to inflate; 8 MiB is what its level 19 asks for. */
const mostWindowLog = 23

/** @param name what the file is called, for people */
export function inflate(raw: OpenFile, { method, name }: { method: Packing; name: string }): Inflated {
  const flow = new Flow(raw, { method, name })
  return {
    method,
    stat: async (): Promise<FileStat> => {
      await flow.reach(flow.readTo + aheadBytes)
      return { ...(await raw.stat()), size: flow.size }
    },
    read: (into, at) => flow.read(into, at),
    consumed: () => flow.consumed,
    failure: () => flow.failure,
    onChange: (changed) => raw.onChange(changed),
    realPath: () => raw.realPath(),
    async close() {
      await flow.end()
      await raw.close()
    },
  }
}

/** Inflated bytes from front to back; whoever goes back has them inflated again. Holds no more than two readings. */
class Flow {
  readonly #raw: OpenFile
  readonly #what: { method: Packing; name: string }
  #chunkBytes: number = chunkBytes.usual
  #pieces: AsyncGenerator<Buffer> | undefined
  #held: Buffer[] = []
  /** Where what is held begins and ends. */
  #from = 0
  #to = 0
  #head: Buffer = Buffer.alloc(0)
  #isAtEnd = false
  consumed = 0
  size = 0
  readTo = 0
  failure: Refusal<AgentCode> | undefined

  constructor(raw: OpenFile, what: { method: Packing; name: string }) {
    this.#raw = raw
    this.#what = what
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    // The head is looked at again and again.
    if (at + into.length <= headBytes) {
      await this.reach(headBytes)
      return this.#head.copy(into, 0, at)
    }
    if (at < this.#from) await this.#beginAnew()
    await this.reach(at + into.length, at)
    this.readTo = Math.min(at + into.length, this.#to)
    return this.#copy(into, at)
  }

  /** Inflates up to this place, or to the end; what lies before `keep` is let go. */
  async reach(to: number, keep = this.#from): Promise<void> {
    for (;;) {
      this.#letGo(keep)
      if (this.#isAtEnd || this.#to >= to) return
      await this.#inflateMore()
    }
  }

  async #inflateMore(): Promise<void> {
    try {
      this.#pieces ??= this.#what.method === 'gzip' ? gunzip(this.#source(0), this.#chunkBytes) : this.#unzstd()
      const { done, value } = await this.#pieces.next()
      if (done === true) this.#isAtEnd = true
      else this.#add(value)
    } catch (cause) {
      await this.#fail(refuse('inflate-broken', `${this.#what.name} is damaged: ${saysOf(cause)}.`, { cause }))
    }
  }

  #add(piece: Buffer): void {
    this.#held.push(piece)
    this.#to += piece.length
    this.size = Math.max(this.size, this.#to)
    if (this.#head.length < headBytes && this.#to - piece.length === this.#head.length)
      this.#head = Buffer.concat([this.#head, piece]).subarray(0, headBytes)
    const isBomb = this.#to > most.freely && this.#to > this.consumed * most.ratio
    if (!isBomb && this.#to <= most.bytes) return
    const says = `${this.#what.name} inflates to more than a log does: what lies behind ${this.#to} bytes is not read.`
    this.failure = refuse('inflate-too-large', says)
    this.#isAtEnd = true
  }

  async #fail(failure: Refusal<AgentCode>): Promise<void> {
    if (this.#chunkBytes === chunkBytes.usual) {
      const from = this.#from
      this.#chunkBytes = chunkBytes.damaged
      await this.#beginAnew()
      return this.reach(this.size, from)
    }
    this.failure = failure
    this.#isAtEnd = true
  }

  async #beginAnew(): Promise<void> {
    await this.end()
    this.#held = []
    this.#from = 0
    this.#to = 0
    this.consumed = 0
    this.#isAtEnd = false
    this.failure = undefined
  }

  #letGo(before: number): void {
    for (let first = this.#held[0]; first !== undefined && this.#from + first.length <= before; first = this.#held[0]) {
      this.#from += first.length
      this.#held.shift()
    }
  }

  #copy(into: Uint8Array, at: number): number {
    let [place, copied] = [this.#from, 0]
    for (const piece of this.#held) {
      const skip = Math.max(0, at + copied - place)
      if (skip < piece.length && copied < into.length) copied += piece.copy(into, copied, skip)
      place += piece.length
    }
    return copied
  }

  async *#source(from: number): AsyncGenerator<Buffer> {
    for (let at = from; ; ) {
      const buffer = Buffer.allocUnsafe(rawBytes)
      const length = await this.#raw.read(buffer, at)
      if (length === 0) return
      at += length
      this.consumed = at
      yield buffer.subarray(0, length)
    }
  }

  /** A decompressor ends with its frame, though others may follow. */
  async *#unzstd(): AsyncGenerator<Buffer> {
    const { size } = await this.#raw.stat()
    for (let at = 0; at < size; ) {
      const stream = createZstdDecompress({
        ...stepwise(this.#chunkBytes),
        params: { [constants.ZSTD_d_windowLogMax]: mostWindowLog },
      })
      yield* piped(this.#source(at), stream)
      at += stream.bytesWritten
    }
  }

  async end(): Promise<void> {
    const pieces = this.#pieces
    this.#pieces = undefined
    await pieces?.return(undefined)
  }
}

/** Nothing is inflated before what came before was taken: an error never overtakes bytes that came before it. */
function stepwise(size: number) {
  return { chunkSize: size, readableHighWaterMark: 1 }
}

function gunzip(source: AsyncGenerator<Buffer>, size: number): AsyncGenerator<Buffer> {
  return piped(source, createGunzip(stepwise(size)))
}

async function* piped(
  source: AsyncGenerator<Buffer>,
  stream: NodeJS.ReadWriteStream & AsyncIterable<unknown>,
): AsyncGenerator<Buffer> {
  // What fails on the way fails in reading, too.
  pipeline(Readable.from(source, { highWaterMark: 1 }), stream, () => {})
  // A decompressor gives buffers.
  for await (const piece of stream) yield piece as Buffer
}
