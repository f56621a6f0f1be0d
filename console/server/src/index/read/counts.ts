import type { Handles } from './handles.ts'
import type { Names } from './names.ts'
import { toTime } from './rows.ts'

/** Events held. */
export async function countEvents(handles: Handles): Promise<number> {
  const [row] = await handles.events((db) => db.all<{ events: number | null }>('select sum(events) as events from day'))
  return row?.events ?? 0
}

/** Events held of a host, by dataset. */
export async function datasetsOf(
  handles: Handles,
  names: Names,
  host: string,
): Promise<{ dataset: string; count: number; lastAt: string }[]> {
  const numbers = names.numbersOf(host).join(', ') || 'null'
  const rows = await handles.events((db) =>
    db.all<{ dataset: string; count: number; lastAt: number }>(
      `select dataset, sum(count) as count, max(last_at) as lastAt from dataset where host in (${numbers})
       group by dataset order by dataset`,
    ),
  )
  return rows.map(({ dataset, count, lastAt }) => ({ dataset, count, lastAt: toTime(lastAt) }))
}
