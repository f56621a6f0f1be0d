import type { TokenRow } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { standingOf } from './token-standing.ts'

const token: TokenRow = {
  id: '0123456789abcdef',
  label: 'Norfolk office',
  uses: 5,
  used: 4,
  createdAt: '2026-10-29T11:40:00.000Z',
  createdBy: 't.reyes@halyard-customs.example',
  expiresAt: '2026-10-30T11:40:00.000Z',
  revokedAt: null,
}
const before = Date.parse('2026-10-30T11:39:59.999Z')
const after = Date.parse('2026-10-30T11:40:00.000Z')

test('a token with a use and time left lets a computer in', () => {
  expect(standingOf(token, before)).toEqual({ isGood: true, word: 'In force' })
})

test('a token is over by its end, by its last use, or by being revoked, and says which came first for whoever asks', () => {
  expect(standingOf(token, after).word).toBe('Ended')
  expect(standingOf({ ...token, used: 5 }, before).word).toBe('Used up')
  expect(standingOf({ ...token, used: 5, revokedAt: '2026-10-29T12:00:00.000Z' }, after)).toEqual({
    isGood: false,
    word: 'Revoked',
  })
})
