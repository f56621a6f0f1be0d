import { expect, test } from 'vitest'
import { addressKey, openRates } from './rates.ts'

test('a key has its burst at once and its rate after that, whatever others do', () => {
  let nowMs = 0
  const rates = openRates({ burst: 3, perSecond: 1 }, () => nowMs)

  expect([1, 2, 3, 4].map(() => rates.take('a'))).toEqual([true, true, true, false])
  expect(rates.take('b', 3)).toBe(true)
  nowMs = 1500
  expect([rates.take('a'), rates.take('a')]).toEqual([true, false])
  nowMs = 60_000
  expect(rates.take('a', 4)).toBe(false)
  expect(rates.take('a', 3)).toBe(true)
})

test('a flood of keys is forgotten from its beginning', () => {
  const rates = openRates({ burst: 1, perSecond: 0 }, () => 0)
  rates.take('first')
  for (let i = 0; i < 10_000; i++) rates.take(`key ${i}`)

  expect(rates.take('key 9999')).toBe(false)
  expect(rates.take('first')).toBe(true)
})

test('a network of IPv6 is one address, and a mapped address is the IPv4 it maps', () => {
  expect(addressKey('2001:db8:1:2:aaaa::1')).toBe(addressKey('2001:db8:1:2:bbbb::2'))
  expect(addressKey('2001:db8:1:3::1')).not.toBe(addressKey('2001:db8:1:2::1'))
  expect(addressKey('::ffff:192.0.2.7')).toBe('192.0.2.7')
  expect(addressKey('no address')).toBe('no address')
})
