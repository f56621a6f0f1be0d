import pino from 'pino'
import { expect, test } from 'vitest'
import { openStore } from '../store/store.ts'
import { openOwnClock } from './own-clock.ts'

const startMs = Date.parse('2026-11-24T12:00:00.000Z')
const [everyMs, backMs] = [5_000, 90_000]

test('while both clocks go on alike nothing is told, and hosts had their time to come back', async () => {
  const { clock, pass } = await newClock()

  for (let i = 0; i < 30; i++) {
    pass(everyMs, everyMs)
    expect(clock.look()).toBeUndefined()
  }

  expect(clock.back()).toEqual({ sinceMs: startMs, untilMs: startMs + backMs })
  expect(clock.wasSet()).toBe(false)
})

test.each([3_600_000, -3_600_000])(
  'a clock that is set by %i ms is told, and stands in the audit log',
  async (setMs) => {
    const { clock, pass, acts } = await newClock()

    pass(everyMs + setMs, everyMs)

    expect(clock.look()).toMatchObject({ setMs, atMs: startMs + everyMs + setMs })
    expect(clock.look()).toBeUndefined()
    expect(clock.wasSet()).toBe(true)
    expect(clock.newestStep()).toMatchObject({ setMs })
    await expect.poll(acts).toMatchObject([{ act: 'console-clock-set', who: 'console' }])
  },
)

test('a console that was asleep, or not let run, gives its hosts time to come back', async () => {
  const { clock, pass, now } = await newClock()
  pass(600_000, everyMs)
  clock.look()
  expect(clock.back()).toEqual({ sinceMs: now(), untilMs: now() + backMs })

  pass(200_000, everyMs)
  clock.look()
  pass(600_000, 600_000)

  expect(clock.look()).toMatchObject({ setMs: 0, awayMs: 595_000 })
  expect(clock.back()).toEqual({ sinceMs: now(), untilMs: now() + backMs })
})

test('a clock that is put back does not make hosts wait for an hour', async () => {
  const { clock, pass, now } = await newClock()

  pass(everyMs - 3_600_000, everyMs)
  clock.look()

  expect(clock.back().untilMs - now()).toBe(backMs - everyMs)
})

async function newClock() {
  const times = { wall: startMs, steady: 0 }
  const store = await openStore({ file: ':memory:' })
  const now = () => times.wall
  const log = pino({ level: 'silent' })
  return {
    clock: openOwnClock({ store, log, now, steady: () => times.steady, everyMs, backMs }),
    now,
    acts: () => store.selectFrom('audit').select(['act', 'who']).execute(),
    pass(wallMs: number, steadyMs: number) {
      times.wall += wallMs
      times.steady += steadyMs
    },
  }
}
