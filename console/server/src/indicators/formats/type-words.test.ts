import { expect, test } from 'vitest'
import { typeNamed } from './type-words.ts'

test.each([
  ['IPv4', 'ip'],
  ['ip-dst|port', 'ip'],
  ['ip:port', 'ip'],
  ['Domain Name', 'domain'],
  ['FileHash-SHA256', 'sha256'],
  ['sha-1', 'sha1'],
  ['md5_hash', 'md5'],
  ['email-src', 'email'],
  ['User Account', 'account'],
  ['file_name', 'file-name'],
  ['URI', 'url'],
  ['CIDR', 'cidr'],
  ['dst_port', 'port'],
  ['hash', 'guess'],
  ['host', 'guess'],
  ['imphash', 'unobserved'],
  ['windows-scheduled-task', 'unobserved'],
  ['regkey|value', 'unobserved'],
  ['malware', undefined],
  ['', undefined],
  ['constructor', undefined],
  ['__proto__', undefined],
])('%s names %s', (word, type) => {
  expect(typeNamed(word)).toBe(type)
})
