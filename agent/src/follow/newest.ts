import type { OpenFile, Unreadable } from '../host.ts'
import type { Found } from './find.ts'
import { bufferBytes } from './reading-room.ts'
import type { Reading } from './trail.ts'

interface Bound {
  newestBytes?: number | undefined
  reading: Pick<Reading, 'room' | 'shape'>
}

/** Where reading begins in a file that is longer than is wanted of it: at the first line of its newest bytes. */
export async function onlyNewest(
  found: Found | Unreadable,
  { newestBytes, reading: { room, shape } }: Bound,
): Promise<Found | Unreadable> {
  if (typeof found === 'string' || newestBytes === undefined || !shape.lf) return found
  const { size } = await found.file.stat()
  if (size <= newestBytes) return found
  const offset = await lineFrom(found.file, size - newestBytes, room.of(bufferBytes))
  return { ...found, offset, lost: `only the newest ${Math.round(newestBytes / 1e6)} MB of the file are read` }
}

/** The first line that begins at this byte or behind it; where none does soon, the byte itself. */
async function lineFrom(file: OpenFile, at: number, buffer: Buffer): Promise<number> {
  const bytes = buffer.subarray(0, await file.read(buffer, at - 1))
  return at + Math.max(bytes.indexOf(10), 0)
}
