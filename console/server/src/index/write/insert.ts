import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Value } from './row.ts'

/** Puts rows in. `values` are those of the columns, null for none. */
export type Insert = (id: number, values: readonly Value[]) => void

/** Columns are bits of one number. */
const mostColumns = 31
/** Rows of one kind have the same columns; what hosts make up shall not fill the memory with statements. */
const mostShapes = 200

/** Binds only what there is: a row has half of the columns at most, and each that is bound costs (measured: a tenth of the row). */
export function openInsert(
  db: DatabaseSync,
  { table, id, columns }: { table: string; id: string; columns: readonly string[] },
): Insert {
  if (columns.length > mostColumns) throw new RangeError(`${table} has more than ${mostColumns} columns`)
  const statements = new Map<number, StatementSync>()
  const prepare = (has: (column: number) => boolean): StatementSync => {
    const named = [id, ...columns.filter((_, i) => has(i)).map((column) => `"${column}"`)]
    return db.prepare(`insert into ${table} (${named.join(', ')}) values (${named.map(() => '?').join(', ')})`)
  }
  const whole = prepare(() => true)
  const ofShape = (shape: number): StatementSync => {
    const statement = prepare((column) => (shape & (1 << column)) !== 0)
    statements.set(shape, statement)
    return statement
  }
  return (row, values) => {
    let shape = 0
    const given: Value[] = [row]
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      if (value === null || value === undefined) continue
      shape |= 1 << i
      given.push(value)
    }
    const statement = statements.get(shape) ?? (statements.size < mostShapes ? ofShape(shape) : undefined)
    if (statement === undefined) whole.run(row, ...values)
    else statement.run(...given)
  }
}
