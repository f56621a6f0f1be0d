import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePattern } from './stix-pattern.ts'

const valuesOf = (text: string) => {
  const pattern = parsePattern(text)
  return pattern.ok ? pattern.anyOf.map(({ path, value }) => `${path} ${value}`) : pattern.says
}

test.each([
  ["[ipv4-addr:value = '198.51.100.7']", ['ipv4-addr:value 198.51.100.7']],
  ["[ipv4-addr:value == '198.51.100.7']", ['ipv4-addr:value 198.51.100.7']],
  ["[ ipv4-addr:value='a' OR domain-name:value = 'b' ]", ['ipv4-addr:value a', 'domain-name:value b']],
  ["[url:value = 'a'] OR [url:value = 'b'] or [url:value='c']", ['url:value a', 'url:value b', 'url:value c']],
  ["([url:value = 'a'] OR ([url:value = 'b']))", ['url:value a', 'url:value b']],
  ["[(url:value = 'a' OR (url:value = 'b'))]", ['url:value a', 'url:value b']],
  ["[file:hashes.'SHA-256' = 'a' OR file:hashes.SHA256='b']", ['file:hashes.SHA-256 a', 'file:hashes.SHA256 b']],
  ["[domain-name:resolves_to_refs[0].value = 'a']", ['domain-name:resolves_to_refs.value a']],
  ["[url:value IN ('a', 'b',\n'c')]", ['url:value a', 'url:value b', 'url:value c']],
  ["[ipv4-addr:value ISSUBSET '198.51.100.0/24']", ['ipv4-addr:value 198.51.100.0/24']],
  ['[network-traffic:dst_port = 4444]', ['network-traffic:dst_port 4444']],
  ["[file:name = 'o\\'brien \\\\ x']", ["file:name o'brien \\ x"]],
  ["[url:value = 'a' /* a comment */ // and more\n]", ['url:value a']],
  ["[url:value = 'AND']", ['url:value AND']],
])('%s', (text, values) => {
  expect(valuesOf(text)).toEqual(values)
})

test.each([
  [
    "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '198.51.100.7']",
    ['network-traffic:dst_ref.value 198.51.100.7'],
  ],
  [
    "[network-traffic:src_ref.value = 'evil.example' AND network-traffic:src_ref.type = 'domain-name']",
    ['network-traffic:src_ref.value evil.example'],
  ],
  ["[file:name = 'x.exe' AND file:parent_directory_ref.path = 'C:\\\\Temp']", ['file:path C:\\Temp\\x.exe']],
  ["[(file:parent_directory_ref.path = '/' AND file:name = 'x') OR url:value = 'a']", ['file:path /x', 'url:value a']],
])('a conjunction that means one value is that value: %s', (text, values) => {
  expect(valuesOf(text)).toEqual(values)
})

test.each([
  ["[url:value = 'a' AND url:value = 'b']", 'AND'],
  ["[file:name = 'a' AND file:size = 1 AND file:hashes.MD5 = 'b']", 'AND'],
  ["[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:src_ref.value = 'a']", 'AND'],
  ["[network-traffic:dst_ref.type = 'mac-addr' AND network-traffic:dst_ref.value = 'a']", 'AND'],
  ["[url:value = 'a'] AND [url:value = 'b']", 'AND'],
  ["[url:value = 'a'] FOLLOWEDBY [url:value = 'b']", 'FOLLOWEDBY'],
  ["[url:value = 'a'] WITHIN 300 SECONDS", 'WITHIN'],
  ["[url:value = 'a'] REPEATS 5 TIMES", 'REPEATS'],
  ["[url:value = 'a'] START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'", 'START'],
  ["[url:value LIKE 'a%']", 'LIKE'],
  ["[url:value MATCHES '^a']", 'MATCHES'],
  ["[url:value NOT = 'a']", 'NOT'],
  ["[NOT url:value = 'a']", 'NOT'],
  ["[url:value != 'a']", '!='],
  ['[file:size > 1]', '>'],
  ["[ipv4-addr:value ISSUPERSET '198.51.100.0/24']", 'ISSUPERSET'],
  ['[EXISTS url:value]', 'EXISTS'],
  ["[file:created = t'2026-01-01T00:00:00Z']", "t'2026-01-01T00:00:00Z'"],
  ["[artifact:payload_bin = b'AAAA']", "b'AAAA'"],
  ["[file:contains = h'ff']", "h'ff'"],
  ['[process:is_hidden = true]', 'true'],
  ['[x:y = 1.5]', '1.5'],
  ["[url:value = 'a'", 'character'],
  ["[url:value = 'a'] [url:value = 'b']", 'character'],
  ["[url:value = 'a\\n']", 'character'],
  ['[url:value = "a"]', 'character'],
  ["[value = 'a']", 'character'],
  ["[file:hashes['MD5'] = 'b']", 'character 13'],
  ['', 'character'],
  ['[]', 'character'],
  [`${'('.repeat(33)}[url:value = 'a']${')'.repeat(33)}`, 'brackets'],
  [`[url:value = '${'a'.repeat(65_536)}']`, 'longer'],
])('%.60s is refused by name', (text, named) => {
  expect(valuesOf(text)).toEqual(expect.stringContaining(named))
})

test('a text in quotes gives back what was quoted', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const quoted = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
      expect(parsePattern(`[account:x = '${quoted}']`)).toEqual({
        ok: true,
        anyOf: [{ path: 'account:x', value: text }],
      })
    }),
  )
})

test('whatever the text, the answer is an answer', () => {
  const part = fc.constantFrom(
    '[',
    ']',
    '(',
    ')',
    'a:b',
    '=',
    "'x'",
    'OR',
    'AND',
    'IN',
    ',',
    ' ',
    '/*',
    '*/',
    '//',
    '\n',
    "'",
    '\\',
    'url:value',
  )

  fc.assert(
    fc.property(fc.string({ unit: part, maxLength: 30 }), (text) => {
      expect(typeof parsePattern(text).ok).toBe('boolean')
    }),
    { numRuns: 500 },
  )
})

test.each(['/*', '/**', '/* *', ' ', '//\n', "'", '\\', '[', '(', 'a:', 'a.', "[a:b='c'] OR ", '[*]', '1', "a:b.'x'"])(
  'a hostile pattern of %j takes no longer than its length',
  (part) => {
    const start = performance.now()

    for (const before of ['', '[', "[a:b = '"])
      parsePattern(before + part.repeat((65_000 - before.length) / part.length))
    expect(performance.now() - start).toBeLessThan(3000)
  },
)
