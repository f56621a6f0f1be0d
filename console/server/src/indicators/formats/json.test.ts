import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codeOf } from '../../index/refusal.fixture.ts'
import { readJson } from './json.ts'

test('what JSON.parse reads is read to the same', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (json, indent) => {
      const text = JSON.stringify(JSON.parse(json), null, indent)
      expect(JSON.stringify(readJson(text).value)).toBe(JSON.stringify(JSON.parse(text)))
    }),
    { numRuns: 300 },
  )
})

test('what JSON.parse refuses is refused, whatever was done to the text', () => {
  const text = '{"a": [1, -2.5e3, true, null, "x\\"\\u00e9"], "b": {"c": ""}}'
  const unit = fc.constantFrom(...'{}[],:"\\ 0e-+.tfnu\n\u0000x'.split(''))

  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(3), fc.string({ unit, maxLength: 3 }), (at, gone, put) => {
      const changed = text.slice(0, at) + put + text.slice(at + gone)
      expect(codeOf(() => readJson(changed)) === undefined).toBe(isStrict(changed))
    }),
    { numRuns: 1000 },
  )
})

/** Valid and without a name that stands twice, which `JSON.parse` lets pass. */
function isStrict(text: string): boolean {
  try {
    const names = text.match(/"(?:[^"\\]|\\.)*"(?=\s*:)/g) ?? []
    JSON.parse(text)
    return new Set(names).size === names.length
  } catch {
    return false
  }
}

test('an object knows the line on which it begins', () => {
  const { value, lineOf } = readJson('\uFEFF[\r\n  {},\n\n {"a":\n{}}\n]') as {
    value: object[]
    lineOf(of: object): number
  }

  expect(value.map(lineOf)).toEqual([2, 4])
  expect(lineOf((value[1] as { a: object }).a)).toBe(5)
})

test.each([
  ['a name that stands twice', '{"a":1,"a":2}'],
  ['the same name, spelled with an escape', '{"a":1,"\\u0061":2}'],
  ['something behind the end', '{} {}'],
  ['nothing', ''],
  ['a comma too much', '[1,]'],
  ['a text that does not end', '["x'],
  ['a text that ends in an escape', '["x\\"'],
  ['a line feed in a text', '["x\n"]'],
  ['a number with a zero before it', '[01]'],
  ['a word of JavaScript', '[undefined]'],
  ['65 levels', '['.repeat(65) + ']'.repeat(65)],
  ['a million levels', '['.repeat(1_000_000)],
])('%s is refused', (_what, text) => {
  expect(codeOf(() => readJson(text))).toBe('indicator-file-refused')
})

test('64 levels are read', () => {
  expect(codeOf(() => readJson('['.repeat(64) + ']'.repeat(64)))).toBeUndefined()
})

test('a member named like one of every object is a member like any other', () => {
  const { value } = readJson('{"__proto__":{"polluted":1},"constructor":2,"toString":3}') as {
    value: Record<string, unknown>
  }

  expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'toString'])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

test('a text full of escapes is read, and one full of quotes refused, in no more time than its length', () => {
  const start = performance.now()

  expect(readJson(`["${'\\"'.repeat(1_000_000)}"]`).value).toEqual(['"'.repeat(1_000_000)])
  expect(readJson(`["${'\\\\'.repeat(1_000_000)}"]`).value).toEqual(['\\'.repeat(1_000_000)])
  expect(codeOf(() => readJson('"'.repeat(1_000_001)))).toBe('indicator-file-refused')
  expect(codeOf(() => readJson(`["${'\\"'.repeat(1_000_000)}`))).toBe('indicator-file-refused')
  expect(performance.now() - start).toBeLessThan(5000)
})
