import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import type { PackageContent } from './content.ts'
import { coverageBlocks } from './letter-evidence.ts'

const at = (time: string) => `2026-11-24T${time}:00.000Z`

function span(id: string, state: CoverageSpan['state'], from: string, to: string, rest: Partial<CoverageSpan> = {}) {
  return { id, state, from: at(from), to: at(to), records: 0, lost: null, ...rest }
}

/** The rows of the table of gaps. */
function gaps(...coverages: CoverageSpan[][]): string[] {
  const hosts = coverages.map((coverage, n) => ({ id: `${n}`, name: `desk-${n}`, os: '', enrolledAt: '', coverage }))
  // Nothing else of a package is asked for.
  const content = { state: { hosts, cut: { size: 1 }, indexed: 1 } } as unknown as PackageContent
  const table = coverageBlocks(content).find((block) => block.kind === 'table' && block.caption.startsWith('Gaps'))
  return table?.kind === 'table' ? table.rows.map((row) => row.slice(0, 6).join(' ')) : []
}

test('losses stand first, and a host that was off is one gap over all its sources', () => {
  const off = { why: 'The host was off.' }
  const first = [
    span('journal:system', 'covered', '08:00', '10:00'),
    span('journal:system', 'not-reachable', '10:00', '11:00', off),
    span('process', 'not-reachable', '10:00', '11:00', off),
    span('socket', 'not-reachable', '10:01', '11:00', off),
  ]
  const second = [
    span('login:btmp', 'not-enabled', '08:00', '11:00', { why: 'There is no such file.' }),
    span('journal:system', 'lost', '09:00', '09:01', { lost: 7, why: 'It was emptied.' }),
  ]

  expect(gaps(first, second)).toEqual([
    `desk-1 journal:system lost ${at('09:00')} ${at('09:01')} 7`,
    `desk-0 journal:system, process, socket not-reachable ${at('10:00')} ${at('11:00')} not known`,
    `desk-1 login:btmp not-enabled ${at('08:00')} ${at('11:00')} not known`,
  ])
})

test('of what was brought it is said what is proven of its origin', () => {
  const lineage = '{}'
  const hosts = [
    { kind: 'agent', lineage: null },
    { kind: 'import', lineage: null },
    { kind: 'collection', lineage: null },
    { kind: 'collection', lineage },
  ].map((host, n) => ({ ...host, id: `${n}`, name: '', os: '', enrolledAt: at('08:00'), coverage: [] }))
  const content = { state: { hosts, cut: { size: 1 }, indexed: 1 } } as unknown as PackageContent
  const table = coverageBlocks(content).find((block) => block.kind === 'table' && block.caption.startsWith('Hosts'))

  expect(table?.kind === 'table' ? table.rows.map((row) => row[3]) : []).toEqual([
    at('08:00'),
    expect.stringContaining('hashed on receipt, origin not proven'),
    expect.stringContaining('on which machine is not proven'),
    expect.stringContaining('signed for the machine'),
  ])
})

test('of a gap of many sources some are named', () => {
  const spans = Array.from({ length: 30 }, (_, n) => span(`log-file:/${n}`, 'not-reachable', '10:00', '11:00'))

  expect(gaps(spans)[0]).toContain('log-file:/19 and 10 more in 75_coverage.csv not-reachable')
})
