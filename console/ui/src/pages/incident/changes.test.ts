import type { Fact, IncidentDetail, IncidentItem } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { latestChanges } from './changes.ts'

const by = 'r.abara@halyard-customs.example'

test('what people did stands newest first, whatever it was', () => {
  const says = latestChanges(incident({}), 10).map((change) => change.says)

  expect(says).toEqual(['Finding put in', 'Cause: not known yet', 'Impact: answered', 'Incident opened'])
})

test('only so many are listed', () => {
  expect(latestChanges(incident({}), 2)).toHaveLength(2)
})

test('the value of a fact is not repeated: it may be one that is shown masked', () => {
  expect(JSON.stringify(latestChanges(incident({}), 10))).not.toContain('Entry files')
})

test('every change of a time that moves a clock is a line of its own', () => {
  const field = 'recordsBreach.discoveredAt'
  const before = { state: 'answered', value: at(9), changedBy: by, reason: 'a typing error' } as const
  const discovered: Fact = {
    ...fact('Discovered', { state: 'answered', value: at(7), at: at(14) }),
    field,
    rev: 5,
    earlier: [
      { ...before, rev: 4, by: 'second', at: at(13), changedAt: at(14) },
      { ...before, rev: 3, by: 'first', at: at(12), changedAt: at(13) },
    ],
  }

  const changes = latestChanges(incident({ facts: [discovered], items: [] }), 10)

  expect(changes.map((change) => [change.id, change.by, change.says])).toEqual([
    [`${field} 5`, by, 'Discovered: changed'],
    [`${field} 4`, 'second', 'Discovered: changed'],
    [`${field} 3`, 'first', 'Discovered: answered'],
    ['opened', by, 'Incident opened'],
  ])
})

function incident(part: Partial<IncidentDetail>): IncidentDetail {
  const item: IncidentItem = { id: 'T-1', kind: 'finding', ref: 'F-1', addedAt: at(13), addedBy: by, note: '' }
  return {
    id: 'INC-1',
    name: 'Norfolk',
    openedAt: at(10),
    openedBy: by,
    closedAt: null,
    rev: 4,
    factsAnswered: 2,
    factsTotal: 3,
    clock: null,
    facts: [
      fact('Impact', { state: 'answered', value: 'Entry files encrypted', at: at(11) }),
      fact('Cause', { state: 'not-known-yet', value: '', at: at(12) }),
      { ...fact('Detected', { state: 'unanswered', value: '' }) },
    ],
    clocks: [],
    items: [item],
    findings: [],
    sightings: [],
    packages: [],
    ...part,
  }
}

function at(hour: number): string {
  return `2026-10-29T${hour}:00:00.000Z`
}

function fact(label: string, rest: Pick<Fact, 'state' | 'value'> & { at?: string }): Fact {
  return { field: label, label, help: '', kind: 'text', section: '', source: '', rev: 1, by, ...rest }
}
