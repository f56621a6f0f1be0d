import type { Absence, CoverageSpan } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { settledBy } from './past-silences.ts'

const at = (time: string) => `2026-11-24T${time}.000Z`
const silence = { from: at('12:00:00'), to: at('12:10:00') }

test('what the host sealed about a time that meets the silence says what it was', () => {
  const absences = [absence('asleep', '12:00:20', '12:09:50'), absence('killed', '11:59:00', '11:59:58')]

  expect(settledBy({ absences, sources: [alive('08:00:00', '13:00:00')] }, silence)).toBe('asleep')
})

test('a host that sealed all the time that it was alive was there, and could not be heard', () => {
  expect(settledBy({ absences: [], sources: [alive('08:00:00', '12:10:05')] }, silence)).toContain(
    'only the connection',
  )
})

test('until its evidence has come nothing is settled, and a clock that was set settles nothing', () => {
  expect(settledBy({ absences: [], sources: [alive('08:00:00', '12:00:10')] }, silence)).toBeUndefined()
  expect(settledBy({ absences: [absence('clock-step', '12:05:00', '12:05:00')], sources: [] }, silence)).toBeUndefined()
})

function absence(kind: string, from: string, to: string): Absence {
  return { kind, from: at(from), to: at(to), says: kind }
}

function alive(from: string, to: string): CoverageSpan {
  return { id: 'agent:run', state: 'covered', from: at(from), to: at(to), records: 1, lost: 0 }
}
