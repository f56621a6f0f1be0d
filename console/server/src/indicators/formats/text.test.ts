import { describe, expect, test } from 'vitest'
import { codeOf } from '../../index/refusal.fixture.ts'
import { linesOf, takenFrom, whyOf } from '../reading.fixture.ts'
import { readText } from './text.ts'

test('a list has one value a line, defanged or not, with comments and empty lines', () => {
  const text = [
    '\uFEFF# indicators of the incident',
    '198.51.100.7',
    '',
    'hxxp://evil[.]example/x#part // first stage',
    '  evil[.]example  # sender',
    '; more',
    '// and more',
    '2001:db8:bad::/48',
    'billing(at)evil[.]example',
    'stage7.ps1',
  ].join('\r\n')

  const reading = readText(text)

  expect(takenFrom(reading)).toEqual([
    'ip 198.51.100.7',
    'url http://evil.example/x',
    'domain evil.example',
    'cidr 2001:db8:bad::/48',
    'email billing@evil.example',
    'file-name stage7.ps1',
  ])
  expect(reading.recognised.map(({ line }) => line)).toEqual([2, 4, 5, 8, 9, 10])
  expect(reading.recognised[2]?.as).toBe('evil[.]example')
  expect(reading).toMatchObject({ read: 6, refused: [] })
})

test.each(['\n', '\r\n', '\r'])('lines end in %j', (end) => {
  expect(takenFrom(readText(['evil.example', 'evil.test', ''].join(end)))).toEqual([
    'domain evil.example',
    'domain evil.test',
  ])
})

test.each([
  ['account:Support_Svc', 'account support_svc'],
  ['user = jdoe', 'account jdoe'],
  ['file-name: enc64.exe', 'file-name enc64.exe'],
  ['file: C:\\Temp\\Enc64.exe', 'file-path c:\\temp\\enc64.exe'],
  ['domain: evil.bazar', 'domain evil.bazar'],
  ['IP: 198.51.100.7', 'ip 198.51.100.7'],
  ['ip = 198.51.100.0/24', 'cidr 198.51.100.0/24'],
  ['port: 4444', 'port 4444'],
  [
    'SHA256: C80198CFD875842EA3ABA595A32627F3D0B894626F24F73F0DA102DC7C8FC79A',
    'sha256 c80198cfd875842ea3aba595a32627f3d0b894626f24f73f0da102dc7c8fc79a',
  ],
  ['host: evil.example', 'domain evil.example'],
  ['From: Billing <billing@evil.example>', 'email billing@evil.example'],
])('%s says what it is', (line, taken) => {
  expect(takenFrom(readText(line))).toEqual([taken])
})

describe('running text', () => {
  test.each([
    ['We saw 198.51.100.7, the C2 server.', ['ip 198.51.100.7']],
    [
      'It asked for (evil[.]example) and then for hxxps://cdn[.]evil[.]example/a?b=1.',
      ['domain evil.example', 'url https://cdn.evil.example/a?b=1'],
    ],
    ['IPs: 198.51.100.7; 198.51.100.8', ['ip 198.51.100.7', 'ip 198.51.100.8']],
    ['IP: 198.51.100.7, 198.51.100.8', ['ip 198.51.100.7', 'ip 198.51.100.8']],
    [
      `SHA1=${'a'.repeat(40)},MD5=${'b'.repeat(32)},IMPHASH=${'c'.repeat(32)} in Sysmon`,
      [`sha1 ${'a'.repeat(40)}`, `md5 ${'b'.repeat(32)}`],
    ],
    [`the imphash: ${'c'.repeat(32)} is shared by evil.example`, ['domain evil.example']],
    [`${'d'.repeat(64)}  invoice_3461_view.zip`, [`sha256 ${'d'.repeat(64)}`]],
    [`${'d'.repeat(64)} *evil.example`, [`sha256 ${'d'.repeat(64)}`]],
    ['0.0.0.0 evil.example', ['domain evil.example']],
    ['127.0.0.1\tevil.example', ['domain evil.example']],
    ['known as evil.example', ['domain evil.example']],
  ])('%s', (line, taken) => {
    expect(takenFrom(readText(line))).toEqual(taken)
  })

  test('names of files in it are no indicators, and a line without a value is refused', () => {
    const reading = readText('they dropped stage7.ps1 here\nnothing to see here')

    expect(takenFrom(reading)).toEqual([])
    expect(linesOf(reading.refused)).toEqual(['1 they dropped stage7.ps1 here', '2 nothing to see here'])
  })
})

test.each([
  'nonsense',
  'sha256: abc',
  'ip: none of them',
  'evil.example\0',
  'port:99999',
  "=cmd|' /C calc'!A0",
  '\u0000',
])('%j is refused by line', (line) => {
  const reading = readText(`evil.example\n${line}`)

  expect(takenFrom(reading)).toEqual(['domain evil.example'])
  expect(reading.refused.map((remark) => remark.line)).toEqual([2])
  expect(reading.read).toBe(2)
})

test('a kind of value no host says anything of is refused by its name', () => {
  expect(whyOf(readText('imphash: 0123456789abcdef0123456789abcdef').refused)).toContain('imphash')
})

test('a port beside a name is left out with a warning', () => {
  const reading = readText('evil[.]example:443')

  expect(takenFrom(reading)).toEqual(['domain evil.example'])
  expect(linesOf(reading.warned)).toEqual(['1 evil[.]example:443'])
})

test('names like those of every object are text like any other', () => {
  expect(linesOf(readText('__proto__\nconstructor\ntoString: x').refused)).toHaveLength(3)
})

test('a line of 16,384 characters is looked at, a longer one refused, and the list goes on', () => {
  const longest = `${'x '.repeat((16_384 - 12) / 2)}evil.example`
  const reading = readText(`${longest}\n${longest}.\n198.51.100.7`)

  expect(takenFrom(reading)).toEqual(['domain evil.example', 'ip 198.51.100.7'])
  expect(linesOf(reading.refused)).toEqual([expect.stringMatching(/^2 x x/)])
  expect(reading.refused[0]?.value.length).toBeLessThan(300)
})

test('more than 5,000 lines without a value are no list', () => {
  expect(readText('nonsense\n'.repeat(5000)).refused).toHaveLength(5000)
  expect(codeOf(() => readText('nonsense\n'.repeat(5001)))).toBe('indicator-file-refused')
})

test.each([
  ['spaces', ' '],
  ['quotes', '"'],
  ['brackets', '[('],
  ['escaped dots', '\\.'],
  ['dots', '.'],
  ['marks of comments', ' #'],
  ['words', 'a:'],
  ['addresses', '1.'],
  ['labels', 'a-.'],
  ['ats', 'a@'],
])('a hostile line of %s takes no longer than its length', (_what, part) => {
  const line = part.repeat(16_000 / part.length)

  const start = performance.now()
  for (let copy = 0; copy < 20; copy++) readText(`${line}\n${line} x\nx ${line}`)
  expect(performance.now() - start).toBeLessThan(5000)
})
