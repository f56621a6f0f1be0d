import { isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toEnd, toIp } from './address.ts'

test('an address has one form, whatever way it was written', () => {
  expect(toIp('2001:0DB8:0:0:0:0:0:0007')).toBe('2001:db8::7')
  expect(toIp('::ffff:192.0.2.7')).toBe('192.0.2.7')
  expect(toIp('::ffff:c000:207')).toBe('192.0.2.7')
  expect(toIp('fe80::1%eth0')).toBe('fe80::1')
  expect(toIp('::')).toBe('::')
  expect(toIp('1:0:0:2:0:0:0:3')).toBe('1:0:0:2::3')
  expect(toIp('64:ff9b::192.0.2.33')).toBe('64:ff9b::c000:221')
})

test('what is no address is none', () => {
  for (const text of [
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '192.030.0.6',
    '256.1.1.1',
    '1.2.3.',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '12345::',
    'g::',
    '1.2.3.4:5',
    '::1.2.3',
  ])
    expect([text, toIp(text)]).toEqual([text, undefined])
})

test('any address is one exactly when the runtime says so, and its form is that of a URL (WHATWG, RFC 5952)', () => {
  const group = fc.oneof(
    fc.constant('0'),
    fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16)),
  )
  const six = fc.oneof(
    fc.ipV6(),
    fc.array(group, { minLength: 1, maxLength: 9 }).map((groups) => groups.join(':')),
    fc
      .tuple(fc.array(group, { maxLength: 7 }), fc.array(group, { maxLength: 7 }))
      .map(([head, tail]) => `${head.join(':')}::${tail.join(':')}`),
  )
  fc.assert(
    fc.property(fc.oneof(six, fc.ipV4(), fc.string({ maxLength: 20 })), (text) => {
      fc.pre(!text.includes('%'))
      const ip = toIp(text)

      expect(ip !== undefined).toBe(isIP(text) !== 0)
      if (ip?.includes(':') === true) expect(ip).toBe(new URL(`http://[${text}]`).hostname.slice(1, -1))
    }),
    { numRuns: 500 },
  )
})

test('an end keeps what was written beside what it is', () => {
  expect(toEnd('::FFFF:192.0.2.7', 22)).toEqual({ address: '::FFFF:192.0.2.7', ip: '192.0.2.7', port: 22 })
  expect(toEnd('host.example')).toEqual({ address: 'host.example', domain: 'host.example' })
  expect(toEnd('two words')).toEqual({ address: 'two words' })
  expect(toEnd('7')).toEqual({ address: '7' })
})
