import { expect, test } from 'vitest'
import { guess } from './guess.ts'

test.each([
  ['203.0.113.7', 'ip'],
  ['2001:db8::77', 'ip'],
  ['203.0.113.0/24', 'cidr'],
  ['2001:db8::/32', 'cidr'],
  ['evil.example', 'domain'],
  ['cdn.evil.co.uk', 'domain'],
  ['münchen.de', 'domain'],
  ['x.onion', 'domain'],
  ['https://evil.example/x', 'url'],
  ['ftp://203.0.113.7', 'url'],
  ['billing@evil.example', 'email'],
  ['d41d8cd98f00b204e9800998ecf8427e', 'md5'],
  ['DA39A3EE5E6B4B0D3255BFEF95601890AFD80709', 'sha1'],
  ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'sha256'],
  ['C:\\Windows\\Temp\\a.exe', 'file-path'],
  ['\\\\server\\share\\a.exe', 'file-path'],
  ['%TEMP%\\a.exe', 'file-path'],
  ['/tmp/.x', 'file-path'],
  ['~/.ssh/authorized_keys', 'file-path'],
  ['stage7.ps1', 'file-name'],
  ['README_RESTORE.txt', 'file-name'],
  ['invoice_3461_view.zip', 'file-name'],
])('%s looks like %s', (text, type) => {
  expect(guess(text)).toEqual({ type, value: text })
})

test.each([
  ['203.0.113.7:443', 'ip', '203.0.113.7'],
  ['203.0.113.7|443', 'ip', '203.0.113.7'],
  ['[2001:db8::77]:443', 'ip', '2001:db8::77'],
  ['evil[.]example:8443', 'domain', 'evil.example'],
  ['evil.example/x', 'url', 'http://evil.example/x'],
  ['invoice.zip', 'domain', 'invoice.zip'],
])('%s is taken with a warning', (text, type, value) => {
  expect(guess(text)).toEqual({ type, value, warns: expect.any(String) })
})

test.each([
  '',
  'word',
  'two words',
  '1.2',
  '1.2.3.4.5',
  '203.0.113.7:99999',
  // Domains outside the public ones, or names of files: only the one who wrote them knows.
  'evil.bazar',
  'evil.bit',
  '.locked7',
  'abcdef0123',
  'x'.repeat(10_000),
  'javascript:alert(1)',
])('%s could be anything', (text) => {
  expect(guess(text)).toBeUndefined()
})
