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

test('a payload that does not open is damage, and is named by its place', () => {
  const { ok, verdict, checks } = reportOf({ told: [host] }, { payloads: { read: 41, unreadable: 2, first: [3, 17] } })

  expect({ ok, verdict }).toEqual({ ok: false, verdict: 'damaged' })
  expect(checks.find(({ name }) => name === 'payloads')?.detail).toContain('2 of 41 batches do not open')
  expect(checks.find(({ name }) => name === 'payloads')?.detail).toContain('at 3, 17')
})

test.each<[string, Partial<Comparison>, boolean]>([
  ['nobody outside it was asked', {}, false],
  ['a connected host told its head', { told: [host] }, true],
  ['a file of heads fits', { files: ['a.head.json'] }, true],
])('a whole ledger of which %s', (_, found, isProven) => {
  const { ok, verdict, checks } = reportOf(found, { isWhole: true })

  expect({ ok, verdict }).toEqual({ ok: isProven, verdict: isProven ? 'intact' : 'unproven' })
  expect(checks.find(({ name }) => name === 'asked')).toMatchObject({ ok: isProven })
})

test('entries that a copy lacks and no host that came back speaks of are said', () => {
  const before = [{ ledger: 'cd'.repeat(16), size: 73, at: '2026-11-24T12:00:00.000Z', seen: 135 }]
  const refeed = { says: '', refed: 16, lacked: 16, gone: 0, seen: 135 }

  const { ok, checks } = reportOf({ before }, {}, refeed)
  expect(ok).toBe(false)
  expect(checks.find(({ name }) => name === 'restored')?.detail).toContain('46 entries of it are of hosts that did not')
  expect(reportOf({ before }, {}, { ...refeed, lacked: 62 })).toMatchObject({ ok: true, verdict: 'restored' })
})

type Given = Parameters<typeof toReport>

function reportOf(other: Partial<Comparison>, beside: Given[2] = {}, refeed: Given[1]['refeed'] = null) {
  const found: Comparison = {
    ledger: 'ef'.repeat(16),
    size: 41,
    root: '0'.repeat(64),
    fitting: 7,
    hosts: 1,
    told: [],
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
  const hosts = [{ id: host, name: 'web-1', isAgent: true, publicKey: '', connected: false, witness: null }]
  return toReport(found, { ledgerKeys: [], consoleKey: '', hosts, refeed }, beside)
}
