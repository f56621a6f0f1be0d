import type { DatabaseSync } from 'node:sqlite'
import type { Event } from '../../decode/decoder.ts'
import { isRow, type Row, textIn } from '../../decode/row.ts'
import { type Clock, heldTo } from './clock.ts'

/** What hosts sealed of their own runs and clocks: it names pauses in their coverage, and settles what a silence was. */
export interface Absences {
  /** @param event of source `agent:run` */
  add(host: number, event: Event, clock: Clock): void
}

/** Kept of one host: one that lies makes no more. */
const mostOfHost = 1000
const mostCharacters = 500

export function openAbsences(db: DatabaseSync): Absences {
  const insert = db.prepare('insert or ignore into absence (host, from_ms, to_ms, kind, says) values (?, ?, ?, ?, ?)')
  const trim = db.prepare(
    `delete from absence where host = ?1 and from_ms <
     (select from_ms from absence where host = ?1 order by from_ms desc limit 1 offset ${mostOfHost})`,
  )
  return {
    add(host, event, clock) {
      const found = absenceIn(event)
      if (found === undefined) return
      const [fromMs, toMs] = [heldTo(clock, Date.parse(found.from)), heldTo(clock, Date.parse(found.to))]
      if (Number.isNaN(fromMs) || Number.isNaN(toMs)) return
      insert.run(host, Math.min(fromMs, toMs), toMs, found.kind, (event.message ?? '').slice(0, mostCharacters))
      trim.run(host)
    },
  }
}

interface Found {
  kind: string
  from: string
  to: string
}

function absenceIn({ event, tidewaiter: { agent }, ...rest }: Event): Found | undefined {
  const at = rest['@timestamp']
  if (!isRow(agent) || event.action === undefined || at === undefined) return undefined
  switch (event.action) {
    case 'started':
      return isRow(agent.before) ? endOf(agent.before, at) : undefined
    case 'asleep':
    case 'stalled':
      return { kind: event.action, from: textIn(agent, 'from') ?? at, to: textIn(agent, 'to') ?? at }
    case 'clock-step':
      return { kind: event.action, from: at, to: at }
    default:
      return undefined
  }
}

/** From the last sign of the run before to the start of this one. */
function endOf(before: Row, to: string): Found | undefined {
  const kind = textIn(before, 'ended')
  return kind === undefined ? undefined : { kind: kind.slice(0, 40), from: textIn(before, 'at') ?? to, to }
}
