import type { Absence } from '@tidewaiter/protocol/api'
import { chainsOf } from './coverage.ts'
import type { Handles } from './handles.ts'
import { toTime } from './rows.ts'

const mostRows = 200

/** What a host sealed of its own runs and clocks, newest first. */
export async function absencesOf(handles: Handles, host: string): Promise<Absence[]> {
  const rows = await handles.events((db) =>
    db.all<{ kind: string; fromMs: number; toMs: number; says: string }>(
      `select kind, from_ms as fromMs, absence.to_ms as toMs, says from (select no from host where ${chainsOf}) as own
       join absence on absence.host = own.no order by from_ms desc, kind limit ${mostRows}`,
      [host],
    ),
  )
  return rows.map(({ kind, fromMs, toMs, says }) => ({ kind, from: toTime(fromMs), to: toTime(toMs), says }))
}
