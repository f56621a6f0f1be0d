import type { Clock } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { clockShare, clockWords } from './clock.ts'

const notice: Clock = {
  id: 'notice',
  duty: 'Written notice to CBP',
  authority: '19 CFR 111.21(b)',
  startedAt: '2026-10-29T10:42:00.000Z',
  dueAt: '2026-11-01T10:42:00.000Z',
  stoppedAt: null,
  counted: null,
  says: '67 h 02 min left',
}

test('the time left is counted to the minute, over the change of the clocks', () => {
  expect(clockWords(notice, Date.parse('2026-10-29T15:40:00Z'))).toEqual({
    tone: 'runs',
    strong: '67 h 02 min left',
    rest: 'to notify CBP',
  })
})

test('a missed deadline is said, with what can still be done', () => {
  expect(clockWords(notice, Date.parse('2026-11-01T12:00:00Z'))).toEqual({
    tone: 'missed',
    strong: '1 h 18 min late',
    rest: 'to notify CBP. It can still be sent',
  })
})

test('a clock without its trigger says what it waits for', () => {
  const waiting = { ...notice, startedAt: null, dueAt: null, says: 'Starts when the breach is discovered' }

  expect(clockWords(waiting, 0).tone).toBe('waits')
  expect(clockShare(waiting, 0)).toBeUndefined()
})

test('the share stands still once the notice is sent', () => {
  const sent = { ...notice, stoppedAt: '2026-10-30T22:42:00.000Z' }

  expect(clockShare(sent, Date.parse('2027-01-01T00:00:00Z'))).toBe(0.5)
})

test('a clock that counts days says days, and hours in its last three', () => {
  const list: Clock = {
    ...notice,
    id: 'importer-list',
    dueAt: '2026-11-14T04:59:59.999Z',
    counted: { zone: 'America/New_York', days: ['2026-11-13'] },
  }

  expect(clockWords(list, Date.parse('2026-10-30T03:00:00Z')).strong).toBe('15 days left')
  expect(clockWords(list, Date.parse('2026-11-13T04:00:00Z')).strong).toBe('24 h 59 min left')
  expect(clockWords(list, Date.parse('2026-12-01T05:00:00Z')).strong).toBe('17 days late')
})
