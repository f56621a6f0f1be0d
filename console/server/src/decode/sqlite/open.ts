import { Damaged } from '../damaged.ts'
import type { DamagedPlace, Database, Row, Table, Value } from '../database.ts'
import { type Column, type Layout, layoutOf } from './columns.ts'
import type { Image } from './image.ts'
import type { Cell } from './payload.ts'
import { readRecord } from './record.ts'
import { type Trees, treesOf } from './tree.ts'

/** Damage that is told one by one; beyond it is counted. */
const mostDamages = 100
const mostTables = 10_000
/** A statement is not longer: SQLite takes a million bytes, tables of programs have some thousand. */
const mostSql = 65_536

export interface OpenDatabase extends Database {
  /** What was met so far, each place once. */
  damages(): { told: readonly DamagedPlace[]; more: number }
}

export function openDatabase(image: Image): OpenDatabase {
  const damages = new Map<string, DamagedPlace>()
  let more = 0
  const trees = treesOf(image, report)

  function report({ damage }: Damaged, page: number): void {
    const key = `${page} ${damage.says}`
    if (damages.has(key)) return
    if (damages.size < mostDamages) damages.set(key, { ...damage, record: image.recordOf(page) })
    else more++
  }

  const access: Access = { image, trees, report }
  const tables = new Map<string, Table>()
  for (const table of schemaOf(access)) {
    if (tables.size >= mostTables) break
    const key = table.name.toLowerCase()
    if (!tables.has(key)) tables.set(key, table)
  }
  return {
    table: (name) => tables.get(name.toLowerCase()),
    tables: () => tables.values(),
    about: image.about,
    damages: () => ({ told: [...damages.values()], more }),
  }
}

interface Access {
  image: Image
  trees: Trees
  report(damage: Damaged, page: number): void
}

const column = (name: string): Column => ({ name, initial: null, isNumber: false })
const schemaColumns = ['type', 'name', 'tbl_name', 'rootpage', 'sql'].map(column)
const schema: Layout = { columns: schemaColumns, stored: schemaColumns, hasRowid: true }

/** Ordinary tables; the root of a virtual one is 0. */
function* schemaOf(access: Access): Generator<Table> {
  for (const { values } of tableOf(access, { name: 'sqlite_schema', root: 1, layout: schema }).rows()) {
    const [type, name, root, sql] = ['type', 'name', 'rootpage', 'sql'].map((key) => values.get(key))
    if (type !== 'table' || typeof name !== 'string' || typeof root !== 'number' || typeof sql !== 'string') continue
    const layout = root > 0 && sql.length <= mostSql ? layoutOf(sql) : undefined
    if (layout !== undefined) yield tableOf(access, { name, root, layout })
  }
}

function tableOf(access: Access, { name, root, layout }: { name: string; root: number; layout: Layout }): Table {
  const { trees, report } = access

  function rowOf(cell: Cell): Row | undefined {
    try {
      return toRow(access, cell, layout)
    } catch (cause) {
      if (!(cause instanceof Damaged)) throw cause
      report(cause, cell.pages[0] ?? root)
      return undefined
    }
  }

  let counted: number | undefined
  return {
    name,
    columns: layout.columns.map((each) => each.name),
    *rows() {
      for (const cell of trees.cells(root)) {
        const row = rowOf(cell)
        if (row !== undefined) yield row
      }
    },
    row(number) {
      if (typeof number !== 'number' && typeof number !== 'bigint') return undefined
      const cell = trees.find(root, number)
      return cell && rowOf(cell)
    },
    count() {
      counted ??= trees.count(root)
      return counted
    },
  }
}

function toRow({ image }: Access, cell: Cell, { stored, hasRowid }: Layout): Row {
  if (hasRowid !== (cell.number !== undefined))
    throw new Damaged('format-unknown', 'A page of a table is one of an index, or the other way round.')
  const { isCut } = cell
  const read = readRecord(cell.payload, { encoding: image.encoding, isCut })
  const values = new Map<string, Value>()
  for (const [i, { name, initial, isNumber }] of stored.entries()) {
    const value = i < read.length ? read[i] : isCut ? undefined : initial
    if (value !== undefined) values.set(name, isNumber && cell.number !== undefined ? cell.number : value)
  }
  const [first = 1, ...rest] = cell.pages
  return { number: cell.number, values, records: [image.recordOf(first), ...rest.map(image.recordOf)], isCut }
}
