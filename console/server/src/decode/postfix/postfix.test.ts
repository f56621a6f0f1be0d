import { expect, test } from 'vitest'
import { postfix } from './index.ts'

const decode = (text: string, program = 'postfix/smtpd') => postfix.decode(text, program)

test('a refused mail names who sent it to whom, and why', () => {
  expect(
    decode(
      'NOQUEUE: reject: RCPT from h.example[192.0.2.7]:587: 554 5.7.1 <b@example.org>: Relay access denied; from=<a@example.com> to=<b@example.org> proto=SMTP helo=<h>',
    ),
  ).toEqual({
    event: {
      category: ['email', 'network'],
      type: ['info', 'denied'],
      outcome: 'failure',
      action: 'mail-refused',
      code: '554',
      reason: '5.7.1 <b@example.org>: Relay access denied',
    },
    service: { name: 'postfix' },
    source: { address: '192.0.2.7', ip: '192.0.2.7', port: 587, domain: 'h.example' },
    email: { from: { address: ['a@example.com'] }, to: { address: ['b@example.org'] } },
    tidewaiter: { stage: 'RCPT' },
  })
})

test('the last line of a session counts the sign-ins that failed in it', () => {
  expect(decode('disconnect from unknown[192.0.2.7] ehlo=1 auth=1/4 rset=1 quit=1 commands=4/7')).toMatchObject({
    event: { category: ['authentication', 'network'], outcome: 'failure', action: 'connection-closed' },
    source: { ip: '192.0.2.7' },
    tidewaiter: { attempts: 3 },
  })
  for (const counts of ['', ' ehlo=1 auth=1 quit=1 commands=3', ' ehlo=1 quit=1 commands=2'])
    expect(decode(`disconnect from unknown[192.0.2.7]${counts}`)?.event).not.toHaveProperty('outcome')
})

test('a service that could not be asked has refused nobody', () => {
  const said = 'warning: unknown[192.0.2.7]: SASL LOGIN authentication failed: '

  expect(decode(`${said}Connection lost to authentication server`)?.event.outcome).toBe('unknown')
  expect(decode(`${said}authentication failure`)?.event.outcome).toBe('failure')
})

test('a program of that name that is not of postfix is left to others', () => {
  expect(decode('connect from unknown[192.0.2.7]', 'smtpd')).toBeUndefined()
  expect(decode('connect from unknown[192.0.2.7]', 'postfix-in/submission/smtpd')).toBeDefined()
})
