import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  concat,
  equal,
  fromBase64,
  fromHex,
  fromUtf8,
  parseCompactJson,
  toBase64,
  toHex,
  toUtf8,
  writeUint64,
} from './bytes.ts'
import { anyText } from './chunks.fixture.ts'

const runs = { seed: 4648 }
const bytes = fc.uint8Array({ maxLength: 100 })

test('hex, base64 and UTF-8 are those of Node, and come back as they were', () => {
  fc.assert(
    fc.property(bytes, anyText, (some, text) => {
      expect(toHex(some)).toBe(Buffer.from(some).toString('hex'))
      expect(toBase64(some)).toBe(Buffer.from(some).toString('base64'))
      expect(fromHex(toHex(some))).toEqual(some)
      expect(fromBase64(toBase64(some))).toEqual(some)
      expect(fromUtf8(toUtf8(text))).toBe(text)
    }),
    runs,
  )
})

test('base64 of more bytes than a call takes arguments is that of Node', () => {
  const many = new Uint8Array(300_000).map((_, i) => i * 31)

  expect(toBase64(many)).toBe(Buffer.from(many).toString('base64'))
})

test('a value has one spelling in hex and in base64', () => {
  for (const text of ['a', 'AB', 'g0', '0x', ' 00', '00\n']) expect([text, fromHex(text)]).toEqual([text, undefined])
  for (const text of ['QQ', 'QQ=', 'QR==', 'QQ==\n', 'Q Q=', 'QQ==QQ==', '_-==', '====', 'Q==='])
    expect([text, fromBase64(text)]).toEqual([text, undefined])
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const [from, to] of [
        [fromHex, toHex],
        [fromBase64, toBase64],
      ] as const) {
        const read = from(text)
        if (read !== undefined) expect(to(read)).toBe(text)
      }
    }),
    runs,
  )
})

test('bytes that are not UTF-8 are refused, and a byte order mark stays', () => {
  for (const broken of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]])
    expect(() => fromUtf8(Uint8Array.from(broken))).toThrow(TypeError)
  expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa')
})

test('numbers up to 2^53 - 1 are written in eight bytes, and nothing beside them', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      const out = new Uint8Array(10).fill(0xee)
      writeUint64(out, 1, value)
      expect(Buffer.from(out).readBigUInt64BE(1)).toBe(BigInt(value))
      expect([out[0], out[9]]).toEqual([0xee, 0xee])
    }),
    { ...runs, examples: [[0], [0xffffffff], [0x100000000], [Number.MAX_SAFE_INTEGER]] },
  )
})

test('bytes are equal when they are the same bytes', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      expect(equal(a, b)).toBe(Buffer.compare(a, b) === 0)
      expect(equal(concat(a, b), Buffer.concat([a, b]))).toBe(true)
    }),
    runs,
  )
})

describe('compact JSON', () => {
  test('is what JSON.stringify writes, of whatever value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(JSON.stringify(parseCompactJson(toUtf8(text)))).toBe(text)
      }),
      runs,
    )
  })

  test.each([
    ' {}',
    '{} ',
    '{}\n',
    '{"a": 1}',
    '{"a":1,"a":1}',
    '{"a":{"b":1,"b":2}}',
    '1.0',
    '1e2',
    '-0',
    '0.10',
    '"\\u0061"',
    '"\\/"',
    '"\\u001F"',
    '9007199254740993',
    '\ufeff{}',
    'NaN',
    'undefined',
    '',
  ])('is not %j', (text) => {
    expect(parseCompactJson(toUtf8(text))).toBeUndefined()
  })

  test('is no random bytes but those that are it, and nothing is too deep to be told', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        const value = parseCompactJson(some)
        if (value !== undefined) expect(toUtf8(JSON.stringify(value))).toEqual(some)
      }),
      runs,
    )
    expect(parseCompactJson(toUtf8('['.repeat(200_000)))).toBeUndefined()
    expect(parseCompactJson(toUtf8('['.repeat(200_000) + ']'.repeat(200_000)))).toBeUndefined()
  })
})
