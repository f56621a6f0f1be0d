import { type Chunk, type ChunkHead, limits } from '@tidewaiter/protocol'
import type { FileStat, Host, OpenFile } from '../host.ts'
import { toTime } from '../time.ts'
import { type FilePosition, markOf, readHead } from './file-mark.ts'
import { isInflated } from './inflate.ts'
import { bufferBytes, type ReadingRoom } from './reading-room.ts'
import type { Shape } from './shape.ts'

/** Read at once. A longer line takes the whole room. */
export const stepBytes = limits.record
/** Below the bound of a hand-over. */
const mostRecords = 40_000
/** A time read says more about the year of a line than the change of the file does, unless that is so long ago. */
const staleMs = 24 * 60 * 60_000
/** How far back the beginning of a line is looked for that was handed over in parts. */
const mostParts = 64

/** What stands before the records of a file: where they go, how they are cut, and who tells the time. */
export interface Reading {
  host: Host
  source: string
  shape: Shape
  room: ReadingRoom
}

/** `cut-off`: the file is shorter than it was, or begins otherwise; what was not read yet is gone. */
export type Next = Chunk | 'nothing' | 'cut-off'

/** One file that is read from front to back, whatever it is called by now. */
export class Trail {
  readonly file: OpenFile
  readonly #reading: Reading
  #stat: FileStat
  #head: Buffer
  #offset: number
  /** Parts of the line at hand that were handed over. */
  #parts: number
  /** Bytes behind the last whole record that begin one. */
  #left = 0
  #hasMore = false
  #grewAtMs: number

  private constructor(
    file: OpenFile,
    {
      reading,
      stat,
      head,
      at,
    }: { reading: Reading; stat: FileStat; head: Buffer; at: { offset: number; parts: number } },
  ) {
    this.file = file
    this.#reading = reading
    this.#stat = stat
    this.#head = head
    this.#offset = at.offset
    this.#parts = at.parts
    this.#grewAtMs = reading.host.steady()
  }

  static async open(file: OpenFile, reading: Reading, offset = 0): Promise<Trail> {
    const head = await readHead(file)
    const stat = await file.stat()
    const parts =
      offset > 0 && reading.shape.lf ? await partsBefore(file, { offset, buffer: reading.room.of(bufferBytes) }) : 0
    // Nothing beyond the position counts as seen.
    return new Trail(file, { reading, stat: { ...stat, size: offset, modifiedNs: 0n }, head, at: { offset, parts } })
  }

  /** As it was when it was last looked at. */
  get stat(): FileStat {
    return this.#stat
  }

  get position(): FilePosition {
    return { offset: this.#offset, file: markOf(this.#stat, this.#head) }
  }

  /** There was more than one piece when the last one was taken. What was written since then makes itself heard. */
  get hasMore(): boolean {
    return this.#hasMore
  }

  /** Nothing is left over, not even the beginning of a record. */
  get isAtEnd(): boolean {
    return !this.#hasMore && this.#left === 0
  }

  get quietMs(): number {
    return this.#reading.host.steady() - this.#grewAtMs
  }

  /**
   * The next records. Their bytes are valid until the room is used again.
   * @param isLast nothing more will be written to the file: what is left over is handed over as it is
   * @param isRotated the file has another name by now
   */
  async next({ isLast = false, isRotated = false } = {}): Promise<Next> {
    const found = await this.file.stat()
    if (found.size < this.#stat.size) return 'cut-off'
    const hasChanged = found.size !== this.#stat.size || found.modifiedNs !== this.#stat.modifiedNs
    if (hasChanged) this.#grewAtMs = this.#reading.host.steady()
    else this.#stat = found
    const mayBeOpen = this.#left > 0 && (isLast || this.quietMs >= this.#reading.shape.openAfterMs)
    const mayHaveMore = found.size > this.#offset + this.#left
    if (!hasChanged && !mayBeOpen && !mayHaveMore) return 'nothing'
    const bytes = await this.#read(found.size - this.#offset)
    // Looked at after reading: what was read is from the file as it is known only if it still begins as it did.
    if (!(await this.#isStillItself())) return 'cut-off'
    const next = this.#take(bytes, { mayBeOpen: isLast || mayBeOpen, isRotated })
    this.#hasMore = found.size > this.#offset + this.#left
    return next
  }

  /** @param size of what is left, when it was looked at */
  async #read(size: number): Promise<Buffer> {
    const { room, shape } = this.#reading
    const step = room.of(size).subarray(0, stepBytes)
    const first = step.subarray(0, await this.file.read(step, this.#offset))
    if (first.length < step.length || shape.cut(first, 1).end > 0) return first
    const whole = room.of(bufferBytes)
    return whole.subarray(0, await this.file.read(whole, this.#offset))
  }

  async #isStillItself(): Promise<boolean> {
    const head = await readHead(this.file)
    const stat = await this.file.stat()
    if (stat.size < this.#stat.size || !head.subarray(0, this.#head.length).equals(this.#head)) return false
    this.#head = head
    this.#stat = stat
    return true
  }

  #take(bytes: Buffer, { mayBeOpen, isRotated }: { mayBeOpen: boolean; isRotated: boolean }): Next {
    const { shape } = this.#reading
    const most = this.#parts > 0 ? 1 : mostRecords
    const { lengths, end } = shape.cut(bytes, most)
    // Where the cut stopped before the end there may be whole records behind it.
    this.#left = lengths.length < most ? bytes.length - end : 0
    if (lengths.length > 0) return this.#hand(bytes.subarray(0, end), lengths, { isRotated, ends: true })
    if (bytes.length === bufferBytes)
      return this.#hand(bytes.subarray(0, limits.record), [limits.record], { isRotated })
    if (bytes.length > 0 && mayBeOpen) return this.#hand(bytes, [bytes.length], { isRotated, ends: true, open: true })
    return 'nothing'
  }

  /** A chunk of what comes next; the trail is behind it then. */
  #hand(
    bytes: Buffer,
    lengths: number[],
    { isRotated, ends = false, open = false }: { isRotated: boolean; ends?: boolean; open?: boolean },
  ): Chunk {
    const { source, shape, host } = this.#reading
    const nowMs = host.now()
    const modifiedMs = Number(this.#stat.modifiedNs / 1_000_000n)
    const head: ChunkHead = {
      source,
      start: this.position,
      readAt: toTime(nowMs),
      method: isInflated(this.file) ? this.file.method : 'file',
      unit: 'byte',
      lf: shape.lf && ends && !open,
      ...(this.#parts > 0 || !ends ? { part: this.#parts + 1 } : {}),
      ...(this.#parts > 0 && ends && { last: true }),
      ...(open && { open: true }),
      ...((isRotated || nowMs - modifiedMs > staleMs) && { fileModifiedAt: toTime(modifiedMs) }),
    }
    this.#parts = ends ? 0 : this.#parts + 1
    this.#offset += bytes.length
    // What was left over is handed over now, or goes on behind the part.
    if (open || !ends) this.#left = 0
    return { head, lengths, bytes }
  }

  close(): Promise<void> {
    return this.file.close()
  }
}

/**
 * How many parts of the line at this place were handed over before: all but the last have the same length. A line that
 * goes back further is one of many parts, and how many does not matter any more.
 */
async function partsBefore(file: OpenFile, { offset, buffer }: { offset: number; buffer: Buffer }): Promise<number> {
  for (let part = 0; part < mostParts; part++) {
    const end = offset - part * limits.record
    const start = Math.max(0, end - limits.record)
    const bytes = buffer.subarray(0, await file.read(buffer.subarray(0, end - start), start))
    const lf = bytes.lastIndexOf(10)
    if (lf >= 0 || start === 0) {
      const length = offset - (lf >= 0 ? start + lf + 1 : 0)
      return length % limits.record === 0 ? length / limits.record : 0
    }
  }
  return mostParts
}
