import { Damaged } from '../damaged.ts'
import type { Guard } from './guard.ts'
import type { Node } from './node.ts'

/** A tree of 2^32 pages has fewer levels, even where each page has but three cells. */
export const mostLevels = 20

/** A page of a tree, as it is opened. Throws `Damaged`. */
export type OpenNode = (page: number) => Node

interface Step {
  node: Node
  /** Of an index: its cell that stands between two pages below it. */
  index?: number
}

/** The leaves of a tree in its order, and in an index what stands between them. */
export function* walk(root: number, open: OpenNode, { tried, isSpent }: Guard): Generator<Step> {
  const seen = new Set<number>()
  const stack: { node: Node; next: number }[] = []

  function enter(page: number): Node | undefined {
    return tried(page, () => {
      if (seen.has(page)) throw new Damaged('place-impossible', `Page ${page} leads back to itself.`)
      if (stack.length >= mostLevels)
        throw new Damaged('too-deep', `There are more than ${mostLevels} levels of pages.`)
      seen.add(page)
      return open(page)
    })
  }

  function down(page: number | undefined): Node | undefined {
    const node = page === undefined ? undefined : enter(page)
    if (node !== undefined && !node.isLeaf) stack.push({ node, next: 0 })
    return node?.isLeaf ? node : undefined
  }

  const first = down(root)
  if (first !== undefined) yield { node: first }
  for (let top = stack.at(-1); top !== undefined && !isSpent(); top = stack.at(-1)) {
    const { node, next } = top
    if (next > node.cells) {
      stack.pop()
      continue
    }
    top.next++
    if (next > 0 && !node.isTable) yield { node, index: next - 1 }
    const leaf = down(tried(node.page, () => node.childAt(next)))
    if (leaf !== undefined) yield { node: leaf }
  }
}
