import { Damaged } from '../damaged.ts'
import { headBytes } from './head.ts'
import type { Image } from './image.ts'

/** A page of a tree (https://www.sqlite.org/fileformat2.html, 1.6). */
export interface Node {
  page: number
  bytes: Buffer
  isLeaf: boolean
  /** Of a table with rowids; the others are ordered by what their cells hold. */
  isTable: boolean
  cells: number
  /** Byte of the page at which a cell begins. */
  cellAt(index: number): number
  /** Page below a cell; that of `cells` is the last one. */
  childAt(index: number): number
}

const kinds: Readonly<Record<number, { isLeaf: boolean; isTable: boolean }>> = {
  2: { isLeaf: false, isTable: false },
  5: { isLeaf: false, isTable: true },
  10: { isLeaf: true, isTable: false },
  13: { isLeaf: true, isTable: true },
}

/** Throws `Damaged` for a page that is none of a tree. */
export function nodeOf(image: Image, page: number): Node {
  const bytes = image.page(page)
  const head = page === 1 ? headBytes : 0
  const kind = kinds[bytes.readUInt8(head)]
  if (kind === undefined) throw new Damaged('format-unknown', `Page ${page} is no page of a table.`)
  const cells = bytes.readUInt16BE(head + 3)
  const pointers = head + (kind.isLeaf ? 8 : 12)
  if (pointers + cells * 2 > image.usable)
    throw new Damaged('too-many', `Page ${page} says that it has ${cells} cells, which do not fit in it.`)
  const cellAt = (index: number) => bytes.readUInt16BE(pointers + index * 2)
  return {
    page,
    bytes,
    ...kind,
    cells,
    cellAt,
    childAt(index) {
      const at = index === cells ? head + 8 : cellAt(index)
      if (at + 4 > image.usable) throw new Damaged('place-impossible', `A cell of page ${page} lies outside of it.`)
      return bytes.readUInt32BE(at)
    },
  }
}
