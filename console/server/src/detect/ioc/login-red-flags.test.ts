import { describe, expect, test } from 'vitest'
import { eventsOf, findingsIn, series, signIn } from '../events.fixture.ts'

const intruder = '203.0.113.77'

test('the recorded attack gives one finding for each who attacked, with who opened what', async () => {
  const findings = await findingsIn(eventsOf('login-red-flags.attack'))

  expect(findings.map(({ severity, title }) => `${severity}: ${title}`)).toEqual([
    'high: 203.0.113.77 failed 46 sign-ins for 9 accounts on hcb-abi01 in 17 min, then signed in as svc_backup',
    'low: 203.0.113.201 failed 6 sign-ins for 6 accounts that do not exist on hcb-abi01 in 5 s',
    'medium: 203.0.113.141 failed 24 sign-ins for abiadmin on hcb-abi01 in 12 h',
    'high: 192.0.2.112 failed 11 sign-ins for abiadmin on hcb-abi01 in 5 min, then signed in as abiadmin',
  ])
  expect(findings[0]).toMatchObject({
    row: 'Other login red flags',
    host: 'hcb-abi01',
    subject: { type: 'address', value: intruder },
    count: 46,
  })
})

test('the success is the first record that is cited', async () => {
  const events = [
    ...series(12, 5, { at: '2026-10-27T02:10:00Z', from: intruder, user: 'ana' }),
    signIn({ at: '2026-10-27T02:12:00Z', from: intruder, user: 'ana', outcome: 'success' }),
  ]

  const [finding] = await findingsIn(events)

  expect(finding?.records).toHaveLength(13)
  expect(finding?.records[0]).toBe(events.at(-1)?.tidewaiter.record)
  expect(finding).toMatchObject({ lastAt: '2026-10-27T02:12:00.000Z', count: 12 })
})

describe('what people do', () => {
  test('slips before the right word are nothing, also when the hour turns between them', async () => {
    const at = '2026-10-27T02:59:20Z'
    const slips = series(5, 20, { at, from: '192.0.2.111', user: 'ana' })
    const success = signIn({ at: '2026-10-27T03:01:10Z', from: '192.0.2.111', user: 'ana', outcome: 'success' })

    expect(await findingsIn([...slips, success])).toEqual([])
  })

  test('many people who slip behind one address are nothing, as long as each of them gets in', async () => {
    const people = Array.from({ length: 30 }, (_, n) => `user${n}`)
    const events = people.flatMap((user, n) => {
      const minute = String(n).padStart(2, '0')
      return [
        ...series(2, 8, { at: `2026-10-27T13:${minute}:00Z`, from: '192.0.2.1', user }),
        signIn({ at: `2026-10-27T13:${minute}:30Z`, from: '192.0.2.1', user, outcome: 'success' }),
      ]
    })

    expect(await findingsIn(events)).toEqual([])
  })

  test('keys that are offered one after the other before the right one are nothing, time and again', async () => {
    const visits = Array.from({ length: 100 }, (_, n) => {
      const at = new Date(Date.parse('2026-10-27T00:00:00Z') + n * 300_000).toISOString()
      return [
        ...series(5, 0, { at, from: '192.0.2.30', user: 'backup' }),
        signIn({ at: at.replace('000Z', '500Z'), from: '192.0.2.30', user: 'backup', outcome: 'success' }),
      ]
    })

    expect(await findingsIn(visits.flat())).toEqual([])
  })
})

describe('what is told more than once', () => {
  test('an attempt that sshd, PAM and the login records tell of is one', async () => {
    const at = '2026-10-27T02:00:00Z'
    const told = ['sshd', 'pam', 'utmp'].flatMap((dataset) =>
      series(4, 60, { at, from: intruder, user: 'root', dataset }),
    )
    const lines = series(4, 60, { at, from: intruder, user: 'root', action: 'connection-closed' })

    expect(await findingsIn([...told, ...lines])).toEqual([])
  })

  test('a line without an address adds nothing where another one gives it', async () => {
    const at = '2026-10-27T02:00:00Z'
    const events = [
      ...series(8, 5, { at, from: intruder, user: 'admin', action: 'user-unknown' }),
      ...series(8, 5, { at, user: 'admin', action: 'user-unknown' }),
    ]

    const findings = await findingsIn(events)

    expect(findings.map(({ subject }) => subject)).toEqual([{ type: 'address', value: intruder }])
  })

  test('a line that says it happened five times counts five times', async () => {
    const events = [
      signIn({ at: '2026-10-27T02:00:00Z', from: intruder, user: 'root' }),
      signIn({ at: '2026-10-27T02:00:10Z', from: intruder, user: 'root', times: 5 }),
    ]

    expect(await findingsIn(events)).toMatchObject([{ count: 6, records: [expect.anything(), expect.anything()] }])
  })
})

test('failures without an address are the account itself', async () => {
  const events = series(8, 20, { at: '2026-10-27T02:00:00Z', user: 'ana', dataset: 'pam' })

  expect(await findingsIn(events)).toMatchObject([
    {
      subject: { type: 'account', value: 'ana' },
      title: 'Account ana failed 8 sign-ins from no recorded address on hcb-abi01 in 2 min',
    },
  ])
})

test('a word tried on many accounts that opens one at once is reported with the one it opened', async () => {
  const spray = series(20, 2, (n) => ({ at: '2026-10-27T02:00:00Z', from: intruder, user: `user${n}` }))
  const opened = signIn({ at: '2026-10-27T02:00:41Z', from: intruder, user: 'rabara', outcome: 'success' })

  expect(await findingsIn([...spray, opened])).toMatchObject([
    {
      severity: 'high',
      title: expect.stringContaining('for 20 accounts on hcb-abi01 in 38 s, then signed in as rabara'),
    },
  ])
})

test('a sign-in that is usual from an address is not blamed on an attack that comes from it later', async () => {
  const usual = series(5, 1800, { at: '2026-10-27T01:00:00Z', from: '192.0.2.1', user: 'ana', outcome: 'success' })
  const spray = series(20, 2, (n) => ({ at: '2026-10-27T02:10:00Z', from: '192.0.2.1', user: `user${n}` }))

  expect(await findingsIn([...usual, ...spray])).toMatchObject([
    { severity: 'medium', title: expect.not.stringContaining('signed in') },
  ])
})

test('an attack that rests less than six hours is one finding, and a new one after that', async () => {
  const bout = (at: string) => series(7, 3, { at, from: intruder, user: 'root' })
  const events = [...bout('2026-10-27T00:10:00Z'), ...bout('2026-10-27T05:50:00Z'), ...bout('2026-10-27T20:00:00Z')]

  expect((await findingsIn(events)).map(({ count }) => count)).toEqual([14, 7])
})

describe('a hostile host', () => {
  test('names without end are counted and not kept apart', async () => {
    const events = series(5000, 0.5, (n) => ({
      at: '2026-10-27T02:00:00Z',
      from: intruder,
      user: `u${n}${'x'.repeat(400)}`,
    }))

    const [finding] = await findingsIn(events)

    expect(finding).toMatchObject({ count: 5000, title: expect.stringContaining('for 5,000 accounts') })
    expect(finding?.records).toHaveLength(200)
    expect(JSON.stringify(finding).length).toBeLessThan(20_000)
  })

  test('addresses without end give a bounded number of findings', async () => {
    const events = Array.from({ length: 2000 }, (_, n) =>
      series(6, 1, { at: '2026-10-27T02:00:00Z', from: `10.1.${n >> 8}.${n & 255}`, user: 'root' }),
    ).flat()

    expect((await findingsIn(events)).length).toBe(1000)
  })
})
