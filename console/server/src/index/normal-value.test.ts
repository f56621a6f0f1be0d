import type { ObservableType } from '@tidewaiter/protocol/api'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fileNameOf, hostOfUrl, mostValue, normalValue } from './normal-value.ts'

const types: readonly ObservableType[] = [
  'ip',
  'cidr',
  'domain',
  'url',
  'sha256',
  'sha1',
  'md5',
  'email',
  'account',
  'file-name',
  'file-path',
  'port',
]

describe.each<[ObservableType, [as: string, is: string][]]>([
  [
    'ip',
    [
      ['203.0.113.7', '203.0.113.7'],
      ['2001:0DB8:0:0::0077', '2001:db8::77'],
      ['::FFFF:203.0.113.7', '203.0.113.7'],
      ['fe80::1%eth0', 'fe80::1'],
    ],
  ],
  [
    'cidr',
    [
      ['203.0.113.77/24', '203.0.113.0/24'],
      ['203.0.113.7/32', '203.0.113.7/32'],
      ['0.0.0.0/0', '0.0.0.0/0'],
      ['2001:DB8:bad::77/48', '2001:db8:bad::/48'],
      ['::/0', '::/0'],
      ['::ffff:203.0.113.0/120', '203.0.113.0/24'],
    ],
  ],
  [
    'domain',
    [
      ['Evil.Example.', 'evil.example'],
      ['münchen.example', 'xn--mnchen-3ya.example'],
      ['evil。example', 'evil.example'],
      ['_dmarc.evil.example', '_dmarc.evil.example'],
    ],
  ],
  [
    'url',
    [
      ['HTTP://EVIL.example:80/A b#part', 'http://evil.example/A%20b'],
      ['http://evil.example', 'http://evil.example/'],
      ['https://evil.example./x', 'https://evil.example/x'],
      ['http://0x7f.1/', 'http://127.0.0.1/'],
    ],
  ],
  ['sha256', [['A'.repeat(64), 'a'.repeat(64)]]],
  ['sha1', [['B'.repeat(40), 'b'.repeat(40)]]],
  ['md5', [['0123456789ABCDEF0123456789ABCDEF', '0123456789abcdef0123456789abcdef']]],
  ['email', [['Billing@Evil.Example', 'billing@evil.example']]],
  ['account', [[' Support_Svc ', 'support_svc']]],
  ['file-name', [['Invoice.EXE', 'invoice.exe']]],
  [
    'file-path',
    [
      ['C:\\Windows\\Temp\\A.exe', 'c:\\windows\\temp\\a.exe'],
      ['\\\\Server\\Share\\A', '\\\\server\\share\\a'],
      ['/tmp/A', '/tmp/A'],
    ],
  ],
  ['port', [['4444', '4444']]],
])('%s', (type, spellings) => {
  test.each(spellings)('%s is kept as %s', (as, is) => {
    expect(normalValue(type, as)).toBe(is)
  })
})

describe.each<[ObservableType, string[]]>([
  ['ip', ['1.2', '256.1.1.1', '010.1.1.1', '0x7f.0.0.1', '1.2.3.4.5', ':', 'evil.example', '203.0.113.7/24']],
  ['cidr', ['203.0.113.0', '203.0.113.0/33', '203.0.113.0/-1', '203.0.113.0/24/8', '::ffff:0:0/90', '/24']],
  [
    'domain',
    // What stands behind a host name in a URL belongs to no name: `domainToASCII` alone would leave it out.
    [
      'evil.example/x',
      'evil.example?x',
      'evil.example#x',
      'evil.example:80',
      'é.example/x',
      'é.example\\x',
      'é\t.example',
    ]
      .concat(['a@evil.example', '.evil.example', 'evil..example', '-evil.example', 'evil%2eexample', 'two words'])
      .concat(['203.0.113.7', '１.２.３.４', 'version.1', 'x'.repeat(64), `${'x.'.repeat(127)}xx`, '文'.repeat(250)]),
  ],
  [
    'url',
    ['evil.example/x', 'http://', 'file:///etc/passwd', 'mailto:a@evil.example', '//evil.example', 'http://[::1'],
  ],
  ['sha256', ['a'.repeat(63), 'a'.repeat(65), 'g'.repeat(64)]],
  [
    'email',
    ['evil.example', '@evil.example', 'a b@evil.example', 'a@b@', `${'a'.repeat(65)}@evil.example`, '<a@evil.example'],
  ],
  ['account', [' ']],
  ['file-name', ['a/b', 'a\\b']],
  ['port', ['0', '65536', '080', '-1', '4e3']],
])('is no %s', (type, texts) => {
  test.each(texts)('%s', (text) => {
    expect(normalValue(type, text)).toBeUndefined()
  })
})

test('nothing is a value, and neither is what is longer than a value may be, also once it is escaped', () => {
  for (const type of types) expect(normalValue(type, '')).toBeUndefined()

  expect(normalValue('account', 'x'.repeat(mostValue))).toHaveLength(mostValue)
  expect(normalValue('account', 'x'.repeat(mostValue + 1))).toBeUndefined()
  expect(normalValue('url', `http://evil.example/${'é'.repeat(1000)}`)).toBeUndefined()
})

test('whatever the text, the normal form is its own normal form', () => {
  const alphabet = fc.constantFrom(...'aZ0.:/@-_%\\ []#?=é文İΣ\u0000\ud800～'.split(''))
  const some = fc.string({ unit: alphabet, maxLength: 40 })
  const url = fc.tuple(fc.domain(), some).map(([domain, path]) => `HTTP://${domain}/${path}`)
  const text = fc.oneof(some, url, fc.ipV6(), fc.domain(), fc.string())

  fc.assert(
    fc.property(fc.constantFrom(...types), text, (type, as) => {
      const value = normalValue(type, as)
      if (value !== undefined) expect(normalValue(type, value)).toBe(value)
    }),
    { numRuns: 600 },
  )
})

test('the host of a URL is an address or a name, and the last part of a path is the name of a file', () => {
  expect(hostOfUrl('http://[::ffff:cb00:7107]/x')).toEqual({ type: 'ip', value: '203.0.113.7' })
  expect(hostOfUrl('https://user:pass@evil.example:8443/x')).toEqual({ type: 'domain', value: 'evil.example' })
  expect(hostOfUrl('gopher://EVIL.example/')).toEqual({ type: 'domain', value: 'evil.example' })
  expect(fileNameOf('c:\\windows\\Temp\\A.exe')).toBe('a.exe')
  expect(fileNameOf('/usr/bin/')).toBeUndefined()
})
