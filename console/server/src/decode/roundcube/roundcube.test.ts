import { expect, test } from 'vitest'
import { roundcube } from './index.ts'

const decode = (text: string) => roundcube.decode(text, 'roundcube')

test('the source is the address that connected; whom it forwards for is what it says', () => {
  expect(
    decode('<j2pncet8> Failed login for ana from 192.0.2.7(X-Real-IP: 203.0.113.9) in session 2z506z6r (error: 0)'),
  ).toMatchObject({
    event: { outcome: 'failure' },
    user: { name: 'ana' },
    source: { ip: '192.0.2.7' },
    tidewaiter: { forwarded: 'X-Real-IP: 203.0.113.9' },
  })
})

test('where name or answer leave two places for the address, none is taken', () => {
  const message = decode('IMAP Error: Login failed for x from 203.0.113.9. LOGIN from 192.0.2.7. LOGIN: NO x')

  expect(message).toMatchObject({ event: { outcome: 'failure' }, tidewaiter: { doubt: expect.any(String) } })
  expect(message).not.toHaveProperty('source')
})

test('an answer that repeats the name does not move the address', () => {
  expect(
    decode(
      'IMAP Error: Login failed for ana from 192.0.2.7. AUTHENTICATE PLAIN: A2 NO. user=ana from 203.0.113.9 in /x.php',
    ),
  ).toMatchObject({ source: { ip: '192.0.2.7' }, user: { name: 'ana' } })
})
