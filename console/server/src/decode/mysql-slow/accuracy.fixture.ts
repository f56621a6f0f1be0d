import type { Accuracy } from '../accuracy.fixture.ts'
import type { Event } from '../decoder.ts'
import { decodeFile } from '../files.ts'
import { pathOf, truthOf } from '../shared-data.fixture.ts'

interface Counted {
  user_host_lines: number
  query_time_lines: number
  rows_examined_total: number
  rows_sent_total: number
  users: readonly string[]
}

/** For each log of go-mysql's tests: how many statements, rows sent and examined, and which accounts were counted by others. */
export async function statementAccuracy(): Promise<Accuracy & { differences: readonly unknown[] }> {
  const { files } = truthOf('mysql_slow_log') as { files: Record<string, Counted> }
  const compared: [name: string, what: string, expected: unknown, found: unknown][] = []
  for (const [name, truth] of Object.entries(files)) {
    const all = await Array.fromAsync(decodeFile(pathOf(`mysql_slow_log/${name}`), { as: 'mysql-slow' }))
    const statements = all.filter(({ event }) => event.duration !== undefined)
    const users = new Set(statements.filter(isFromAccount).flatMap(userOf))
    compared.push(
      [name, 'statements', truth.query_time_lines, statements.length],
      [name, 'with an account', truth.user_host_lines, statements.filter(isFromAccount).length],
      [name, 'rows sent', truth.rows_sent_total, sum(statements, 'rows_sent')],
      [name, 'rows examined', truth.rows_examined_total, sum(statements, 'rows_examined')],
      [name, 'accounts', [...truth.users].sort().join(), [...users].sort().join()],
    )
  }
  const differences = compared.filter(([, , expected, found]) => expected !== found)
  const right = compared.length - differences.length
  return { records: compared.length, right, wrong: differences.length, missed: 0, differences }
}

function userOf({ user }: Event): string[] {
  const name = (user as { name?: string } | undefined)?.name
  return name === undefined ? [] : [name]
}

/** Only lines that begin so were counted: in three of the logs the account stands behind the time, in the same line. */
function isFromAccount({ event }: Event): boolean {
  return /^# User@Host: /m.test(event.original ?? '')
}

function sum(events: readonly Event[], field: string): number {
  return events.reduce((total, { tidewaiter }) => total + Number(tidewaiter[field] ?? 0), 0)
}
