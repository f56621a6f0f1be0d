import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refusal } from './error.ts'
import { type DatabaseServer, narrow, type Policy, type PrivateKind, parsePolicy } from './policy.ts'

const runs = { seed: 39 }
const kinds: PrivateKind[] = ['process-memory', 'mail', 'home', 'history']
const servers: DatabaseServer[] = [
  { name: 'entries', engine: 'postgresql', socket: '/run/postgresql', user: 'tidewaiter' },
  { name: 'mail', engine: 'mysql', host: '127.0.0.1', user: 'tidewaiter', passwordFile: '/etc/tidewaiter/mail' },
]
const cap = fc.integer({ min: 1, max: 100 })
const policy: fc.Arbitrary<Policy> = fc.record(
  {
    sources: fc.subarray(['login', 'network', 'journal', 'auditd']),
    files: fc.subarray(['/srv/app.log', '/etc/shadow']),
    backfillDays: fc.nat({ max: 100 }),
    caps: fc.record({ spoolMb: cap, memoryMb: cap, cpuPercent: cap, kilobytesPerSecond: cap }, { requiredKeys: [] }),
    allow: fc.subarray(kinds),
    databases: fc.subarray(servers),
  },
  { requiredKeys: [] },
)

describe('the policy in force', () => {
  test('is never wider than what the host itself says, whatever the console asks for', () => {
    fc.assert(
      fc.property(policy, policy, (local, remote) => {
        const inForce = narrow(local, remote)

        expect([inForce.files, inForce.allow]).toEqual([local.files, local.allow])
        expect(inForce.databases).toEqual(local.databases)
        for (const source of local.sources === undefined ? [] : (inForce.sources ?? ['all']))
          expect(local.sources).toContain(source)
        for (const [name, value] of Object.entries(local.caps ?? {}))
          expect(inForce.caps?.[name as 'spoolMb']).toBeLessThanOrEqual(value)
        if (local.backfillDays !== undefined) expect(inForce.backfillDays).toBeLessThanOrEqual(local.backfillDays)
      }),
      runs,
    )
  })

  test('is narrowed by the console, a second time no further, and not by one that says nothing', () => {
    fc.assert(
      fc.property(policy, policy, (local, remote) => {
        const inForce = narrow(local, remote)

        for (const source of remote.sources === undefined ? [] : (inForce.sources ?? ['all']))
          expect(remote.sources).toContain(source)
        for (const [name, value] of Object.entries(remote.caps ?? {}))
          expect(inForce.caps?.[name as 'spoolMb']).toBeLessThanOrEqual(value)
        expect(narrow(inForce, remote)).toEqual(inForce)
        expect(parsePolicy(inForce)).toEqual(inForce)
        const { caps, ...others } = local
        expect(narrow(local, {})).toEqual(Object.keys(caps ?? {}).length > 0 ? local : others)
      }),
      runs,
    )
  })
})

test('any value is a policy or refused as none', () => {
  const values = fc.oneof(
    fc.jsonValue(),
    fc
      .tuple(policy, fc.constantFrom('sources', 'files', 'caps', 'allow', 'more'), fc.jsonValue())
      .map(([one, name, value]) => ({ ...one, [name]: value })),
  )
  fc.assert(
    fc.property(values, (value) => {
      try {
        expect(parsePolicy(value)).toEqual(value)
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal)
        expect(error).toMatchObject({ code: 'policy-malformed' })
      }
    }),
    { ...runs, numRuns: 500 },
  )
})
