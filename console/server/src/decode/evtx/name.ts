import { wideText } from '../wide.ts'
import { spend } from './budget.ts'
import { type Cursor, type Source, takeLong } from './source.ts'
import { Unreadable } from './unreadable.ts'

/** Place of the next name of the same hash (4), hash (2), number of characters (2); a NUL follows the characters. */
const headBytes = 8

/** A name by its place: it stands right here, or where it was first used in the chunk. */
export function takeName(cursor: Cursor): string {
  const offset = takeLong(cursor)
  const isHere = offset === cursor.at
  const name = nameAt(cursor.source, offset)
  if (isHere) cursor.at += headBytes + name.length * 2 + 2
  return name
}

function nameAt(source: Source, offset: number): string {
  const known = source.names.get(offset)
  if (known !== undefined) return known
  if (!isName(source, offset)) throw new Unreadable(`There is no name at byte ${offset} of its chunk.`)
  const length = source.data.getUint16(offset + 6, true)
  const name = wideText(source.bytes, offset + headBytes, offset + headBytes + length * 2)
  source.names.set(offset, name)
  return name
}

function lengthAt({ bytes, data }: Source, offset: number): number | undefined {
  if (offset + headBytes > bytes.length) return undefined
  const length = data.getUint16(offset + 6, true)
  return offset + headBytes + length * 2 + 2 > bytes.length ? undefined : length
}

/** True when a name stands at the place: one that was read before, or one whose characters have the hash beside them. */
export function isName(source: Source, offset: number): boolean {
  if (source.names.has(offset)) return true
  const length = lengthAt(source, offset)
  if (length === undefined || length === 0 || length > 1024) return false
  spend(source.budget, 1, length)
  let hash = 0
  for (let at = offset + headBytes; at < offset + headBytes + length * 2; at += 2)
    hash = (Math.imul(hash, 65_599) + source.data.getUint16(at, true)) | 0
  return (hash & 0xffff) === source.data.getUint16(offset + 4, true)
}
