import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { isRefusal } from '../error.ts'
import { readIndicators } from './read.ts'

test.each([
  ['', undefined],
  ['\uFEFF\r\n \n', undefined],
  ['', 'csv'],
  ['', 'text'],
  ['', 'stix'],
] as const)('%j is refused as empty, whatever format was named', (text, format) => {
  expect(refusalOf(() => readIndicators(text, format))).toMatch(/^indicator-file-refused: .*empty/)
})

test('columns without names are taken when a cell says what another is, also of one row alone', () => {
  expect(readIndicators('ipv4,198.51.100.7,seen in May').recognised).toMatchObject([
    { type: 'ip', value: '198.51.100.7', note: 'seen in May' },
  ])
})

test('columns that cannot be told are refused with words about their names', () => {
  expect(refusalOf(() => readIndicators('198.51.100.7,high,note'))).toMatch(/columns .* header/)
  expect(readIndicators('ipv4,198.51.100.7,note', 'text').refused).toMatchObject([
    { line: 1, why: expect.stringContaining('header') },
  ])
})

test.each([
  ['random bytes', () => Buffer.from(hash('sha512', 'seed', 'hex').repeat(40), 'hex').toString('utf8')],
  ['a program', () => `\u007fELF${'\0'.repeat(60)}/lib64/ld-linux.so.2\0mail@evil.example\n/tmp/x\n`],
  ['UTF-16 without its mark', () => [...'evil.example\n'].join('\0')],
])('%s are refused as a whole, whatever in them looks like a value', (_what, text) => {
  for (const format of [undefined, 'text', 'csv'] as const)
    expect(refusalOf(() => readIndicators(text(), format))).toMatch(/^indicator-file-refused: This is no text/)
})

test('a value with bytes that are no text is refused, and the rest of its list is taken', () => {
  const notes = Array.from({ length: 20 }, (_, n) => `198.51.100.${n}  # seen in M\ufffdnchen`)
  const text = [...notes, '/tmp/\ufffd\ufffdq', 'a\u0001b@evil.example', 'file-name: x\ufffd.exe'].join('\n')

  const { recognised, refused } = readIndicators(text)

  expect(recognised).toHaveLength(20)
  expect(refused).toMatchObject([21, 22, 23].map((line) => ({ line, why: expect.stringMatching(/no text/) })))
})

function refusalOf(act: () => unknown): string {
  try {
    act()
    return 'taken'
  } catch (error) {
    return isRefusal(error) ? `${error.code}: ${error.says}` : String(error)
  }
}
