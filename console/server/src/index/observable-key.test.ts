import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalValue } from './normal-value.ts'
import {
  addressKey,
  domainRange,
  keyOf,
  networkRange,
  normalAddress,
  observableTypes,
  typeNumber,
  typeOfNumber,
  valueOfKey,
} from './observable-key.ts'

const ipv4 = fc.ipV4()
const ipv6 = fc.ipV6().map((text) => normalAddress(text) ?? '')
const domain = fc.domain().map((text) => normalValue('domain', text) ?? 'evil.example')

test('every type has its number for ever', () => {
  expect(observableTypes.map((type) => [type, typeNumber(type)])).toEqual([
    ['ip', 0],
    ['domain', 1],
    ['url', 2],
    ['sha256', 3],
    ['sha1', 4],
    ['md5', 5],
    ['email', 6],
    ['account', 7],
    ['file-name', 8],
    ['file-path', 9],
    ['port', 10],
  ])
  for (const type of observableTypes) expect(typeOfNumber(typeNumber(type))).toBe(type)
  expect(() => typeOfNumber(11)).toThrow(RangeError)
})

test('a key gives its value back', () => {
  const seen = fc.oneof(
    fc.record({ type: fc.constant('ip' as const), value: fc.oneof(ipv4, ipv6) }),
    fc.record({ type: fc.constant('domain' as const), value: domain }),
    fc.record({ type: fc.constant('account' as const), value: fc.string() }),
  )

  fc.assert(
    fc.property(seen, ({ type, value }) => {
      expect(valueOfKey(type, keyOf(type, value))).toBe(value)
    }),
    { numRuns: 300 },
  )
  expect(valueOfKey('ip', keyOf('ip', 'no address'))).toBe('no address')
})

test('addresses are sorted by their bytes, and a mapped one is the one it stands for', () => {
  expect(addressKey('203.0.113.7')).toBe('4cb007107')
  expect(addressKey('2001:db8::77')).toBe('620010db8000000000000000000000077')
  expect(addressKey('::ffff:203.0.113.7')).toBe('4cb007107')
  expect(addressKey('evil.example')).toBeUndefined()
})

test('an address lies in the range of a network exactly when its first bits are those of the network', () => {
  const bitsOf = (address: string) =>
    [...(addressKey(address) ?? '').slice(1)]
      .map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'))
      .join('')
  const near = fc.oneof(
    fc.tuple(ipv4, ipv4),
    fc.tuple(ipv6, ipv6),
    fc.tuple(ipv4, ipv6),
    ipv4.map((ip) => [ip, ip] as const),
  )

  fc.assert(
    fc.property(near, fc.nat(128), ([network, address], some) => {
      const bits = network.includes(':') ? some : some % 33
      const { from, to } = networkRange(`${network}/${bits}`) ?? { from: '', to: '' }
      const key = addressKey(address) ?? ''
      const isSameKind = network.includes(':') === address.includes(':')
      expect(from <= key && key <= to).toBe(isSameKind && bitsOf(address).startsWith(bitsOf(network).slice(0, bits)))
    }),
    { numRuns: 500 },
  )
  expect(networkRange('203.0.113.0/33')).toBeUndefined()
})

test('the range of a domain holds it and what is below it, and no name that only looks like it', () => {
  const { from, to } = domainRange('evil.example')
  const isIn = (name: string) => from <= keyOf('domain', name) && keyOf('domain', name) <= to

  expect(['evil.example', 'cdn.evil.example', 'xn--mnchen-3ya.a.evil.example'].filter(isIn)).toHaveLength(3)
  expect(['example', 'notevil.example', 'evil.examples', 'evil.example.com', 'evil-.example'].filter(isIn)).toEqual([])
})
