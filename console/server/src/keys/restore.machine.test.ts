import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Encrypter } from 'age-encryption'
import { afterEach, expect, test } from 'vitest'
import { type Keys, openKeys } from './keys.ts'
import { materialNames } from './material.ts'
import { restoreKeys } from './restore.ts'

const now = () => Date.parse('2026-11-24T12:00:00Z')
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

test('a lost keys folder is made anew from the recovery file and the recovery key', async () => {
  const keys = await openKeys(newFolder(), now)
  const sealed = sealedOf(keys)
  const target = newFolder()

  const restored = await restoreKeys(target, sealed)

  const again = await openKeys(target, now, { mayCreate: false })
  expect(restored).toEqual(materialNames)
  expect(again.masterKey).toEqual(keys.masterKey)
  expect(again.cards().slice(0, -1)).toEqual(keys.cards().slice(0, -1))
  // Whoever had the key to this file has it on a machine now: the next one waits to be taken.
  expect(again.recovery.waits()).toBe(true)
})

test('a lost master key comes back, and what is there stays as it is', async () => {
  const keys = await openKeys(newFolder(), now)
  const sealed = sealedOf(keys)
  rmSync(join(keys.dir, 'master.key'))

  expect(await restoreKeys(keys.dir, sealed)).toEqual(['master.key'])
  expect((await openKeys(keys.dir, now)).masterKey).toEqual(keys.masterKey)
})

test('a key that was rotated after the file was sealed is kept, with its history', async () => {
  const keys = await openKeys(newFolder(), now)
  const sealed = sealedOf(keys)
  await keys.rotate('package')
  rmSync(join(keys.dir, 'master.key'))

  expect(await restoreKeys(keys.dir, sealed)).toEqual(['master.key'])
  const again = await openKeys(keys.dir, now)
  expect(again.publicKey('package')).toEqual(keys.publicKey('package'))
  expect(again.retired('package')).toEqual(keys.retired('package'))
})

test('other keys are not overwritten, nor mixed with those that were sealed', async () => {
  const sealed = sealedOf(await openKeys(newFolder(), now))
  const { dir } = await openKeys(newFolder(), now)
  const before = contentOf(dir)
  await expect(restoreKeys(dir, sealed)).rejects.toMatchObject({ code: 'keys-other' })
  expect(contentOf(dir)).toEqual(before)

  for (const name of materialNames.filter((name) => name !== 'ledger.pem')) rmSync(join(dir, name))
  await expect(restoreKeys(dir, sealed)).rejects.toMatchObject({ code: 'keys-other' })
})

test('what a first run left that died half way is replaced', async () => {
  const keys = await openKeys(newFolder(), now)
  const { dir } = await openKeys(newFolder(), now)
  writeFileSync(join(dir, 'creating'), '')

  await restoreKeys(dir, sealedOf(keys))

  expect((await openKeys(dir, now)).masterKey).toEqual(keys.masterKey)
})

test('a file that does not open, or does not hold all keys, leaves the folder as it was', async () => {
  const keys = await openKeys(newFolder(), now)
  const { file, recoveryKey } = sealedOf(keys)
  await keys.renewRecovery()
  const other = sealedOf(keys)
  const encrypter = new Encrypter()
  encrypter.addRecipient(keys.recovery.recipient())
  const partly = await encrypter.encrypt(JSON.stringify({ tw: 'keys/1', files: { 'master.key': '00' } }))
  const target = newFolder()

  for (const sealed of [
    { file: other.file, recoveryKey },
    { file, recoveryKey: 'AGE-SECRET-KEY-1' },
    { file: file.slice(0, -1), recoveryKey },
    { file: new Uint8Array(0), recoveryKey },
    { file: partly, recoveryKey: other.recoveryKey },
  ])
    await expect(restoreKeys(target, sealed)).rejects.toMatchObject({ code: 'keys-damaged' })
  expect(readdirSync(target)).toEqual([])
})

test('a key export opens with its passphrase only, and a short passphrase is refused', async () => {
  const keys = await openKeys(newFolder(), now)
  const target = newFolder()

  const file = await keys.exportKeys('correct horse battery')

  await expect(keys.exportKeys('short')).rejects.toMatchObject({ code: 'input-malformed' })
  await expect(restoreKeys(target, { file, passphrase: 'wrong horse battery' })).rejects.toMatchObject({
    code: 'keys-damaged',
  })
  await restoreKeys(target, { file, passphrase: 'correct horse battery' })
  expect((await openKeys(target, now)).caFingerprint).toBe(keys.caFingerprint)
}, 60_000)

function sealedOf(keys: Keys): { file: Uint8Array; recoveryKey: string } {
  return { file: keys.recovery.file(), recoveryKey: keys.takeRecoveryKey() ?? '' }
}

function contentOf(dir: string): string[] {
  return readdirSync(dir).map((name) => readFileSync(join(dir, name), 'utf8'))
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-keys-'))
  folders.push(folder)
  return folder
}
