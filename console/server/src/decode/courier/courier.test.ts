import { expect, test } from 'vitest'
import { courier } from './index.ts'

const decode = (text: string) => courier.decode(text, 'imapd')

test('a sign-in, its end and its refusal name account and address', () => {
  expect(decode('LOGIN, user=ana, ip=[::ffff:192.0.2.7], port=[52234], protocol=IMAP')).toMatchObject({
    event: { outcome: 'success', action: 'sign-in' },
    user: { name: 'ana' },
    source: { ip: '192.0.2.7', port: 52234 },
  })
  expect(decode('LOGOUT, user=ana, ip=[::ffff:192.0.2.7], headers=0, body=0, rcvd=7, sent=9, time=3')).toMatchObject({
    event: { action: 'session-closed' },
    user: { name: 'ana' },
  })
  expect(decode('LOGIN FAILED, method=PLAIN, ip=[::ffff:192.0.2.7]')).toMatchObject({
    event: { outcome: 'failure' },
    tidewaiter: { method: 'PLAIN' },
  })
})

test('a refused mail is no refused sign-in', () => {
  const refused = decode('error,relay=::ffff:192.0.2.7,from=<a@example.com>,to=<b@example.org>: 550 User unknown.')
  const unproven = decode('error,relay=::ffff:192.0.2.7,port=4,msg="535 Authentication failed.",cmd: AUTH LOGIN x')

  expect(refused?.event).toMatchObject({ category: ['email', 'network'], outcome: 'failure', code: '550' })
  expect(unproven?.event).toMatchObject({ category: ['authentication'], outcome: 'failure', code: '535' })
})

test('what other servers of that name say is left as it stands', () => {
  for (const text of ['', 'Connection, ip=[::ffff:192.0.2.7]', 'Login failed user=ana auth=ana host=h [192.0.2.7]'])
    expect(decode(text)).toBeUndefined()
})
