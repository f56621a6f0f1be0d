import { expect, test } from 'vitest'
import { isExpired } from './expired.ts'

const nowMs = Date.parse('2026-10-29T12:00:00Z')
const ended = '2026-10-29T12:00:00.000Z'

test('a host whose certificate is past its end is expired, whatever its state says of its connection', () => {
  for (const status of ['pending', 'silent', 'lagging'] as const)
    expect(isExpired({ status, certificateExpiresAt: ended }, nowMs)).toBe(true)
  expect(isExpired({ status: 'silent', certificateExpiresAt: '2026-10-29T12:00:00.001Z' }, nowMs)).toBe(false)
})

test('a host that is let in no more, or never had a certificate, has none to renew', () => {
  expect(isExpired({ status: 'revoked', certificateExpiresAt: ended }, nowMs)).toBe(false)
  expect(isExpired({ status: 'retired', certificateExpiresAt: ended }, nowMs)).toBe(false)
  expect(isExpired({ status: 'silent', certificateExpiresAt: null }, nowMs)).toBe(false)
})
