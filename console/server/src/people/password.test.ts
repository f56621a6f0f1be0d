import { expect, test } from 'vitest'
import { hashPassword, isPassword } from './password.ts'

test('a password fits its own hash and no other', async () => {
  const hash = await hashPassword('correct horse battery')

  expect(await isPassword('correct horse battery', hash)).toBe(true)
  expect(await isPassword('correct horse battery ', hash)).toBe(false)
  expect(await isPassword('correct horse battery', 'not a hash')).toBe(false)
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})
