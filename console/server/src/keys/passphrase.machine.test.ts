import { Decrypter } from 'age-encryption'
import { expect, test } from 'vitest'
import { sealUnderPassphrase } from './passphrase.ts'

test('what is sealed opens with its passphrase in any reader of age files, and with no other', async () => {
  const sealed = await sealUnderPassphrase('00-0000123\n', 'correct horse battery staple')

  expect(Buffer.from(sealed).toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S{22} 18\n/)
  expect(await open(sealed, 'correct horse battery staple')).toBe('00-0000123\n')
  await expect(open(sealed, 'correct horse battery stable')).rejects.toThrow()
})

test('a short passphrase seals nothing', () => {
  expect(() => sealUnderPassphrase('x', 'eleven char')).toThrow(expect.objectContaining({ code: 'input-malformed' }))
})

test('while it is sealed everything else goes on', async () => {
  let turns = 0
  const turning = setInterval(() => (turns += 1), 5)

  await sealUnderPassphrase('x', 'correct horse battery staple')

  clearInterval(turning)
  expect(turns).toBeGreaterThan(10)
})

function open(sealed: Uint8Array, passphrase: string): Promise<string> {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  return decrypter.decrypt(sealed, 'text')
}
