import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countOf, differenceOf, type Reading } from './count.ts'

const reading = (counts: Reading['counts'], more: Partial<Reading> = {}): Reading => ({ ...more, counts })
const at = (minute: number) => ({ at: new Date(Date.UTC(2026, 10, 27, 9, minute)).toISOString() })

test('a difference is what was counted more, and over how long', () => {
  const before = reading({ returned_rows: 10, read_blocks: 2 }, at(0))

  expect(differenceOf(before, reading({ returned_rows: 41, read_blocks: 2 }, at(1)))).toEqual({
    delta: { returned_rows: 31, read_blocks: 0 },
    intervalMs: 60_000,
  })
})

test('counters beyond 2^53 are told apart to the last digit', () => {
  const [before, now] = [
    reading({ read_bytes: '18446744073709551000' }),
    reading({ read_bytes: '18446744073709551615' }),
  ]

  expect(differenceOf(before, now)).toEqual({ delta: { read_bytes: 615 } })
  expect(differenceOf(reading({ read_bytes: 1 }), now)).toEqual({ delta: { read_bytes: '18446744073709551614' } })
})

test('counters that began anew give what they have counted since, and say so', () => {
  const before = reading({ returned_rows: 10 }, { since: 'a' })

  expect(differenceOf(before, reading({ returned_rows: 40 }, { since: 'b' }))).toEqual({
    isReset: true,
    delta: { returned_rows: 40 },
  })
})

test('a counter that fell for no known reason gives no difference', () => {
  expect(differenceOf(reading({ read_bytes: 10, read_calls: 1 }), reading({ read_bytes: 9, read_calls: 2 }))).toEqual({
    hasFallen: true,
  })
})

test('a server whose uptime rose by less than passed was restarted, even where it has counted more than before', () => {
  const before = reading({ uptime_seconds: 100, read_rows: 5 }, at(0))

  expect(differenceOf(before, reading({ uptime_seconds: 200, read_rows: 9 }, at(10)))).toMatchObject({
    isReset: true,
    isRestart: true,
    delta: { read_rows: 9 },
  })
  expect(differenceOf(before, reading({ uptime_seconds: 690, read_rows: 9 }, at(10)))).toMatchObject({
    delta: { read_rows: 4 },
  })
})

test('after FLUSH STATUS a counter that it leaves alone gives its rise, not all it ever counted', () => {
  const before = reading({ uptime_seconds: 100, counted_seconds: 100, sent_bytes: 7_000, read_rows: 900 }, at(0))
  const now = reading({ uptime_seconds: 160, counted_seconds: 20, sent_bytes: 30, read_rows: 905 }, at(1))

  expect(differenceOf(before, now)).toMatchObject({ isReset: true, delta: { sent_bytes: 30, read_rows: 5 } })
})

test('what is no whole number from 0 is no counter', () => {
  for (const value of [-1, 1.5, Number.NaN, '-1', '1e9', '', null, {}, '9'.repeat(21), 2 ** 60])
    expect(countOf(value)).toBeUndefined()
})

test('no two readings, whatever they say, give a negative number or an error', () => {
  const count = fc.oneof(fc.nat(), fc.bigInt(0n, 2n ** 64n - 1n).map(String))
  const names = fc.constantFrom('returned_rows', 'uptime_seconds', 'counted_seconds', 'sent_bytes')
  const any = fc.record(
    {
      at: fc.constantFrom('2026-11-27T09:00:00Z', '2026-11-27T10:00:00Z', 'no time'),
      counts: fc.dictionary(names, count),
    },
    { requiredKeys: ['counts'] },
  )
  fc.assert(
    fc.property(any, any, (before, now) => {
      const { delta = {}, intervalMs = 0 } = differenceOf(before, now)

      for (const value of Object.values(delta)) expect(BigInt(value)).toBeGreaterThanOrEqual(0n)
      expect(intervalMs).toBeGreaterThanOrEqual(0)
    }),
    { seed: 53 },
  )
})
