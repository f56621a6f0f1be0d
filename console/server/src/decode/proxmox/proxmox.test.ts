import { expect, test } from 'vitest'
import { proxmox } from './index.ts'

const decode = (text: string) => proxmox.decode(text, 'pvedaemon')

test('a refusal names account and address, and what is said of it', () => {
  expect(
    decode("authentication failure; rhost=[::ffff:192.0.2.7]:52342 user=ana@pam msg=no such user ('ana@pam')"),
  ).toEqual({
    event: {
      category: ['authentication'],
      type: ['start'],
      outcome: 'failure',
      action: 'sign-in',
      reason: "no such user ('ana@pam')",
    },
    service: { name: 'proxmox' },
    user: { name: 'ana@pam' },
    source: { address: '::ffff:192.0.2.7', ip: '192.0.2.7', port: 52342 },
  })
})

test('a sign-in names the account', () => {
  expect(decode("<root@pam> successful auth for user 'root@pam'")).toMatchObject({
    event: { outcome: 'success' },
    user: { name: 'root@pam' },
  })
  expect(decode('<root@pam> starting task UPID:pve:0000')).toBeUndefined()
})
