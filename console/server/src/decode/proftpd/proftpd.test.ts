import { expect, test } from 'vitest'
import { proftpd } from './index.ts'

const decode = (text: string) => proftpd.decode(`ftp.example (h.example[::ffff:192.0.2.7]): ${text}`, 'proftpd')

test('why somebody did not come in is told apart', () => {
  expect(decode('USER ana (Login failed): Incorrect password.')).toMatchObject({
    event: { action: 'sign-in', outcome: 'failure', reason: 'Incorrect password.' },
  })
  expect(decode('USER ana (Login failed): User in /etc/ftpusers')?.event.action).toBe('user-not-allowed')
  expect(decode('SECURITY VIOLATION: Root login attempted')).toMatchObject({
    event: { action: 'user-not-allowed' },
    source: { address: '::ffff:192.0.2.7', ip: '192.0.2.7' },
  })
  expect(decode('Maximum login attempts (3) exceeded, connection refused')).toMatchObject({
    event: { action: 'attempts-exceeded' },
    tidewaiter: { attempts: 3 },
  })
})

test('a line without a client is left as it stands', () => {
  expect(proftpd.decode('ftp.example - ProFTPD 1.3.8 (stable) standalone mode STARTUP', 'proftpd')).toBeUndefined()
  expect(proftpd.decode('', 'proftpd')).toBeUndefined()
})
