import { expect, test } from 'vitest'
import { placeNamed } from './abbreviation.ts'
import { timeline } from './time.ts'

const written = { year: 2026, month: 11, day: 26, hour: 8, minute: 0, second: 0, fraction: '' }
const at = (zone: string, name?: string) =>
  placeNamed(timeline(name === undefined ? {} : { zone: { name, basis: 'sealed' } }), { raw: 'x', written, zone }).at

test('an abbreviation of one offset, and an offset, give the instant whatever the host’s zone is', () => {
  expect(at('UTC', 'Asia/Tokyo')).toBe('2026-11-26T08:00:00Z')
  expect(at('EST')).toBe('2026-11-26T13:00:00Z')
  expect(at('-0330')).toBe('2026-11-26T11:30:00Z')
})

test('one of several counts only where the zone that was sealed has it', () => {
  expect(at('CST')).toBeUndefined()
  expect(at('CST', 'America/Chicago')).toBe('2026-11-26T14:00:00Z')
  expect(at('CST', 'Asia/Shanghai')).toBe('2026-11-26T00:00:00Z')
  expect(at('CST', 'Europe/Berlin')).toBeUndefined()
})

test('one that nobody knows gives no instant', () => {
  expect(at('XYZ', 'Europe/Berlin')).toBeUndefined()
  expect(at('constructor', 'Europe/Berlin')).toBeUndefined()
})
