import { describe, expect, test } from 'vitest'
import { isMissing } from './shared-data.fixture.ts'
import { type Measured, measureSignIns, type Score, services } from './sign-in-truth.fixture.ts'

/**
 * Of one attempt in several lines fail2ban counts one: eleven that say a failure in so many words are none to it, two
 * that say `Accepted` are one. Whether to ban is not what a decoder says: those count as mistakes here.
 */
const ofSeveralLines = ['sshd', 'pam-generic']

describe.skipIf(isMissing('login_fail2ban'))('lines that fail2ban is tested with (shared data)', async () => {
  const measured: Measured = isMissing('login_fail2ban') ? { scores: {}, mistakes: [] } : await measureSignIns()

  test('of all services at least 95 in 100 are read as it expects', () => {
    expect(labelsOf(measured, services)).toBeGreaterThan(400)
    expect(shareRight(measured, services), report(measured, services)).toBeGreaterThanOrEqual(0.95)
  })

  test('and so are those of services whose lines stand alone', () => {
    const alone = services.filter((service) => !ofSeveralLines.includes(service))

    expect(labelsOf(measured, alone)).toBeGreaterThan(240)
    expect(shareRight(measured, alone), report(measured, alone)).toBeGreaterThanOrEqual(0.99)
  })

  test('no failure is laid at another address than the one that fail2ban finds', () => {
    const misplaced = measured.mistakes.filter(({ says }) => says.startsWith('from {'))

    expect(misplaced.filter(({ service }) => services.includes(service))).toEqual([])
  })
})

function scoresOf({ scores }: Measured, names: readonly string[]): Score[] {
  return names.map((name) => scores[name] ?? expect.fail(`${name} was not measured`))
}

function labelsOf(measured: Measured, names: readonly string[]): number {
  return scoresOf(measured, names).reduce((sum, { labels }) => sum + labels, 0)
}

function shareRight(measured: Measured, names: readonly string[]): number {
  return scoresOf(measured, names).reduce((sum, { right }) => sum + right, 0) / labelsOf(measured, names)
}

function report(measured: Measured, names: readonly string[]): string {
  const lines = names.map((name) => `${name}: ${JSON.stringify(measured.scores[name])}`)
  const mistakes = measured.mistakes.filter(({ service }) => names.includes(service))
  return [...lines, ...mistakes.map(({ service, says, line }) => `${service}: ${says}: ${line}`)].join('\n')
}
