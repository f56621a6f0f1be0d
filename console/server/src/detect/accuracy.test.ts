import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { decodeFile } from '../decode/files.ts'
import { findingsIn } from './events.fixture.ts'

const data = process.env.TIDEWAITER_DATA ?? join(import.meta.dirname, '../../../../../shared/data')
const isMissing = !existsSync(join(data, 'authlog'))
if (isMissing && (process.env.TIDEWAITER_REQUIRE ?? '').split(',').includes('data'))
  throw new Error(`TIDEWAITER_REQUIRE names data, and there is no ${data}`)

const linesOf = (file: string) => readFileSync(join(data, file), 'utf8').trimEnd().split('\n')
const findingsInLines = (lines: readonly string[]) =>
  findingsIn(decodeFile(Readable.from([Buffer.from(`${lines.join('\n')}\n`)]), { as: 'syslog' }))

describe.skipIf(isMissing)('eleven days of a server on the internet (shared data)', () => {
  const all = isMissing ? [] : linesOf('authlog/elastic_auth_27Mar-7Apr.log')
  /** As the truth beside the log was counted: by a regular expression over its lines. */
  const addressesIn = (pattern: RegExp) => {
    const counts = new Map<string, number>()
    for (const line of all) {
      const address = pattern.exec(line)?.[1]
      const times = Number(/message repeated (\d+) times/.exec(line)?.[1] ?? 1)
      if (address !== undefined) counts.set(address, (counts.get(address) ?? 0) + times)
    }
    return counts
  }
  const failures = addressesIn(/Failed password for .* from (\S+) port/)
  const names = addressesIn(/Invalid user .* from (\S+)/)
  const insiders = addressesIn(/Accepted \S+ for \S+ from (\S+) port/)
  /** Gave all the answers that one connection may, again and again: the regular expression of the truth does not know the line. */
  const exhausted = [...addressesIn(/maximum authentication attempts exceeded for .* from (\S+) port/)]
    .filter(([address, times]) => times >= 5 && !failures.has(address))
    .map(([address]) => address)
  /** Signs in all day, then fails 147 times in seven minutes for one account until it opens. */
  const turned = '24.151.103.17'
  /** Asks for 58 names and tries no password. */
  const asking = '91.197.232.109'
  const strangers = [...failures.keys()].filter((address) => !insiders.has(address))

  test('whoever guesses is found, and nobody else', async () => {
    const found = new Set((await findingsInLines(all)).map(({ subject }) => subject.value))

    const guessers = [...strangers, ...exhausted, turned, asking]
    expect(exhausted).toEqual(['190.178.62.6', '186.133.159.181'])
    expect(guessers.length).toBeGreaterThan(40)
    const missed = guessers.filter((address) => !found.has(address))
    expect(missed.map((address) => [address, failures.get(address)])).toEqual([['151.241.67.217', 3]])
    expect([...found].filter((address) => !guessers.includes(address))).toEqual([])
  })

  test('the one that got in says so', async () => {
    const finding = (await findingsInLines(all)).find(({ subject }) => subject.value === turned)

    expect(finding).toMatchObject({ severity: 'high', count: 147 })
    expect(finding?.title).toContain('then signed in as elastic_user_0')
  })

  test('without the lines of strangers there is nothing to find', async () => {
    const foreign = new Set([...names.keys(), ...strangers, ...exhausted, turned])
    const pidOf = (line: string) => /sshd\[(\d+)\]/.exec(line)?.[1] ?? ''
    const pids = new Set(all.filter((line) => foreign.has(/from (\S+)/.exec(line)?.[1] ?? '')).map(pidOf))
    const benign = all.filter((line) => !pids.has(pidOf(line)))
    expect(benign.length).toBeGreaterThan(2000)

    expect(await findingsInLines(benign)).toEqual([])
  })
})

describe.skipIf(isMissing)('scenarios of another project (shared data)', () => {
  interface Scenario {
    logs: string[]
    alerts: { scenario: string; sources: string[] }[]
  }
  const truth: Record<string, Scenario> = isMissing
    ? { none: { logs: [], alerts: [] } }
    : JSON.parse(readFileSync(join(data, 'login_web_crowdsec/truth.json'), 'utf8'))
  const scenarios = Object.entries(truth).filter(([, scenario]) => Array.isArray(scenario.alerts))
  const ssh = scenarios.filter(([, { alerts }]) => alerts.some(({ scenario }) => /\/ssh-.*bf/.test(scenario)))
  const findingsOf = async ([name, { logs }]: [string, Scenario]) => {
    const found = []
    for (const log of logs) found.push(...(await findingsIn(decodeFile(join(data, 'login_web_crowdsec', name, log)))))
    return found
  }

  test('what is brute force or a search for names over ssh is found with its source', async () => {
    expect(ssh.length).toBeGreaterThan(0)
    for (const scenario of ssh) {
      const found = (await findingsOf(scenario)).map(({ subject }) => subject.value)
      expect(found).toEqual(expect.arrayContaining(scenario[1].alerts.flatMap(({ sources }) => sources)))
    }
  })

  test('what is no guessing gives no finding', async () => {
    const others = scenarios.filter(([name, { alerts }]) =>
      [name, ...alerts.map(({ scenario }) => scenario)].every((word) => !/bf|brute|enum|auth/i.test(word)),
    )
    expect(others.length).toBeGreaterThan(20)

    for (const scenario of others) expect(await findingsOf(scenario)).toEqual([])
  })
})

test.skipIf(isMissing)('lines that another project takes for harmless give no finding (shared data)', async () => {
  const harmless = ['sshd.log', 'pam-generic.log'].flatMap((file) => {
    let isHarmless = false
    return linesOf(`login_fail2ban/${file}`).filter((line) => {
      if (line.startsWith('# failJSON:')) isHarmless = /"match": *false/.test(line)
      return isHarmless && line !== '' && !line.startsWith('#')
    })
  })
  expect(harmless.length).toBeGreaterThan(40)

  expect(await findingsInLines(harmless)).toEqual([])
})
