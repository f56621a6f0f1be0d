import type { Asked } from './asking.ts'
import type { Handles } from './handles.ts'

/** A partition: events received on one day of the console, and the times they lie between. */
export interface Day {
  name: string
  minAt: number
  maxAt: number
}

const hourMs = 3_600_000

/** Days that hold something of the span that may be seen, oldest first. */
export function daysOf(
  handles: Handles,
  { asOf, host, fromMs, toMs }: Pick<Asked, 'asOf' | 'host' | 'fromMs' | 'toMs'>,
): Promise<Day[]> {
  const where = ['day.first_position < ?']
  const hours: string[] = []
  const parameters: number[] = [asOf]
  if (fromMs !== undefined) {
    hours.push('hour >= ?')
    parameters.push(Math.floor(fromMs / hourMs))
  }
  if (toMs !== undefined) {
    hours.push('hour <= ?')
    parameters.push(Math.floor(toMs / hourMs))
  }
  // One event of long ago makes a day overlap with everything since: hours say better what it holds.
  if (host !== undefined) hours.push(`host in (${host.join(', ') || 'null'})`)
  if (hours.length > 0) where.push(`day in (select day from hour where ${hours.join(' and ')})`)
  return handles.events((db) =>
    db.all<Day>(
      `select day as name, min_at as minAt, max_at as maxAt from day where ${where.join(' and ')} order by day`,
      parameters,
    ),
  )
}
