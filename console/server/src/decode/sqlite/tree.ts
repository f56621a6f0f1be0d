import { Damaged } from '../damaged.ts'
import { type Guard, guardOf, type Report } from './guard.ts'
import type { Image } from './image.ts'
import { type Node, nodeOf } from './node.ts'
import { type Cell, readCell } from './payload.ts'
import { varint } from './scalar.ts'
import { mostLevels, walk } from './walk.ts'

/** Trees of one database. A page belongs to one of them. */
export interface Trees {
  /** Every cell that holds a row, in the order of the tree. */
  cells(root: number): Generator<Cell>
  /** Reads no row. */
  count(root: number): number
  /** The row with this rowid. */
  find(root: number, number: number | bigint): Cell | undefined
}

interface Access {
  image: Image
  guard: Guard
}

export function treesOf(image: Image, report: Report): Trees {
  const access = { image, guard: guardOf(report) }
  const opener = (root: number) => (page: number) => openNode(access, page, root)
  return {
    *cells(root) {
      for (const { node, index } of walk(root, opener(root), access.guard)) {
        if (index === undefined) yield* cellsOf(access, node)
        else yield* access.guard.tried(node.page, () => [cellOf(access, node, index)]) ?? []
      }
    },
    count(root) {
      let count = 0
      for (const { node, index } of walk(root, opener(root), access.guard))
        count += index === undefined ? node.cells : 1
      return count
    },
    find: (root, number) => access.guard.tried(root, () => find(access, root, number)),
  }
}

function openNode({ image, guard }: Access, page: number, root: number): Node {
  guard.claim(page, root)
  return nodeOf(image, page)
}

function cellOf({ image, guard }: Access, node: Node, index: number): Cell {
  const at = node.cellAt(index)
  // Beyond every root: pages are numbered with 32 bits.
  const owner = (node.page + 1) * 0x1_0000_0000 + at
  return readCell(image, node, { at, claim: (page) => guard.claim(page, owner) })
}

/** Cells lie side by side: those that lie over each other would make a page hold more than it is long. */
function* cellsOf(access: Access, node: Node): Generator<Cell> {
  const { image, guard } = access
  let left = image.usable
  for (let index = 0; index < node.cells; index++) {
    const cell = guard.tried(node.page, () => cellOf(access, node, index))
    if (cell === undefined) continue
    left -= cell.size
    if (left < 0) {
      guard.report(new Damaged('too-large', `The cells of page ${node.page} lie over each other.`), node.page)
      return
    }
    yield cell
  }
}

function find(access: Access, root: number, number: number | bigint): Cell | undefined {
  let node = openNode(access, root, root)
  for (let level = 0; !node.isLeaf; level++) {
    if (level >= mostLevels) throw new Damaged('too-deep', `There are more than ${mostLevels} levels of pages.`)
    const page = node.childAt(firstFrom(node, number))
    node = openNode(access, page, root)
  }
  const index = firstFrom(node, number)
  if (index === node.cells || keyAt(node, index) !== number) return undefined
  return cellOf(access, node, index)
}

/** The first cell whose rowid is not below `number`. */
function firstFrom(node: Node, number: number | bigint): number {
  let [low, high] = [0, node.cells]
  while (low < high) {
    const middle = (low + high) >> 1
    if (keyAt(node, middle) < number) low = middle + 1
    else high = middle
  }
  return low
}

function keyAt(node: Node, index: number): number | bigint {
  const cursor = { bytes: node.bytes, at: node.cellAt(index) + (node.isLeaf ? 0 : 4) }
  // In a leaf the length of the payload stands before it.
  if (node.isLeaf) varint(cursor)
  return varint(cursor)
}
