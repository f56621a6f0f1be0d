import type { DatabaseSync } from 'node:sqlite'
import type { Event } from '../../decode/decoder.ts'
import { isRow, type Row, textIn } from '../../decode/row.ts'
import type { Numbers } from './numbers.ts'

/** When sources gave nothing, and why, as their host sealed it: what it is told of now is forgotten once they are well. */
export interface IllSources {
  /** @param event of source `agent:run` */
  add(host: number, event: Event, offsetMs: number): void
}

/** Kept of one source: one that is well and ill again and again makes no more. */
const mostOfSource = 200
const mostCharacters = 500

export function openIllSources(db: DatabaseSync, numbers: Numbers): IllSources {
  const begin = db.prepare(
    'insert or replace into ill (source, from_ms, to_ms, state, why, fix) values (?, ?, null, ?, ?, ?)',
  )
  const end = db.prepare('update ill set to_ms = max(?, from_ms) where source = ? and to_ms is null')
  const endAll = db.prepare(
    'update ill set to_ms = max(?, from_ms) where to_ms is null and source in (select no from source where host = ?)',
  )
  const trim = db.prepare(
    `delete from ill where source = ?1 and from_ms <
     (select from_ms from ill where source = ?1 order by from_ms desc limit 1 offset ${mostOfSource})`,
  )
  const set = (host: number, said: Row, atMs: number) => {
    const [id, state] = [textIn(said, 'id'), textIn(said, 'state')]
    const source = id === undefined ? undefined : numbers.source(host, id.slice(0, 1024))
    if (source === undefined || numbers.isRest(source)) return
    end.run(atMs, source)
    if (state !== 'not-enabled' && state !== 'failed') return
    begin.run(source, atMs, state, short(said, 'why'), short(said, 'fix'))
    trim.run(source)
  }
  return {
    add(host, { event, tidewaiter: { agent }, ...rest }, offsetMs) {
      const atMs = Date.parse(rest['@timestamp'] ?? '') - offsetMs
      if (!isRow(agent) || event.action !== 'sources' || Number.isNaN(atMs)) return
      // A run says at first all that is ill: what was before it is over.
      if (agent.whole === true) endAll.run(atMs, host)
      const said = Array.isArray(agent.sources) ? agent.sources.filter(isRow) : []
      for (const each of said) set(host, each, atMs)
    },
  }
}

function short(row: Row, name: string): string | null {
  return textIn(row, name)?.slice(0, mostCharacters) ?? null
}
