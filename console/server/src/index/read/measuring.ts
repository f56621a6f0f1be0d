import type { Sqlite } from '../../store/sqlite.ts'
import { columns } from '../columns.ts'

/** Events of one host within a time. */
export interface Measured {
  /** Numbers of the host. */
  hosts: readonly number[]
  fromMs: number
  toMs: number
}

const hourMs = 3_600_000
/** SQLite attaches at most ten. */
const mostAttached = 8
const all = Object.keys(columns)
  .map((name) => `"${name}"`)
  .join(', ')

/** Days that hold events of these hours. */
export async function daysOfHours(db: Sqlite, { hosts, fromMs, toMs }: Measured): Promise<string[]> {
  const rows = await db.all<{ day: string }>(
    `select distinct day from hour where host in (${listed(hosts)}) and hour between ? and ? order by day`,
    [Math.floor(fromMs / hourMs), Math.floor((toMs - 1) / hourMs)],
  )
  return rows.map(({ day }) => day)
}

/**
 * Makes `event` on a handle of its own: a view over the days, or a copy where they are too many.
 * @param before ids of events below this are complete
 */
export async function makeEvents(
  db: Sqlite,
  { hosts, fromMs, toMs, before, files }: Measured & { before: number; files: readonly string[] },
): Promise<void> {
  // Numbers of our own: a view takes no parameters.
  const where = `host in (${listed(hosts)}) and at >= ${fromMs} and at < ${toMs} and +id < ${before}`
  if (files.length === 0) return db.exec(`create temp table event (${all})`)
  if (files.length > mostAttached) return copy(db, files, where)
  for (const [i, file] of files.entries()) await db.run(`attach ? as d${i}`, [file])
  const parts = files.map((_, i) => `select ${all} from d${i}.event where ${where}`)
  return db.exec(`create temp view event as ${parts.join(' union all ')}`)
}

async function copy(db: Sqlite, files: readonly string[], where: string): Promise<void> {
  for (const [i, file] of files.entries()) {
    await db.run('attach ? as day', [file])
    const rows = `select ${all} from day.event where ${where}`
    await db.exec(i === 0 ? `create temp table event as ${rows}` : `insert into temp.event ${rows}`)
    await db.exec('detach day')
  }
}

function listed(hosts: readonly number[]): string {
  return hosts.join(', ') || 'null'
}
