import { type Check, notMade, type VerifyReport } from '@tidewaiter/protocol'
import { describe, expect, test } from 'vitest'
import { compareSigner, differences, judge, verdictOf } from './judgement.ts'

const fingerprint = 'c6e6a803'.repeat(8)
const passed: Check = { name: 'files', ok: true, detail: '24 files' }
const changed: Check = { name: 'files', ok: false, detail: 'data/10_letter.html: its bytes are not the ones' }
const missed: Check = { name: 'bag', ok: false, detail: notMade }

describe('who signed', () => {
  test('is compared however the fingerprint is written', () => {
    const told = fingerprint.toUpperCase().replace(/.{4}/g, '$& ')

    expect(compareSigner(report({}), told)).toBe('same')
    expect(compareSigner(report({}), 'ab'.repeat(32))).toBe('other')
  })

  test('is not known while nothing, or only a part, was entered', () => {
    expect(compareSigner(report({}), ' ')).toBe('not-compared')
    expect(compareSigner(report({}), 'c6e6 a803')).toBe('malformed')
  })

  test('is nobody when no signature holds, whatever was entered', () => {
    expect(compareSigner(report({ signer: null }), fingerprint)).toBe('nobody')
  })
})

test('an intact package signed by another key is not called intact', () => {
  expect(verdictOf(report({}), 'not-compared')).toBe('intact')
  expect(verdictOf(report({}), 'other')).toBe('foreign')
})

test('a difference outweighs who signed, and a file without a container is no package', () => {
  expect(verdictOf(report({ ok: false }), 'same')).toBe('changed')
  expect(verdictOf(report({ ok: false, files: 0 }), 'nobody')).toBe('unreadable')
})

test('a check that could not be made is neither passed nor a difference', () => {
  expect(judge([passed, missed]).map(({ state }) => state)).toEqual(['passed', 'not-made'])
  expect(differences([changed, missed])).toBe(1)
})

test('everything that differs in one check stands under it', () => {
  expect(judge([changed, { ...changed, detail: 'data/30_iocs.csv: missing' }])).toEqual([
    { name: 'files', state: 'differs', details: [changed.detail, 'data/30_iocs.csv: missing'] },
  ])
})

function report(part: Partial<VerifyReport>): VerifyReport {
  return {
    ok: true,
    checks: [passed],
    signer: { name: 'Halyard', fingerprint, checked: false },
    asOf: '2026-11-24T12:00:00.000Z',
    head: null,
    hostHeads: 0,
    files: 24,
    batchesComplete: 0,
    recordsProven: 6,
    ...part,
  }
}
