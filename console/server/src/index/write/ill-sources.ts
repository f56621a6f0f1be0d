import type { DatabaseSync } from 'node:sqlite'
import type { Event } from '../../decode/decoder.ts'
import { isRow, type Row, textIn } from '../../decode/row.ts'
import { type Clock, heldTo } from './clock.ts'
import type { Numbers } from './numbers.ts'

/** When sources gave nothing, and why, as their host sealed it: what it is told of now is forgotten once they are well. */
export interface IllSources {
  /** @param event of source `agent:run` */
  add(host: number, event: Event, clock: Clock): void
  /** The transaction was given up. */
  forget(): void
}

/** Kept of one source: one that is well and ill again and again makes no more. */
const mostOfSource = 200
/** Kept of one host, at most twice as many: the oldest go, and why its sources were away then is not known any more. */
export const mostIll = 5_000
const mostCharacters = 500

/** What is kept of a host: sources that are ill until it says otherwise, and how many rows there are at most. */
interface Kept {
  open: Set<number>
  rows: number
}

export function openIllSources(db: DatabaseSync, numbers: Numbers): IllSources {
  const begin = db.prepare(
    'insert or replace into ill (source, from_ms, to_ms, state, why, fix) values (?, ?, null, ?, ?, ?)',
  )
  const end = db.prepare('update ill set to_ms = max(?, from_ms) where source = ? and to_ms is null')
  const trim = db.prepare(
    `delete from ill where source = ?1 and from_ms <
     (select from_ms from ill where source = ?1 order by from_ms desc limit 1 offset ${mostOfSource})`,
  )
  const ofHost = 'source join ill on ill.source = source.no where host = ?1'
  // Of one time are as many as there are sources: those are told apart too, or nothing of them would go.
  const trimHost = db.prepare(
    `delete from ill where source in (select no from source where host = ?1) and (from_ms, source) <=
     (select from_ms, ill.source from ${ofHost} order by from_ms desc, ill.source desc limit 1 offset ${mostIll})`,
  )
  const open = db.prepare(`select ill.source from ${ofHost} and to_ms is null`)
  const count = db.prepare(`select count(*) as n from ${ofHost}`)
  const known = new Map<number, Kept>()
  const keptOf = (host: number): Kept => {
    const kept = known.get(host) ?? {
      open: new Set(open.all(host).map(({ source }) => Number(source))),
      rows: Number(count.get(host)?.n),
    }
    known.set(host, kept)
    return kept
  }
  /** Costs nothing where it is not ill: a host may say so of as many as it likes, as often as it likes. */
  const endOf = (host: number, source: number, atMs: number) => {
    if (keptOf(host).open.delete(source)) end.run(atMs, source)
  }
  const set = (host: number, said: Row, atMs: number) => {
    const [id, state] = [textIn(said, 'id'), textIn(said, 'state')]
    const source = id === undefined ? undefined : numbers.source(host, id.slice(0, 1024))
    if (source === undefined || numbers.isRest(source)) return
    endOf(host, source, atMs)
    if (state !== 'not-enabled' && state !== 'failed') return
    begin.run(source, atMs, state, short(said, 'why'), short(said, 'fix'))
    trim.run(source)
    const kept = keptOf(host)
    kept.open.add(source)
    kept.rows += 1
    if (kept.rows <= 2 * mostIll) return
    trimHost.run(host)
    known.delete(host)
  }
  return {
    add(host, { event, tidewaiter: { agent }, ...rest }, clock) {
      const atMs = heldTo(clock, Date.parse(rest['@timestamp'] ?? ''))
      if (!isRow(agent) || event.action !== 'sources' || Number.isNaN(atMs)) return
      // A run says at first all that is ill: what was before it is over.
      if (agent.whole === true) for (const source of [...keptOf(host).open]) endOf(host, source, atMs)
      const said = Array.isArray(agent.sources) ? agent.sources.filter(isRow) : []
      for (const each of said) set(host, each, atMs)
    },
    forget: () => known.clear(),
  }
}

function short(row: Row, name: string): string | null {
  return textIn(row, name)?.slice(0, mostCharacters) ?? null
}
