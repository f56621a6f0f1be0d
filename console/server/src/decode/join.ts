import { type ChunkHead, concat } from '@tidewaiter/protocol'
import type { DecodeRecord } from './decoder.ts'

/** A line is joined up to this many bytes and pieces; what goes on beyond them becomes events of its own. */
const mostBytes = 8 * 1024 * 1024
const mostPieces = 16

/** What a decoder gets: a record as it was sealed, or one joined from the pieces of a line. */
export interface Whole {
  record: DecodeRecord
  /** Ids of its pieces, where there are several. */
  pieces?: readonly string[]
  /** What is wrong with it: a piece is missing. */
  says?: string
  /** True where the beginning is missing, so that it does not begin as its format does. */
  headless?: true
}

/** A line of which a beginning is known. Plain JSON of some hundred bytes: it is saved with the state of its source. */
export interface Unfinished {
  ids: readonly string[]
  bytes: number
  last: { head: ChunkHead; position: number; length: number }
}

/** Joins lines that were sealed in parts, or before they had their LF (`evidence.md` 1). */
export interface Joiner {
  /** True when a record under this head is a whole line by itself, so that `push` would only give it back. */
  passes(head: ChunkHead): boolean
  push(record: DecodeRecord): Whole[]
  /** Gives what still waits for a piece. */
  end(): Whole[]
  unfinished(): Unfinished | undefined
}

/**
 * @param unfinished where the joiner before this one stopped
 * @param earlier bytes of a piece that was pushed to that one; undefined when it is held no more
 */
export function joiner(unfinished: Unfinished | undefined, earlier: (id: string) => Uint8Array | undefined): Joiner {
  let line = unfinished
  const held = new Map<string, Uint8Array>()

  function push(record: DecodeRecord): Whole[] {
    const before = line !== undefined && !goesOn(line, record) ? end() : []
    // Only its LF was missing.
    if (line?.last.head.open === true && record.bytes.length === 0) line = undefined
    else before.push(...add(record))
    if (line === undefined) held.clear()
    return before
  }

  function add(record: DecodeRecord): Whole[] {
    held.set(record.id, record.bytes)
    const longer = extended(line, record)
    const ends = isLast(record.head)
    const full = longer.ids.length === mostPieces || longer.bytes >= mostBytes
    line = full || (ends && record.head.open !== true) ? undefined : longer
    return ends || full ? [wholeOf(longer)] : []
  }

  function end(): Whole[] {
    // An open line was given when it came.
    const whole = line === undefined || isLast(line.last.head) ? [] : [wholeOf(line)]
    line = undefined
    return whole
  }

  function wholeOf({ ids, last: { head, position } }: Unfinished): Whole {
    const [id = ''] = ids
    const pieces = ids.map((piece) => held.get(piece) ?? earlier(piece))
    const found = pieces.filter((bytes) => bytes !== undefined)
    const record = { id, bytes: found.length === 1 && found[0] ? found[0] : concat(...found), head, position }
    const whole: Whole = { record }
    if (ids.length > 1) whole.pieces = ids
    if (found.length < ids.length || (head.part ?? 1) > ids.length) {
      whole.headless = true
      whole.says = 'The beginning of this line is not here.'
    } else if (!isLast(head)) whole.says = 'The rest of this line is not here.'
    return whole
  }

  return {
    passes: (head) => line === undefined && head.part === undefined && head.open !== true,
    push,
    end,
    unfinished: () => line,
  }
}

function extended(line: Unfinished | undefined, { id, bytes, head, position }: DecodeRecord): Unfinished {
  const last = { head, position, length: bytes.length }
  if (line === undefined) return { ids: [id], bytes: bytes.length, last }
  return { ids: [...line.ids, id], bytes: line.bytes + bytes.length, last }
}

/** True when nothing more belongs to the line as it was sealed. */
function isLast(head: ChunkHead): boolean {
  return head.part === undefined || head.last === true
}

/** A piece goes on where the one before ended, in the same file, as the next part or after an open end. */
function goesOn({ last }: Unfinished, { head, position }: DecodeRecord): boolean {
  const expected = isLast(last.head) ? 1 : (last.head.part ?? 0) + 1
  if ((head.part ?? 1) !== expected) return false
  if (!('offset' in head.start) || !('offset' in last.head.start)) return expected > 1
  const [file, before] = [head.start.file, last.head.start.file]
  return file.dev === before.dev && file.ino === before.ino && position === last.position + last.length
}
