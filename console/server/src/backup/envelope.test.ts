import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { isBackup, isSealed, type Opener, opened, type Sealed, sealed } from './envelope.ts'

const masterKey = Buffer.alloc(32, 7)
let recoveryKey: string
let to: Sealed

beforeAll(async () => {
  recoveryKey = await generateX25519Identity()
  to = { masterKey, recipient: await identityToRecipient(recoveryKey) }
})

test('what was sealed opens with the console key and with the recovery key, whatever its size', async () => {
  for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000]) {
    const plain = Buffer.alloc(size, size % 251)
    const file = await all(sealed(inPieces(plain, 10_000), to))

    for (const opener of [{ masterKey }, { recoveryKey }])
      expect((await all(opened(inPieces(file, 7_777), opener))).equals(plain)).toBe(true)
  }
})

test('it is a file of age: the library opens it without us', async () => {
  const plain = Buffer.from('all that is kept')
  const decrypter = new Decrypter()
  decrypter.addIdentity(recoveryKey)

  expect(await decrypter.decrypt(await all(sealed(inPieces(plain, 4), to)), 'text')).toBe('all that is kept')
})

test('another key, and a recovery key it was not sealed to, open nothing', async () => {
  const file = await all(sealed(inPieces(Buffer.from('x'), 1), { masterKey, recipient: undefined }))

  for (const opener of [{ masterKey: Buffer.alloc(32, 8) }, { recoveryKey }, { recoveryKey: 'AGE-SECRET-KEY-1' }])
    await expect(all(opened(inPieces(file, 100), opener))).rejects.toMatchObject({ code: 'backup-sealed' })
})

test('a file that was cut off or changed anywhere is refused, and nothing behind the change is given out', async () => {
  const plain = Buffer.alloc(150_000, 3)
  const file = await all(sealed(inPieces(plain, 9_000), to))
  await fc.assert(
    fc.asyncProperty(fc.nat(file.length - 1), fc.boolean(), async (at, isCut) => {
      const changed = isCut ? file.subarray(0, at) : Buffer.from(file)
      if (!isCut) changed[at] = (changed[at] ?? 0) ^ 0x10
      const code = await codeOf(changed, { masterKey })
      expect(['backup-malformed', 'backup-sealed', 'backup-damaged']).toContain(code)
    }),
    { numRuns: 60 },
  )
})

test('a header that does not end, or whose lines do not, is refused before it fills the memory', async () => {
  const begun = 'age-encryption.org/v1\n'
  for (const text of ['', 'PK', `${begun}${'-> X 1\n'.repeat(20_000)}`, `${begun}${'a'.repeat(100_000)}`])
    expect(['backup-malformed', 'backup-damaged']).toContain(await codeOf(Buffer.from(text), { masterKey }))
})

test('a backup is told apart from other files of age by its header, and these from all others', async () => {
  const file = await all(sealed(inPieces(Buffer.from('x'), 1), to))

  expect(isBackup(file.subarray(0, 4096))).toBe(true)
  const other = Buffer.from('age-encryption.org/v1\n-> X25519 abc\n')
  expect(isBackup(other)).toBe(false)
  expect([file, other, Buffer.from('root:x:0:0'), Buffer.alloc(0)].map(isSealed)).toEqual([true, true, false, false])
})

async function codeOf(file: Buffer, opener: Opener): Promise<string> {
  return all(opened(inPieces(file, 50_000), opener)).then(
    () => 'opened',
    (error) => error.code,
  )
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(pieces))
}
