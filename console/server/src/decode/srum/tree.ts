import { type Damage, Damaged, readOr } from '../damaged.ts'
import type { Structure } from '../structure.ts'
import { type Page, readPage } from './page.ts'

/** Pages that are held, by their number, with the record each came in. */
export interface Pages {
  isLarge: boolean
  held: ReadonlyMap<number, { bytes: Uint8Array; record: string }>
}

/** A row as it lies in its page, and the record of the page. */
export interface Leaf {
  data: Structure
  record: string
}

/** What the walks over all trees of a database share. */
export interface Walk {
  /** Pages that were read. */
  seen: Set<number>
  /** Takes what cannot be read. */
  tell: (damage: Damage) => void
}

const mostLevels = 16

/**
 * Rows of a tree in the order of their keys. A page is read once, whatever leads to it. What cannot be read is told, and the rest is given.
 */
export function* leavesOf(pages: Pages, root: number, walk: Walk): Generator<Leaf> {
  const open: Place[] = [{ number: root, level: 0 }]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const page = takePage(pages, place, walk)
    if (page?.isLeaf === true) {
      const record = pages.held.get(place.number)?.record ?? ''
      for (const data of page.entries) yield { data, record }
    } else if (page !== undefined)
      for (const number of childrenOf(page).reverse()) open.push({ number, level: place.level + 1 })
  }
}

interface Place {
  number: number
  level: number
}

/** Undefined, and told, for a page that cannot be read or was read before. */
function takePage(pages: Pages, { number, level }: Place, { seen, tell }: Walk): Page | undefined {
  if (seen.has(number)) {
    tell({ code: 'place-impossible', says: `Two places lead to page ${number}.` })
    return undefined
  }
  return readOr<Page | undefined>(
    () => {
      if (level > mostLevels) throw new Damaged('too-deep', 'It lies too deep in its tree.')
      seen.add(number)
      return readPage(bytesOf(pages, number), pages.isLarge)
    },
    ({ code, says }) => {
      tell({ code, says: `Page ${number}: ${says}` })
      return undefined
    },
  )
}

function bytesOf({ held }: Pages, number: number): Uint8Array {
  const page = held.get(number)
  if (page === undefined) throw new Damaged('ends-early', 'It is not here, or holds no rows.')
  return page.bytes
}

/** A branch holds the number of a page behind each key. */
function childrenOf({ entries }: Page): number[] {
  return entries.filter(({ bytes }) => bytes.length >= 4).map((entry) => entry.u32(0))
}
