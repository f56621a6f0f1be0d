import { expect, test } from 'vitest'
import { vaultwarden } from './index.ts'

const decode = (text: string) => vaultwarden.decode(text, 'vaultwarden')

test('a refusal says which secret was wrong', () => {
  expect(decode('Invalid TOTP code! Server time: 2024-08-31 02:11:28 UTC IP: 2001:db8::7')).toMatchObject({
    event: { outcome: 'failure', reason: 'Invalid TOTP code' },
    source: { ip: '2001:db8::7' },
  })
  expect(decode('Invalid admin token! IP: 192.0.2.7. Username: ana')).toMatchObject({
    event: { reason: 'Invalid admin token' },
    source: { ip: '192.0.2.7' },
    user: { name: 'ana' },
  })
})

test('what is no sign-in is left as it stands', () => {
  for (const text of ['', 'Rocket has launched from http://0.0.0.0:80', 'Invalid admin token'])
    expect(decode(text)).toBeUndefined()
})
