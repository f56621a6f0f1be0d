import { Damaged } from '../damaged.ts'

/** Told of what is left out: `page` is damaged, or a cell of it. */
export type Report = (damage: Damaged, page: number) => void

/** Damage of one database that is looked at: made by hand, every page leads to a hundred that are. */
const mostDamages = 20_000

/** What keeps a database from costing more than its length, whatever its pages say. */
export interface Guard {
  /** What `read` gives; undefined where it meets damage, which is reported. */
  tried<T>(page: number, read: () => T): T | undefined
  /** Throws for a page that something else has: no page is read as two things. `owner`: any number that is its own. */
  claim(page: number, owner: number): void
  report: Report
  /** True when there was too much damage to go on. */
  isSpent(): boolean
}

export function guardOf(report: Report): Guard {
  const owners = new Map<number, number>()
  let damages = 0
  return {
    tried(page, read) {
      try {
        return read()
      } catch (cause) {
        if (!(cause instanceof Damaged)) throw cause
        damages++
        report(cause, page)
        return undefined
      }
    },
    claim(page, owner) {
      const before = owners.get(page)
      if (before !== undefined && before !== owner)
        throw new Damaged('place-impossible', `Page ${page} is used in two places.`)
      owners.set(page, owner)
    },
    report,
    isSpent: () => damages >= mostDamages,
  }
}
