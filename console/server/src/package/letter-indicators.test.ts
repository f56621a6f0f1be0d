import type { Indicator, Sighting } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import type { PackageContent } from './content.ts'
import { indicatorBlocks } from './letter-indicators.ts'
import { indicatorTable } from './tables.ts'

const at = '2026-11-24T12:00:00.000Z'

const content = contentOf([
  indicator('met', { sightings: 48 }),
  indicator('elsewhere', { sightings: 7 }),
  indicator('absent', {}),
  indicator('over', { expired: true, sightings: 3 }),
])

test('what was met outside of the incident is not said to be absent', () => {
  const says = indicatorBlocks(content).flatMap((block) => (block.kind === 'paragraph' ? [block.text] : []))

  expect(says[0]).toMatch(/^1 further indicators were met on our hosts too, .* not part of this incident/)
  expect(says[1]).toMatch(/^1 further indicators were looked for .* not found/)
})

test('the table of indicators gives no count, time or host of what is not part of the incident', () => {
  const [, ...rows] = [...indicatorTable(content)].join('').trimEnd().split('\r\n')

  expect(rows).toEqual([
    `domain,met.example,sighted in this incident,CBP SOC,,AMBER,${at},,${at},${at},48,desk-1,`,
    `domain,elsewhere.example,"sighted, not part of this incident",CBP SOC,,AMBER,${at},,,,,,`,
    `domain,absent.example,"looked for, not found (see 75_coverage.csv)",CBP SOC,,AMBER,${at},,,,0,,`,
  ])
})

function contentOf(indicators: Indicator[]): PackageContent {
  const sighting: Sighting = {
    id: 'sighting-1',
    indicator: { id: 'met', type: 'domain', value: 'met.example', source: 'CBP SOC' },
    observable: { type: 'domain', value: 'met.example' },
    host: { id: 'a'.repeat(32), name: 'desk-1' },
    firstAt: at,
    lastAt: at,
    count: 48,
    firstRecord: '',
    lastRecord: '',
  }
  const state = { indicators, sightings: [sighting] }
  // Nothing else of a package is asked for.
  return { state, choice: { tlp: 'AMBER' }, notForwarded: 0 } as unknown as PackageContent
}

function indicator(id: string, part: Partial<Indicator>): Indicator {
  return {
    id,
    type: 'domain',
    value: `${id}.example`,
    source: 'CBP SOC',
    confidence: null,
    tlp: 'AMBER',
    validFrom: at,
    validUntil: null,
    note: '',
    addedAt: at,
    addedBy: 'r.abara@halyard-customs.example',
    expired: false,
    sightings: 0,
    lastSightedAt: null,
    ...part,
  }
}
