import type { Blocks } from './blocks.ts'
import type { Cut } from './cut.ts'
import { view } from './text.ts'

/** A record of a file. */
export interface FileRecord {
  bytes: Uint8Array
  /** Byte of the file at which it begins. */
  offset: number
  /** Which piece it is of a record that is longer than may be held. */
  piece?: 'first' | 'middle' | 'last'
  /** True where the file ends before the record does. */
  open?: true
}

/** As long as the joined line of a host may be; what is longer comes in pieces of this size. */
const mostBytes = 8 * 1024 * 1024

/**
 * Cuts blocks into records, those of a block at a time: their bytes are only valid until the next ones are asked for.
 * Holds one record that is not complete yet, and no more.
 * @param skip bytes before the first record
 */
export async function* recordsOf(
  blocks: Blocks,
  { cut, skip }: { cut: Cut; skip: number },
): AsyncGenerator<FileRecord[]> {
  const cutter = newCutter(cut, skip)
  let isFirst = true
  for await (const block of blocks) {
    yield cutter.push(isFirst ? block.subarray(skip) : block)
    isFirst = false
  }
  yield cutter.end()
}

/** @param from byte of the file that the first block begins with */
function newCutter(cut: Cut, from: number) {
  let held: Uint8Array[] = []
  let heldBytes = 0
  /** Bytes that were looked at in vain: looking again before there are twice as many would cost their square. */
  let triedBytes = 0
  let offset = from
  let isLong = false

  function take(bytes: Uint8Array): FileRecord[] {
    const records: FileRecord[] = []
    let at = 0
    for (let piece = cut(bytes, at); ; piece = cut(bytes, at)) {
      if (piece === undefined && bytes.length - at < mostBytes) break
      const { end, next } = piece ?? { end: at + mostBytes, next: at + mostBytes }
      records.push(recordOf(bytes.subarray(at, end), offset + at, piece !== undefined))
      at = next
    }
    offset += at
    keep(bytes.subarray(at))
    triedBytes = heldBytes
    return records
  }

  function keep(bytes: Uint8Array): void {
    held = []
    heldBytes = 0
    add(bytes)
  }

  function add(bytes: Uint8Array): void {
    // Copied: the block is not ours.
    if (bytes.length > 0) held.push(Buffer.from(bytes))
    heldBytes += bytes.length
  }

  function recordOf(bytes: Uint8Array, at: number, isEnd: boolean): FileRecord {
    const record: FileRecord = { bytes, offset: at }
    if (isLong) record.piece = isEnd ? 'last' : 'middle'
    else if (!isEnd) record.piece = 'first'
    isLong = !isEnd
    return record
  }

  return {
    push(block: Uint8Array): FileRecord[] {
      if (heldBytes === 0) return take(view(block))
      add(block)
      return heldBytes >= Math.min(2 * triedBytes, mostBytes) ? take(Buffer.concat(held)) : []
    },
    /** What is left: a last record that nothing ends. */
    end(): FileRecord[] {
      const records = heldBytes > triedBytes ? take(Buffer.concat(held)) : []
      if (heldBytes > 0) records.push({ ...recordOf(Buffer.concat(held), offset, true), open: true })
      return records
    },
  }
}
