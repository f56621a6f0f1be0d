import type { Accuracy } from '../accuracy.fixture.ts'
import { type Asked, databaseBytes, databaseNames, withSqlite } from '../database.fixture.ts'
import type { Database, Table, Value } from '../database.ts'
import { opened } from './sqlite.fixture.ts'

/** Rows of all tables of all sample databases, held to what SQLite itself answers. */
export function tableRowAccuracy(): Accuracy {
  const sum: Accuracy = { records: 0, right: 0, wrong: 0, missed: 0 }
  for (const name of databaseNames) {
    const one = tableAccuracy(databaseBytes(name))
    for (const key of ['records', 'right', 'wrong', 'missed'] as const) sum[key] += one[key]
  }
  return sum
}

export function tableAccuracy(bytes: Buffer): Accuracy {
  const database = opened(bytes)
  return withSqlite(bytes, (sqlite) => compare(database, sqlite))
}

function compare(database: Database, { ask }: Asked): Accuracy {
  const sum: Accuracy = { records: 0, right: 0, wrong: 0, missed: 0 }
  for (const { name } of ask(`select name from sqlite_master where type = 'table' and rootpage > 0`)) {
    const expected = ask(`select * from "${name}"`).map((row) => written(Object.values(row)))
    const table = database.table(String(name))
    const found = table === undefined ? [] : rowTexts(table)
    const right = expected.filter((row, i) => row === found[i]).length
    sum.records += expected.length
    sum.right += right
    sum.missed += Math.max(0, expected.length - found.length)
    sum.wrong += Math.min(expected.length, found.length) - right + Math.max(0, found.length - expected.length)
  }
  return sum
}

function rowTexts(table: Table): string[] {
  return Array.from(table.rows(), ({ values }) => written(table.columns.map((column) => values.get(column))))
}

function written(values: readonly (Value | undefined)[]): string {
  return JSON.stringify(values.map((value) => (value === undefined ? 'not there' : textOf(value))))
}

/** A real number without a fraction is written as an integer in the file, and here. */
function textOf(value: Value): string | null {
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`
  return value === null ? null : typeof value === 'string' ? `'${value}'` : String(value)
}
