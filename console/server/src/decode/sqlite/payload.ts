import { Damaged } from '../damaged.ts'
import type { Image } from './image.ts'
import type { Node } from './node.ts'
import { type Cursor, length, varint } from './scalar.ts'

/** What a cell holds. */
export interface Cell {
  number: number | bigint | undefined
  payload: Buffer
  isCut: boolean
  /** Its page, then those it overflows to. */
  pages: number[]
  /** Bytes of the cell in its page. */
  size: number
}

/** More of one row is not read. */
const mostPayload = 1024 * 1024

/**
 * Reads a cell with its overflow pages. Throws `Damaged`.
 * @param claim throws for an overflow page that belongs to another cell: many cells with one long chain would cost the
 *   product of both
 */
export function readCell(image: Image, node: Node, { at, claim }: { at: number; claim: Claim }): Cell {
  const cursor: Cursor = { bytes: node.bytes.subarray(0, image.usable), at: node.isLeaf ? at : at + 4 }
  const total = length(cursor)
  const number = node.isTable ? varint(cursor) : undefined
  const local = localBytes(image.usable, total, node.isTable)
  const end = cursor.at + local
  if (end + (local < total ? 4 : 0) > image.usable)
    throw new Damaged('place-impossible', `A cell of page ${node.page} goes beyond its end.`)
  const own = cursor.bytes.subarray(cursor.at, end)
  const cell: Cell = { number, payload: own, isCut: false, pages: [node.page], size: end - at }
  if (local === total) return cell
  return {
    ...cell,
    ...overflow(image, { cell, total, first: cursor.bytes.readUInt32BE(end), claim }),
    size: cell.size + 4,
  }
}

export type Claim = (page: number) => void

/** How much of a payload stands in the page itself; the formulas of the file format (1.6). */
function localBytes(usable: number, total: number, isTable: boolean): number {
  const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23
  if (total <= most) return total
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const fitting = least + ((total - least) % (usable - 4))
  return fitting <= most ? fitting : least
}

interface Chain {
  cell: Cell
  total: number
  first: number
  claim: Claim
}

function overflow(image: Image, { cell, total, first, claim }: Chain): Pick<Cell, 'payload' | 'isCut' | 'pages'> {
  const wanted = Math.min(total, mostPayload)
  const parts = [cell.payload]
  const pages = [...cell.pages]
  let bytes = cell.payload.length
  for (let next = first; bytes < wanted; ) {
    const page = image.page(next)
    claim(next)
    const part = page.subarray(4, Math.min(image.usable, 4 + wanted - bytes))
    parts.push(part)
    pages.push(next)
    bytes += part.length
    next = page.readUInt32BE(0)
  }
  return { payload: Buffer.concat(parts), isCut: wanted < total, pages }
}
