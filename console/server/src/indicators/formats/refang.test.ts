import fc from 'fast-check'
import { expect, test } from 'vitest'
import { refang } from './refang.ts'

test.each([
  ['hxxp://evil[.]example/x', 'http://evil.example/x'],
  ['hXXps[:]//evil(.)example', 'https://evil.example'],
  ['hxxps[://]cdn{.}evil[.]example[/]x', 'https://cdn.evil.example/x'],
  ['h**p://evil[dot]example', 'http://evil.example'],
  ['hxxxp://evil.example', 'http://evil.example'],
  ['meow://evil.example', 'http://evil.example'],
  ['fxp://evil.example', 'ftp://evil.example'],
  ['evil [.] example', 'evil [.] example'.replace('[.]', '.')],
  ['evil (dot) example', 'evil.example'],
  ['evil[.example', 'evil.example'],
  ['evil.]example', 'evil.example'],
  ['203[.]0[.]113[.]7', '203.0.113.7'],
  ['2001[:]db8[::]77', '2001:db8::77'],
  ['billing[at]evil[.]example', 'billing@evil.example'],
  ['billing [@] evil [dot] example', 'billing@evil.example'],
  ['evil。example', 'evil.example'],
  ['evil\\.example', 'evil.example'],
  ['ev\u200bil\u00ad.example\ufeff', 'evil.example'],
])('%s is %s', (text, is) => {
  expect(refang(text)).toBe(is)
})

test.each([
  ['"evil.example",', 'evil.example'],
  ["'hxxp://evil[.]example'", 'http://evil.example'],
  ['`evil.example`;', 'evil.example'],
  ['<https://evil.example>', 'https://evil.example'],
  ['(evil.example)', 'evil.example'],
  ['[evil[.]example]', 'evil.example'],
  ['"(hxxp://evil[.]example)"', 'http://evil.example'],
])('what stands around a value is no part of it: %s', (text, is) => {
  expect(refang(text)).toBe(is)
})

test.each([
  '[2001:db8::1]:443',
  'http://[2001:db8::1]/x',
  'C:\\Users\\a.b\\x.exe',
  '\\\\server\\share\\x.exe',
  'a\\b',
  'meowing.example',
  'fxpress.example',
  'http://evil.example/a(b)',
])('%s stays as it is', (text) => {
  expect(refang(text)).toBe(text)
})

test('a defanged value is itself again, however it was defanged', () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,8}$/)
  const host = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'))
  const value = fc.oneof(
    fc.ipV4(),
    host,
    fc.tuple(label, host).map(([local, name]) => `${local}@${name}`),
    fc
      .tuple(fc.constantFrom('http', 'https', 'ftp'), host, label)
      .map(([scheme, name, path]) => `${scheme}://${name}/${path}`),
  )
  const marks = fc.record({
    dot: fc.constantFrom('[.]', '(.)', '{.}', '[.', '.]', '[dot]', ' (DOT) ', '。', '.'),
    at: fc.constantFrom('[at]', '(@)', ' [AT] ', '@'),
    slashes: fc.constantFrom('[://]', '[:]//', ':[//]', '://'),
    scheme: fc.constantFrom('hxxp', 'hXXp', 'h**p', 'http'),
    around: fc.constantFrom(['', ''], ['"', '"'], ['<', '>'], ['(', ')'], ["'", "',"]),
  })

  fc.assert(
    fc.property(value, marks, (is, { dot, at, slashes, scheme, around: [before = '', after = ''] }) => {
      const defanged = is
        .replaceAll('.', dot)
        .replace('@', at)
        .replace(/^http(?=s?:)/, scheme)
        .replace('://', slashes)
      expect(refang(`${before}${defanged}${after}`)).toBe(is)
    }),
    { numRuns: 500 },
  )
})

test('a hostile text takes no longer than its length', () => {
  const hostile = ['"', '(', '[', "'(", '[.', '\\.', ' [', '[dot', '> ', '"\u200b'].flatMap((part) => [
    part.repeat(40_000),
    `${part.repeat(40_000)}(x`,
    `x)${part.repeat(40_000)}`,
    `${part.repeat(40_000)}x${')'.repeat(40_000)}`,
  ])

  const start = performance.now()
  for (const text of hostile) refang(text)
  expect(performance.now() - start).toBeLessThan(5000)
})
