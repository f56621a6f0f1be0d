import { expect, test } from 'vitest'
import type { SilenceCause } from '../receive/silence.ts'
import type { OpenSilence } from '../receive/silences.ts'
import { clockWarning, silenceWarnings } from './silence-warnings.ts'

const startMs = Date.parse('2026-11-24T12:00:00.000Z')
const hosts = Array.from({ length: 1000 }, (_, n) => ({ id: `h${n}`, name: `WS-${n}` }))

test('a host that fell silent without a word is a warning with its cause', () => {
  expect(silenceWarnings([silent(7, 'closed')], hosts)).toMatchObject([
    { code: 'host-silent', says: 'WS-7 is silent. why closed' },
  ])
})

test('a thousand that fell silent together are one warning, which says what is most likely', () => {
  const silences = hosts.map((_, n) => silent(n, 'unanswered', n * 20))
  const [warning, ...more] = silenceWarnings(silences, hosts)

  expect(more).toEqual([])
  expect(warning?.says).toContain('1000 of 1000 hosts are silent since 2026-11-24T12:00:00.000Z')
  expect(warning?.says).toContain('and 995 more')
  expect(warning?.says).toContain('the network')
})

test('agents that were stopped together are said to have been stopped', () => {
  const [warning] = silenceWarnings([silent(1, 'stopped'), silent(2, 'unanswered')], hosts)

  expect(warning?.says).toContain('The agents of 1 were stopped, and said so')
})

test('two that fell silent an hour apart are two, and a machine that was shut down is none', () => {
  const silences = [silent(1, 'closed', 3_600_000), silent(2, 'closed'), silent(3, 'host-stopping')]

  expect(silenceWarnings(silences, hosts).map(({ says }) => says.slice(0, 4))).toEqual(['WS-2', 'WS-1'])
})

test('a clock of the console that jumped is told for a day', () => {
  const step = { atMs: startMs, setMs: -3_600_000, awayMs: 0 }

  expect(clockWarning(step, startMs + 1000)?.says).toContain('3600 s back')
  expect(clockWarning(step, startMs + 25 * 3_600_000)).toBeUndefined()
  expect(clockWarning(undefined, startMs)).toBeUndefined()
})

function silent(n: number, cause: SilenceCause, laterMs = 0): OpenSilence {
  const sinceMs = startMs + laterMs
  return {
    host: `h${n}`,
    cause,
    isExpected: cause === 'host-stopping',
    sinceMs,
    raisedMs: sinceMs,
    says: `why ${cause}`,
  }
}
