import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeOf } from '../../index/refusal.fixture.ts'
import { linesOf, takenFrom, whyOf } from '../reading.fixture.ts'
import { looksLikeCsv, readCsv } from './csv.ts'
import { refang } from './refang.ts'

test('columns are found by their names in any order, and say what they say of each value', () => {
  const reading = readCsv(
    [
      'confidence,comment,valid_until,Type,TLP,First Seen,Value,seen by',
      '80,"C2, first seen in mail",2027-01-01,domain,TLP:RED,2026-11-03 14:05,evil[.]example,us',
      'medium,,,ip,,,198.51.100.7,',
    ].join('\n'),
  )

  expect(reading.recognised).toEqual([
    {
      line: 2,
      type: 'domain',
      value: 'evil.example',
      as: 'evil[.]example',
      confidence: 80,
      tlp: 'RED',
      validFrom: '2026-11-03T14:05:00.000Z',
      validUntil: '2027-01-01T00:00:00.000Z',
      note: 'C2, first seen in mail',
    },
    { line: 3, type: 'ip', value: '198.51.100.7', as: '198.51.100.7', confidence: 50 },
  ])
  expect(reading.refused).toEqual([])
})

test('several columns of values are several indicators a row', () => {
  const reading = readCsv(
    `md5;sha256;file name;note\n${'a'.repeat(32)};${'b'.repeat(64)};Enc64.exe;dropper\n;;stage7.ps1;`,
  )

  expect(takenFrom(reading)).toEqual([
    `md5 ${'a'.repeat(32)}`,
    `sha256 ${'b'.repeat(64)}`,
    'file-name enc64.exe',
    'file-name stage7.ps1',
  ])
  expect(reading.recognised.map(({ note }) => note)).toEqual(['dropper', 'dropper', 'dropper', undefined])
})

test('names of columns as ECS writes them are names, not domains', () => {
  expect(takenFrom(readCsv('host.name,source.ip\nevil.example,198.51.100.7'))).toEqual([
    'domain evil.example',
    'ip 198.51.100.7',
  ])
})

test.each([
  ['comma', ','],
  ['semicolon', ';'],
  ['tab', '\t'],
  ['bar', '|'],
])('a %s stands between columns, after a byte order mark and comments', (_name, mark) => {
  const text = `\uFEFF# made by hand; for all, and | everyone\n\n${['type', 'value'].join(mark)}\r\n${['account', 'support_svc'].join(mark)}\r\n# end\r\n`

  expect(takenFrom(readCsv(text))).toEqual(['account support_svc'])
  expect(readCsv(text)).toMatchObject({ read: 1, refused: [] })
})

describe('without a line of names', () => {
  test.each([
    ['2026-11-03,198.51.100.7,C2', 'ip 198.51.100.7', '2026-11-03, C2'],
    ['domain,evil.bazar', 'domain evil.bazar', undefined],
    ['evil.bazar,domain', 'domain evil.bazar', undefined],
    ['account,support_svc,service', 'account support_svc', 'service'],
    ['file-name,evil.com,seen twice', 'file-name evil.com', 'seen twice'],
    ['x,stage7.ps1', 'file-name stage7.ps1', 'x'],
  ])('%s', (row, taken, note) => {
    const reading = readCsv(`${row}\n`)

    expect(takenFrom(reading)).toEqual([taken])
    expect(reading.recognised[0]?.note).toBe(note)
  })

  test('the first row is a value too, also beside the name of its type', () => {
    expect(takenFrom(readCsv('ip,198.51.100.7\ndomain,evil.example'))).toEqual([
      'ip 198.51.100.7',
      'domain evil.example',
    ])
  })

  test('of several values in a row the first is taken, and the reader says so', () => {
    const reading = readCsv('evil.example,https://report.example/1\n')

    expect(takenFrom(reading)).toEqual(['domain evil.example'])
    expect(linesOf(reading.warned)).toEqual(['1 https://report.example/1'])
  })
})

describe('a value is what its column says where it can be, and what it looks like otherwise', () => {
  test.each([
    ['domain', 'evil.bit', 'domain evil.bit'],
    ['domain', '198.51.100.7', 'ip 198.51.100.7'],
    ['ip', '198.51.100.7:443', 'ip 198.51.100.7'],
    ['ip', '198.51.100.0/24', 'cidr 198.51.100.0/24'],
    ['url', 'evil.example/x', 'url http://evil.example/x'],
    ['file', 'C:\\Temp\\A.exe', 'file-path c:\\temp\\a.exe'],
    ['ip:port', '198.51.100.7:443', 'ip 198.51.100.7'],
    ['c2', 'evil.example', 'domain evil.example'],
    ['hash', 'a'.repeat(40), `sha1 ${'a'.repeat(40)}`],
  ])('%s %s', (type, value, taken) => {
    expect(takenFrom(readCsv(`type,value\n${type},${value}`))).toEqual([taken])
  })

  test.each([
    ['imphash', 'a'.repeat(32), 'imphash'],
    ['service', 'WinUpdMaint', 'service'],
    ['task', '\\OneDrive Updater Svc', 'task'],
    ['extension', '.locked7', 'extension'],
    ['ip', 'none', 'IP'],
    ['', 'whatever', '`type`'],
  ])('%s %s is refused by name', (type, value, named) => {
    const { recognised, refused } = readCsv(`type,value\n${type},${value}`)

    expect(recognised).toEqual([])
    expect(whyOf(refused)).toContain(named)
  })
})

test('what is said of a value and not understood is left out with a warning, and the value taken', () => {
  const reading = readCsv('value,confidence,tlp,valid until\nevil.example,101,purple,31/12/2026')

  expect(reading.recognised).toEqual([{ line: 2, type: 'domain', value: 'evil.example', as: 'evil.example' }])
  expect(linesOf(reading.warned)).toEqual(['2 101', '2 purple', '2 31/12/2026'])
})

test('a formula is a value like any other, and nothing happens with it', () => {
  const reading = readCsv("type,value\naccount,=cmd|' /C calc'!A0\ndomain,=1+1\naccount,@SUM(A1)")

  expect(takenFrom(reading)).toEqual(["account =cmd|' /c calc'!a0", 'account @sum(a1)'])
  expect(linesOf(reading.refused)).toEqual(['3 =1+1'])
})

test('names like those of every object are values like any other', () => {
  expect(takenFrom(readCsv('type,value\naccount,__proto__\nconstructor,evil.example'))).toEqual([
    'account __proto__',
    'domain evil.example',
  ])
  expect(codeOf(() => readCsv('__proto__,constructor\ntoString,valueOf'))).toBeUndefined()
})

test('a row without a value is refused by its line, also behind a cell of several lines', () => {
  expect(linesOf(readCsv('value,note\n"evil.example","two\nlines"\n,nothing\n').refused)).toEqual(['4 ,nothing'])
})

test.each([
  ['a quote that is not closed', `type,value\n"domain,evil.example\n${'x,y\n'.repeat(20_000)}`],
  ['one line of 1 MB', `a,${'b'.repeat(1_000_000)}`],
])('%s is no list', (_what, text) => {
  expect(codeOf(() => readCsv(text))).toBe('indicator-file-refused')
})

test('a row of more than 200 cells is refused, and the list goes on', () => {
  const reading = readCsv(`type,value\n${'evil.example,'.repeat(201)}\ndomain,evil.test`)

  expect(takenFrom(reading)).toEqual(['domain evil.test'])
  expect(reading.refused).toHaveLength(1)
})

test('a file of which nothing can be taken ends after 5,000 rows, not after all', () => {
  const start = performance.now()

  expect(codeOf(() => readCsv('a,b\n'.repeat(2_000_000)))).toBe('indicator-file-refused')
  expect(performance.now() - start).toBeLessThan(5000)
})

test('whatever was written as CSV is read back', () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
  const text = fc.string({ unit: fc.constantFrom(...'aZ9 ,;|"\n\t=+@#-é'), maxLength: 20 })
  const row = fc.record({
    value: fc.oneof(
      fc.record({ type: fc.constant('ip'), value: fc.ipV4().filter((ip) => !/^(0|127|255)\./.test(ip)) }),
      fc.record({ type: fc.constant('domain'), value: label.map((name) => `${name}.example`) }),
      fc.record({
        type: fc.constant('account'),
        value: fc
          .string({ minLength: 1, maxLength: 20 })
          .map((text) => `x${text.trim()}x`)
          .filter((text) => refang(text) === text),
      }),
    ),
    confidence: fc.nat(100),
    note: text.map((some) => `n${some}n`),
  })
  const order = fc.shuffledSubarray(['type', 'value', 'confidence', 'note'], { minLength: 4, maxLength: 4 })

  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 8 }),
      order,
      fc.constantFrom(',', ';', '\t', '|'),
      (rows, columns, delimiter) => {
        const flat = rows.map(({ value, confidence, note }) => ({ ...value, confidence, note }))
        const text = stringify(flat, { header: true, columns, delimiter, quoted: true })
        const { recognised, refused } = readCsv(text)
        expect(refused).toEqual([])
        expect(recognised.map(({ type, value, confidence, note }) => ({ type, value, confidence, note }))).toEqual(
          flat.map(({ value, note, ...rest }) => ({
            ...rest,
            value: value.toLowerCase(),
            note,
          })),
        )
      },
    ),
    { numRuns: 100 },
  )
})

test.each([
  ['a line of names', 'type,value\nx,y'],
  ['one column with its name', 'indicator\nevil.example\nevil.test'],
  ['rows with a value and the same number of cells', 'evil.example;1\nevil.test;2'],
  ['comments before it', '# feed, of today\nid;url\n1;http://evil.example'],
])('%s looks like CSV', (_what, text) => {
  expect(looksLikeCsv(text)).toBe(true)
})

test.each([
  ['nothing', ''],
  ['one value', 'evil.example'],
  ['a list', 'evil.example\nevil.test'],
  ['running text', 'We saw 198.51.100.7, the C2\nand evil.example, again'],
  ['rows of other things', 'a,b\nc,d'],
  ['64 KB of empty lines', '\n'.repeat(65_536)],
  ['64 KB of spaces', ' '.repeat(65_536)],
])('%s does not look like CSV', (_what, text) => {
  const start = performance.now()

  expect(looksLikeCsv(text)).toBe(false)
  expect(performance.now() - start).toBeLessThan(2000)
})
