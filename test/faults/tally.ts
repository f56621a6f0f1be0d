import { appendFileSync } from 'node:fs'
import { afterAll } from 'vitest'
import { type Row, tableOf } from './table.ts'

const rows = new Map<string, Row>()
const total: Row = { kind: 'in all', faults: 0, records: 0, lost: 0 }

/** So many times what fits into CI; `npm run test:long` sets it. */
export const longer = Number(process.env.TIDEWAITER_FAULTS ?? 1)

/** What one run tried, by kind, and what was looked for after it; a record counts once for every kind of fault of its run. */
export function tally(tried: ReadonlyMap<string, number>, { records = 0, lost = 0 } = {}): void {
  for (const [kind, faults] of tried) add(rowOf(kind), { faults, records, lost })
  add(total, { faults: [...tried.values()].reduce((sum, faults) => sum + faults, 0), records, lost })
}

function rowOf(kind: string): Row {
  const row = rows.get(kind) ?? { kind, faults: 0, records: 0, lost: 0 }
  rows.set(kind, row)
  return row
}

function add(row: Row, { faults, records, lost }: Omit<Row, 'kind'>): void {
  row.faults += faults
  row.records += records
  row.lost += lost
}

/** Prints what a file of tests has tried, and leaves it for the table of all of them. */
export function printTally(): void {
  afterAll(() => {
    if (rows.size === 0) return
    const all = [...[...rows.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1)), total]
    console.log(`\n${tableOf(all)}\n`)
    const file = process.env.TIDEWAITER_FAULTS_TALLY
    if (file !== undefined) for (const row of all) appendFileSync(file, `${JSON.stringify(row)}\n`)
  })
}
