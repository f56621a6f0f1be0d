import { existsSync, readFileSync } from 'node:fs'

/** Of one kind of fault: how often it was tried, how many records were looked for afterwards, how many were lost and counted. */
export interface Row {
  kind: string
  faults: number
  records: number
  lost: number
}

/** What was tried by kind, and in all, as a table. */
export function tableOf(all: readonly Row[]): string {
  const width = Math.max(...all.map(({ kind }) => kind.length))
  const line = (cells: readonly [string, string | number, string | number, string | number]) =>
    `${cells[0].padEnd(width)} ${String(cells[1]).padStart(8)} ${String(cells[2]).padStart(9)} ${String(cells[3]).padStart(17)}`
  return [
    line(['fault', 'tried', 'records', 'lost and counted']),
    ...all.map(({ kind, faults, records, lost }) => line([kind, faults, records, lost])),
  ].join('\n')
}

/** One table of what all files of tests have tried. */
export function tableIn(file: string): string {
  if (!existsSync(file)) return 'no fault was tried'
  const rows = new Map<string, Row>()
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    // Written by `printTally`.
    const row = JSON.parse(line) as Row
    const before = rows.get(row.kind) ?? { kind: row.kind, faults: 0, records: 0, lost: 0 }
    const { kind, faults, records, lost } = before
    rows.set(kind, { kind, faults: faults + row.faults, records: records + row.records, lost: lost + row.lost })
  }
  const isTotal = ({ kind }: Row) => kind === 'in all'
  const kinds = [...rows.values()].filter((row) => !isTotal(row)).sort((a, b) => (a.kind < b.kind ? -1 : 1))
  return tableOf([...kinds, ...[...rows.values()].filter(isTotal)])
}
