import { type Damage, readOr } from '../damaged.ts'
import { type Identity, identityOf } from './application.ts'
import { readCatalog, type Table } from './catalog.ts'
import { type Row, readRow } from './row.ts'
import type { Used } from './to-event.ts'
import { leavesOf, type Pages, type Walk } from './tree.ts'

const identities = 'SruDbIdMapTable'

/** Rows of all tables of providers, which are named by a GUID, in the order of the catalog. What cannot be read is told. */
export function* rowsOf(pages: Pages, tell: (damage: Damage) => void): Generator<Used> {
  const walk: Walk = { seen: new Set(), tell }
  const tables = readCatalog(pages, walk)
  const known = new Map<number, Identity>()
  for (const table of tables.filter(({ name }) => name === identities))
    for (const { row, record } of rowsOfTable(pages, table, walk)) {
      const found = identityOf(row, record)
      if (found !== undefined) known.set(found.index, found.identity)
    }
  const identityIn = (row: Row, name: string) => {
    const id = row.get(name)
    return typeof id === 'number' ? known.get(id) : undefined
  }
  for (const table of tables.filter(({ name }) => name.startsWith('{')))
    for (const { row, record } of rowsOfTable(pages, table, walk))
      yield {
        ...{ table: table.name, row, record },
        ...{ application: identityIn(row, 'AppId'), user: identityIn(row, 'UserId') },
      }
}

function* rowsOfTable(pages: Pages, { root, columns }: Table, walk: Walk): Generator<{ row: Row; record: string }> {
  for (const { data, record } of leavesOf(pages, root, walk)) {
    const row = readOr<Row | undefined>(
      () => readRow(data, columns, pages.isLarge),
      (damage) => {
        walk.tell(damage)
        return undefined
      },
    )
    if (row !== undefined) yield { row, record }
  }
}
