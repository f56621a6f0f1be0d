import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Event } from '../decode/decoder.ts'
import { eachValue, valuesOf } from './observables.ts'
import { eachInText } from './text-values.ts'

test('an event gives its addresses, names, accounts, files, hashes and the port it was reached at', () => {
  const hash = { sha256: 'A'.repeat(64), md5: 'b'.repeat(32) }
  const given = valuesIn({
    source: { ip: '203.0.113.7', port: 50_123 },
    destination: { ip: '::ffff:198.51.100.1', port: 443, domain: 'EVIL.example.' },
    user: { name: 'Root', target: { name: 'backup' } },
    process: { name: 'sshd', executable: '/usr/sbin/sshd', hash, parent: { name: 'systemd' } },
    file: { path: 'C:\\Users\\X\\Invoice.EXE' },
    url: { full: 'https://cdn.evil.example/a' },
    dns: { question: { name: 'c2.example' }, resolved_ip: ['192.0.2.1', '192.0.2.2'] },
    email: { from: { address: ['Bob@Mail.example'] } },
  })

  expect(given).toEqual(
    [
      'ip 203.0.113.7',
      'ip 198.51.100.1',
      'domain evil.example',
      'port 443',
      'account root',
      'account backup',
      'file-name sshd',
      'file-path /usr/sbin/sshd',
      'file-name sshd',
      `sha256 ${'a'.repeat(64)}`,
      `md5 ${'b'.repeat(32)}`,
      'file-name systemd',
      'file-path c:\\users\\x\\invoice.exe',
      'file-name invoice.exe',
      'url https://cdn.evil.example/a',
      'domain cdn.evil.example',
      'domain c2.example',
      'ip 192.0.2.1',
      'ip 192.0.2.2',
      'email bob@mail.example',
      'domain mail.example',
    ].sort(),
  )
})

test('what stands in a line counts once beside what its decoder has named', () => {
  const original = 'from 203.0.113.7 to 198.51.100.1 and 198.51.100.1, see http://evil.example/x.'
  const given = valuesIn({ source: { ip: '203.0.113.7' } }, original)

  expect(given).toEqual(['domain evil.example', 'ip 198.51.100.1', 'ip 203.0.113.7', 'url http://evil.example/x'])
})

test.each([
  ['sshd: 203.0.113.7: gone', ['203.0.113.7']],
  ['[203.0.113.7]:22, 10.0.0.1-10.0.0.9', ['203.0.113.7', '10.0.0.1', '10.0.0.9']],
  ['at the end 203.0.113.7.', ['203.0.113.7']],
  ['version 1.2.3.4.5, v1.2.3.4, 1.2.3.4a, 1.2.3 and 1234.1.1.1', []],
  ['1.1.1.1111 and 1..2.3.4', []],
  ['"https://a.example/b?c=d", (ftp://x.example)', ['https://a.example/b?c=d', 'ftp://x.example']],
  ['://nothing and http://', []],
])('in the text %s', (text, values) => {
  expect(inText(text)).toEqual(values)
})

test('any text is looked through in bounded time, and gives a bounded number of values', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123.:/ab '), maxLength: 2000 }), (text) => {
      for (const value of inText(text)) expect(text).toContain(value)
    }),
  )
  expect(inText('203.0.113.7 '.repeat(100_000))).toHaveLength(50)
  expect(inText('1.'.repeat(1_000_000))).toEqual([])
})

function valuesIn(fields: Partial<Event>, original?: string): string[] {
  const what = { dataset: 'test', ...(original !== undefined && { original }) }
  const event: Event = { event: what, tidewaiter: { record: 'r' }, ...fields }
  const given: string[] = []
  eachValue(event, (type, raw) => given.push(...valuesOf(type, raw).map((seen) => `${seen.type} ${seen.value}`)))
  return given.sort()
}

function inText(text: string): string[] {
  const values: string[] = []
  eachInText(text, (_type, raw) => values.push(raw))
  return values
}
