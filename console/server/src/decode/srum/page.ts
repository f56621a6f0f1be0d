import { Damaged } from '../damaged.ts'
import { type Structure, structureOf } from '../structure.ts'

/** A page of a tree: its entries in the order of their keys. */
export interface Page {
  isLeaf: boolean
  entries: readonly Structure[]
}

const at = { owner: 24, tags: 34, flags: 36 }
const headBytes = 40
const largeHeadBytes = 80
const leafFlag = 0x02
/** Pages that are given back, and those of trees of room, of indexes and of long values. */
const otherFlags = 0x08 | 0x20 | 0x40 | 0x80
const deletedFlag = 0x2
const prefixedFlag = 0x4

/** True for a page that may hold rows or lead to some: others are not kept. */
export function holdsRows(page: Uint8Array): boolean {
  if (page.length < headBytes) return false
  const head = structureOf(page)
  return head.u32(at.owner) !== 0 && (head.u32(at.flags) & otherFlags) === 0
}

/**
 * What its entries hold behind their keys. Tags at its end say where each lies; the first is that of the page itself.
 * Throws `Damaged`.
 */
export function readPage(bytes: Uint8Array, isLarge: boolean): Page {
  const page = structureOf(bytes)
  const tags = page.u16(at.tags)
  if (tags * 4 > bytes.length) throw new Damaged('too-many', `A page says that it has ${tags} entries.`)
  const entries: Structure[] = []
  let left = bytes.length
  for (let tag = 1; tag < tags; tag++) {
    const entry = readEntry(page, tag, isLarge)
    left -= entry?.bytes.length ?? 0
    if (left < 0) throw new Damaged('place-impossible', 'Entries of a page lie one over the other.')
    if (entry !== undefined) entries.push(entry)
  }
  return { isLeaf: (page.u32(at.flags) & leafFlag) !== 0, entries }
}

/** Undefined for one that is deleted. */
function readEntry(page: Structure, tag: number, isLarge: boolean): Structure | undefined {
  const place = page.bytes.length - 4 * (tag + 1)
  const [size, start] = [page.u16(place), page.u16(place + 2)]
  const mask = isLarge ? 0x7fff : 0x1fff
  const entry = page.part((isLarge ? largeHeadBytes : headBytes) + (start & mask), size & mask)
  if (entry.bytes.length === 0) return undefined
  const flags = (isLarge ? entry.u16(0) : start) >> 13
  if ((flags & deletedFlag) !== 0) return undefined
  const keyAt = (flags & prefixedFlag) === 0 ? 0 : 2
  // In large pages the flags stand in the length of the first key.
  const keyBytes = entry.u16(keyAt) & 0x1fff
  const from = keyAt + 2 + keyBytes
  return entry.part(from, entry.bytes.length - from)
}
