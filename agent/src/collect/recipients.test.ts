import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ageKeyPair } from '@tidewaiter/protocol/node/age'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../folder.fixture.ts'
import { readRecipients } from './recipients.ts'

const [one, two] = [1, 2].map((seed) => ageKeyPair(new Uint8Array(32).fill(seed)).recipient)

test('keys are taken line by line, and from what the console prints of its keys', () => {
  expect(read(`# of the office\n${one}\n\n  ${two} # recovery\r\n`)).toHaveLength(2)
  const cards = [
    { name: 'ca', publicKey: '-----BEGIN PUBLIC KEY-----' },
    { name: 'collection', publicKey: one },
    { name: 'recovery', publicKey: two },
  ]
  expect(read(JSON.stringify(cards))).toEqual(read(`${one}\n${two}`))
})

test('a mistyped key, a private one and a file without any are refused', () => {
  const { identity } = ageKeyPair(new Uint8Array(32).fill(3))
  for (const text of ['', '# nothing', `${one}x`, identity, '[]', '{}', 'x'.repeat(100_000)])
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'keys-malformed' }))
  expect(() => readRecipients('/nowhere/at/all')).toThrow(expect.objectContaining({ code: 'keys-malformed' }))
})

function read(text: string): Uint8Array[] {
  const path = join(temporaryFolder(), 'keys')
  writeFileSync(path, text)
  return readRecipients(path)
}
