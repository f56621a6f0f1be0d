import type { DatabaseSync } from 'node:sqlite'
import { neverHeld, notHeld } from '../never-held.ts'

/** How far the chain of each host is held, and since when something of it is not. */
export interface Held {
  /** The next batch of a chain. Returns what is not held before it: of a source that nobody named yet nobody knows whether it was in there. */
  add(host: number, batch: HeldBatch): Unheld | undefined
  /** Writes what changed into the transaction. */
  save(): void
  /** The transaction was given up. */
  forget(): void
}

/** Times by the console's clock. */
interface HeldBatch {
  seq: number
  fromMs: number
  toMs: number
  /** On a second branch of a fork, which has its beginning on the first. */
  isBranch: boolean
}

/** Missing since then: the first hole of a chain, or the time of its first batch that is held where that is not its first. */
export interface Unheld {
  sinceMs: number
  why: string
}

interface Tip {
  seq: number
  toMs: number
  unheld: Unheld | undefined
}

/** Chains that are kept in mind from one transaction to the next. */
const mostKnown = 100_000

export function openHeld(db: DatabaseSync): Held {
  const select = db.prepare('select * from held where host = ?')
  const upsert = db.prepare(
    'insert or replace into held (host, seq, to_ms, unheld_ms, unheld_why) values (?, ?, ?, ?, ?)',
  )
  const known = new Map<number, Tip>()
  const changed = new Set<number>()
  return {
    add(host, { seq, fromMs, toMs, isBranch }) {
      const tip = known.get(host) ?? toTip(select.get(host))
      const unheld = tip?.unheld ?? missingBefore({ seq, fromMs, isBranch }, tip)
      known.set(host, { seq, toMs: Math.max(toMs, tip?.toMs ?? toMs), unheld })
      changed.add(host)
      return unheld
    },
    save() {
      for (const host of changed) {
        const tip = known.get(host)
        if (tip !== undefined) upsert.run(host, tip.seq, tip.toMs, tip.unheld?.sinceMs ?? null, tip.unheld?.why ?? null)
      }
      changed.clear()
      if (known.size > mostKnown) known.clear()
    },
    forget() {
      known.clear()
      changed.clear()
    },
  }
}

function missingBefore({ seq, fromMs, isBranch }: Omit<HeldBatch, 'toMs'>, tip: Tip | undefined): Unheld | undefined {
  // Since when, and how much, nobody can say.
  if (tip === undefined) return seq > 1 && !isBranch ? { sinceMs: fromMs, why: neverHeld(seq) } : undefined
  return seq > tip.seq + 1 ? { sinceMs: tip.toMs, why: notHeld(tip.seq + 1, seq - 1) } : undefined
}

function toTip(row: Record<string, unknown> | undefined): Tip | undefined {
  if (row === undefined) return undefined
  const { seq, to_ms, unheld_ms, unheld_why } = row
  const unheld = unheld_ms === null ? undefined : { sinceMs: Number(unheld_ms), why: String(unheld_why) }
  return { seq: Number(seq), toMs: Number(to_ms), unheld }
}
