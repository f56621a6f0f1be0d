import { limits } from '@tidewaiter/protocol'

/** An entry of the journal, or a part of one that is longer than a record may be. */
export interface Piece {
  bytes: Buffer
  /** Of the entry. */
  cursor: string
  part?: number
  /** Nothing more belongs to the entry. */
  ends: boolean
}

const [LF, equals] = [0x0a, 0x3d]
const cursorName = Buffer.from('__CURSOR')
/** A cursor has about 130 characters; a position takes 1024, with the number of a part. */
const mostCursor = 1000

/**
 * Cuts the Journal Export Format (systemd.io/JOURNAL_EXPORT_FORMATS) into entries. A field is `NAME=text` or, where the
 * text holds an LF or bytes that are none, NAME, LF, a 64-bit length (little-endian), the bytes, LF. An empty line ends
 * the entry. Only what is needed for that is read: the length of a field of hundreds of megabytes costs a number.
 */
export class EntryCutter {
  #state: 'name' | 'text' | 'length' | 'bytes' = 'name'
  /** Bytes of the name, of the length, or of the field's bytes that were read. */
  #read = 0
  #isCursor = true
  #length = 0n
  #cursor = ''
  #held: Buffer[] = []
  #heldBytes = 0
  #parts = 0

  /** The pieces that are complete with these bytes. */
  push(bytes: Buffer): Piece[] {
    const pieces: Piece[] = []
    for (let at = 0; at < bytes.length; ) {
      const end = this.#scan(bytes, at)
      pieces.push(...this.#hold(bytes.subarray(at, end.isEntry ? end.at - 1 : end.at)))
      if (end.isEntry) pieces.push(this.#finish())
      at = end.at
    }
    return pieces
  }

  /** Goes on from `at` to the end of the entry, or of the bytes. */
  #scan(bytes: Buffer, from: number): { at: number; isEntry: boolean } {
    let at = from
    while (at < bytes.length) {
      if (this.#state === 'text') at = this.#throughText(bytes, at)
      else if (this.#state === 'bytes') at = this.#throughBytes(bytes, at)
      else if (this.#state === 'length') this.#addLength(bytes[at++] as number)
      else if (this.#addName(bytes[at++] as number)) return { at, isEntry: true }
    }
    return { at, isEntry: false }
  }

  /** True when the byte is the empty line. */
  #addName(byte: number): boolean {
    if (byte === LF && this.#read === 0) return true
    if (byte === equals) this.#begin('text')
    else if (byte === LF) this.#begin('length')
    else {
      this.#isCursor = this.#isCursor && byte === cursorName[this.#read]
      this.#read += 1
    }
    return false
  }

  #begin(state: 'name' | 'text' | 'length' | 'bytes'): void {
    if (state === 'text') {
      this.#isCursor = this.#isCursor && this.#read === cursorName.length
      if (this.#isCursor) this.#cursor = ''
    } else if (state === 'name') this.#isCursor = true
    if (state === 'length') this.#length = 0n
    this.#state = state
    this.#read = 0
  }

  #throughText(bytes: Buffer, from: number): number {
    const lf = bytes.indexOf(LF, from)
    const end = lf < 0 ? bytes.length : lf
    if (this.#isCursor) this.#cursor = (this.#cursor + bytes.toString('latin1', from, end)).slice(0, mostCursor)
    if (lf < 0) return end
    this.#begin('name')
    return lf + 1
  }

  #addLength(byte: number): void {
    this.#length |= BigInt(byte) << BigInt(8 * this.#read)
    this.#read += 1
    // The LF after the bytes is skipped with them.
    if (this.#read === 8) {
      this.#length += 1n
      this.#begin('bytes')
    }
  }

  #throughBytes(bytes: Buffer, from: number): number {
    const there = BigInt(bytes.length - from)
    const step = this.#length < there ? this.#length : there
    this.#length -= step
    if (this.#length === 0n) this.#begin('name')
    return from + Number(step)
  }

  /** Holds bytes of the entry, and gives what is more than one record takes. */
  #hold(bytes: Buffer): Piece[] {
    const pieces: Piece[] = []
    for (let at = 0; at < bytes.length; ) {
      if (this.#heldBytes === limits.record) {
        this.#parts += 1
        pieces.push({ bytes: this.#release(), cursor: this.#cursor, part: this.#parts, ends: false })
      }
      const some = bytes.subarray(at, at + limits.record - this.#heldBytes)
      this.#held.push(some)
      this.#heldBytes += some.length
      at += some.length
    }
    return pieces
  }

  #finish(): Piece {
    const piece = { bytes: this.#release(), cursor: this.#cursor, ends: true }
    const part = this.#parts + 1
    this.#parts = 0
    this.#cursor = ''
    return part > 1 ? { ...piece, part } : piece
  }

  #release(): Buffer {
    const [only] = this.#held
    const bytes = this.#held.length === 1 && only !== undefined ? only : Buffer.concat(this.#held)
    this.#held = []
    this.#heldBytes = 0
    return bytes
  }
}
