import { expect, test } from 'vitest'
import { apache } from './index.ts'

const decode = (text: string) => apache.decode(text, 'httpd')

test('every form of a client is read, and its port where it is said', () => {
  const of = (peer: string) =>
    decode(`[auth_basic:error] [pid 7:tid 8] [client ${peer}] AH01618: user ana not found: /`)

  expect(of('192.0.2.7:52234')?.source).toEqual({ address: '192.0.2.7', ip: '192.0.2.7', port: 52234 })
  expect(of('192.0.2.7')?.source).toEqual({ address: '192.0.2.7', ip: '192.0.2.7' })
  expect(of('2001:db8::7')?.source).toEqual({ address: '2001:db8::7', ip: '2001:db8::7' })
  expect(of('[2001:db8::7]:52234')?.source).toEqual({ address: '2001:db8::7', ip: '2001:db8::7', port: 52234 })
  expect(of('192.0.2.7:52234')).toMatchObject({ event: { code: 'AH01618' }, tidewaiter: { module: 'auth_basic' } })
})

test('a path that imitates a client or a refusal is a path', () => {
  expect(
    decode('[error] [client 192.0.2.7] File does not exist: /srv/[client 203.0.113.9] user root not found'),
  ).toEqual({
    event: { category: ['web'], type: ['error'] },
    service: { name: 'apache' },
    source: { address: '192.0.2.7', ip: '192.0.2.7' },
  })
})

test('a name that could end in two places is not taken', () => {
  const message = decode(
    '[error] [client 192.0.2.7] user ana not found: /x: authentication failure for "/": Password Mismatch',
  )

  expect(message).toMatchObject({ event: { outcome: 'failure' }, source: { ip: '192.0.2.7' } })
  expect(message).not.toHaveProperty('user')
})

test('a line without a client is left as it stands', () => {
  expect(decode('[mpm_event:notice] [pid 7:tid 8] AH00489: Apache/2.4.57 configured')).toBeUndefined()
})
