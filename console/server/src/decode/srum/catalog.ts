import { readOr } from '../damaged.ts'
import { type Column, isFixed, type Row, readRow } from './row.ts'
import { leavesOf, type Pages, type Walk } from './tree.ts'

/** A table as the catalog describes it. */
export interface Table {
  name: string
  /** Page at which its tree begins. */
  root: number
  /** In the order of their ids. */
  columns: readonly Column[]
}

/** The catalog is a table of the database; where it begins and what it has is fixed. */
const catalogRoot = 4
const catalogColumns: readonly Column[] = [
  { id: 1, name: 'ObjidTable', type: 4, at: 4, bytes: 4 },
  { id: 2, name: 'Type', type: 3, at: 8, bytes: 2 },
  { id: 3, name: 'Id', type: 4, at: 10, bytes: 4 },
  { id: 4, name: 'ColtypOrPgnoFDP', type: 4, at: 14, bytes: 4 },
  { id: 5, name: 'SpaceUsage', type: 4, at: 18, bytes: 4 },
  { id: 9, name: 'RecordOffset', type: 3, at: 31, bytes: 2 },
  // Written in ASCII.
  { id: 128, name: 'Name', type: 9, at: 0, bytes: 0 },
]

const kind = { table: 1, column: 2 }
const mostTables = 1000
const mostColumns = 10_000
/** As JET_cbNameMost. */
const mostCharacters = 64

/** Sizes of fixed columns by their type; those of others stand in the catalog. */
const sizes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 4,
  7: 8,
  8: 8,
  14: 4,
  15: 8,
  16: 16,
  17: 2,
}

/** Tables by their names. Columns of templates are not followed: this database has none. */
export function readCatalog(pages: Pages, { seen, tell }: Walk): Table[] {
  const tables = new Map<number, { name: string; root: number; columns: Column[] }>()
  let columns = 0
  for (const { data } of leavesOf(pages, catalogRoot, { seen, tell })) {
    const row = readOr<Row>(
      () => readRow(data, catalogColumns, pages.isLarge),
      (damage) => {
        tell(damage)
        return new Map()
      },
    )
    const [owner, type, id] = [numberIn(row, 'ObjidTable'), numberIn(row, 'Type'), numberIn(row, 'Id')]
    if (type === kind.table && tables.size < mostTables)
      tables.set(owner, { name: nameIn(row), root: numberIn(row, 'ColtypOrPgnoFDP'), columns: [] })
    else if (type === kind.column && columns++ < mostColumns) tables.get(owner)?.columns.push(columnOf(row, id))
  }
  return [...tables.values()].map((table) => ({ ...table, columns: ordered(table.columns) }))
}

/** By their ids, each once. Fixed columns do not share a byte: what a catalog adds to them is left out. */
function ordered(columns: readonly Column[]): Column[] {
  const byId = [...new Map(columns.map((column) => [column.id, column])).values()].sort((a, b) => a.id - b.id)
  let end = 0
  return byId.filter((column) => {
    if (!isFixed(column)) return true
    if (column.at < end || column.bytes < 1) return false
    end = column.at + column.bytes
    return true
  })
}

function columnOf(row: Row, id: number): Column {
  const type = numberIn(row, 'ColtypOrPgnoFDP')
  const column = { id, name: nameIn(row), type, at: numberIn(row, 'RecordOffset'), bytes: 0 }
  return isFixed(column) ? { ...column, bytes: sizes[type] ?? numberIn(row, 'SpaceUsage') } : column
}

function numberIn(row: Row, name: string): number {
  const value = row.get(name)
  return typeof value === 'number' ? value : 0
}

function nameIn(row: Row): string {
  const value = row.get('Name')
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1').slice(0, mostCharacters) : ''
}
