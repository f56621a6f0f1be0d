import { expect, test } from 'vitest'
import type { Claim, Comparison } from '../ledger/comparison.ts'
import { toReport } from './verify-ledger.ts'

const host = 'ab'.repeat(16)
const newest = {
  tw: 'head/1' as const,
  ledger: 'cd'.repeat(16),
  size: 41,
  root: '0'.repeat(64),
  time: '2026-11-24T12:00:00.000Z',
}

test('a head that no key of this console signed is never passed over as intact, whoever holds it', () => {
  const claims: Claim[] = [
    { by: host, how: 'sealed', heads: 12, newest },
    { by: 'a.head.json', how: 'file', heads: 1, newest: null },
  ]
  const { ok, verdict, checks } = reportOf({ claims })

  expect({ ok, verdict }).toEqual({ ok: false, verdict: 'unproven' })
  expect(checks.find(({ name }) => name === 'keys')).toEqual({
    name: 'keys',
    ok: false,
    detail: `no key of this console signed 13 heads held by web-1, 1 file, the latest of 2026-11-24T12:00:00.000Z over 41 entries of ledger ${newest.ledger}: its keys were made anew or restored from an older copy after that, or its ledger was written again under another key`,
  })
})

test('a ledger of which everything that is held fits is intact, and says nothing of keys', () => {
  const { ok, verdict, checks } = reportOf({})

  expect({ ok, verdict }).toEqual({ ok: true, verdict: 'intact' })
  expect(checks.map(({ name }) => name)).toEqual(['entries', 'chains', 'hosts'])
})

function reportOf(other: Partial<Comparison>) {
  const found: Comparison = {
    ledger: 'ef'.repeat(16),
    size: 41,
    root: '0'.repeat(64),
    fitting: 7,
    hosts: 1,
    files: [],
    covered: 41,
    difference: null,
    unnamed: [],
    before: [],
    holes: [],
    broken: [],
    claims: [],
    left: 0,
    ...other,
  }
  const hosts = [{ id: host, name: 'web-1', publicKey: '', connected: false, witness: null }]
  return toReport(found, { ledgerKeys: [], consoleKey: '', hosts, refeed: null }, undefined)
}
