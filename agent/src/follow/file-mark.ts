import { createHash, hash } from 'node:crypto'
import type { FileMark, Position } from '@tidewaiter/protocol'
import type { FileStat, OpenFile } from '../host.ts'

/** So much of the beginning of a file tells it from another one that got its inode (`evidence.md` 2). */
export const headBytes = 1024

/** Mark of a file that had nothing in it: every file begins so. */
export const emptyHash = hash('sha256', '')

export type FilePosition = Extract<Position, { offset: number }>

export function isFilePosition(position: Position | undefined): position is FilePosition {
  return position !== undefined && 'offset' in position
}

/** The first bytes of a file, as many as there are. */
export async function readHead(file: OpenFile): Promise<Buffer> {
  const head = Buffer.alloc(headBytes)
  return head.subarray(0, await file.read(head, 0))
}

export function markOf({ dev, ino }: FileStat, head: Uint8Array): FileMark {
  return { dev, ino, headSha256: hash('sha256', head) }
}

/**
 * True when a file with this beginning can be the one the position was taken in. How many bytes the mark covers is not
 * said in it, but it is never fewer than were read up to 1024: so what lies before the position is the same, or as
 * good as a kibibyte tells.
 */
export function beginsAs(head: Uint8Array, { offset, file }: FilePosition): boolean {
  const least = Math.min(offset, headBytes)
  if (head.length < least) return false
  const growing = createHash('sha256').update(head.subarray(0, least))
  for (let length = least; ; length++) {
    if (growing.copy().digest('hex') === file.headSha256) return true
    if (length === head.length) return false
    growing.update(head.subarray(length, length + 1))
  }
}
