import { expect, test } from 'vitest'
import { lookInto } from '../data-folder.ts'
import { temporaryFolder } from '../folder.fixture.ts'
import { openSpool } from '../spool/open.ts'
import { clockOffset, keepOffset, moveOffset } from './clock-offset.ts'

const measuredAt = '2026-11-24T12:00:00.000Z'
const hourMs = 3_600_000

test.each([
  ['before the clock was set moves along with it', { isMeasuredFirst: true, ms: hourMs + 5 }],
  ['after the clock was set, and before anybody noticed that, stays as it is', { isMeasuredFirst: false, ms: 5 }],
])('an offset that was measured %s', (_, { isMeasuredFirst, ms }) => {
  const { spool } = openSpool(lookInto(temporaryFolder()), { budgetBytes: 1e9, nowMs: 0 })
  const clock = {
    wall: 1_000_000,
    ms: 0,
    now: () => clock.wall + clock.ms,
    steady: () => clock.ms,
    sleep: async () => {},
    timer: () => () => {},
  }
  const set = () => {
    clock.wall += hourMs
  }
  const measure = () => keepOffset(spool, { ms: 5, measuredAt }, clock)

  for (const act of isMeasuredFirst ? [measure, set] : [set, measure]) {
    act()
    clock.ms += 1_000
  }
  moveOffset(spool, hourMs, clock)
  // Noticed twice it was set once.
  moveOffset(spool, hourMs, clock)

  expect(clockOffset(spool)).toEqual({ ms, measuredAt })
  spool.close()
})
