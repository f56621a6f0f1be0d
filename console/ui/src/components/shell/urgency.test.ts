import type { Clock, IncidentRow } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { byUrgency, headingClock } from './urgency.ts'

const waits = { dueAt: null, stoppedAt: null }
const first = incident('INC-1', { dueAt: '2026-11-01T10:42:00.000Z', stoppedAt: null })
const later = incident('INC-3', { dueAt: '2026-11-02T10:42:00.000Z', stoppedAt: null })
const second = incident('INC-2', waits)
const sent = incident('INC-4', { dueAt: '2026-10-01T00:00:00.000Z', stoppedAt: '2026-09-30T00:00:00.000Z' })

test('a clock that runs heads every page, whichever incident was opened last or is worked in', () => {
  for (const path of ['/', '/hosts', '/incidents', '/incidents/INC-1', '/incidents/INC-1/facts'])
    expect(headingClock([second, first], { path, current: 'INC-2' })?.shown.id).toBe('INC-1')
})

test('an incident has its own clock on its own pages, and the one that runs elsewhere is named beside it', () => {
  const heading = headingClock([second, first], { path: '/incidents/INC-2/facts', current: undefined })

  expect([heading?.shown.id, heading?.other?.id]).toEqual(['INC-2', 'INC-1'])
})

test('an incident is not taken for one whose id starts the same', () => {
  const tenth = incident('INC-10', waits)

  expect(headingClock([tenth, first], { path: '/incidents/INC-10', current: undefined })?.shown.id).toBe('INC-10')
  expect(headingClock([later, first], { path: '/incidents/INC-10', current: undefined })?.shown.id).toBe('INC-1')
})

test('what ends first comes first, then what waits, then what is done; of those that wait the one that is worked in', () => {
  const fifth = incident('INC-5', waits)

  expect(byUrgency([sent, second, fifth, later, first], 'INC-5').map(({ id }) => id)).toEqual([
    'INC-1',
    'INC-3',
    'INC-5',
    'INC-2',
    'INC-4',
  ])
})

test('without an open incident there is no clock', () => {
  expect(headingClock([], { path: '/', current: undefined })).toBeUndefined()
})

function incident(id: string, rest: Pick<Clock, 'dueAt' | 'stoppedAt'>): IncidentRow {
  const clock = { id: 'notice', duty: '', authority: '', startedAt: null, counted: null, says: '', ...rest }
  return {
    id,
    name: id,
    openedAt: '2026-10-29T10:44:10.000Z',
    openedBy: 'r.abara@halyard-customs.example',
    closedAt: null,
    rev: 1,
    factsAnswered: 0,
    factsTotal: 16,
    clock,
  }
}
