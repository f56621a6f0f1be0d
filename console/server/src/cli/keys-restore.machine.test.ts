import { spawnSync } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openConsole } from '../console.ts'
import { openKeys } from '../keys/keys.ts'
import { lockData } from '../store/lock.ts'

const main = join(import.meta.dirname, '..', 'main.ts')

let folder: string
let data: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidewaiter-restore-'))
  data = join(folder, 'data')
})

afterEach(() => rmSync(folder, { recursive: true, maxRetries: 5 }))

test('a console whose keys folder is lost starts again with the recovery file and the printed key', async () => {
  const before = await openConsole({ data })
  const { keys, vault } = before.deps
  const sealed = vault.seal('12-3456789', 'sample')
  const paper = file('recovery-key.txt', `${keys.takeRecoveryKey()}\n`)
  const from = file('recovery.age', keys.recovery.file())
  await before.close()
  renameSync(join(data, 'keys'), join(folder, 'lost'))

  await expect(openConsole({ data })).rejects.toMatchObject({ code: 'keys-damaged' })
  const done = run('--from', from, '--recovery-key-file', paper)

  expect([done.status, JSON.parse(done.stdout)]).toEqual([
    0,
    { dir: join(data, 'keys'), restored: expect.arrayContaining(['ca.pem', 'master.key', 'keys.json']) },
  ])
  const after = await openConsole({ data })
  expect(after.deps.vault.open(sealed, 'sample')).toBe('12-3456789')
  await after.close()
})

test('a key export brings the keys back as well, into the folder that is named', async () => {
  const keys = await openKeys(join(folder, 'before'))
  const from = file('keys.age', await keys.exportKeys('correct horse battery'))
  const named = join(folder, 'named')

  const done = run('--from', from, '--passphrase-file', file('phrase', 'correct horse battery\n'), '--keys', named)

  expect(done.status).toBe(0)
  expect((await openKeys(named)).caFingerprint).toBe(keys.caFingerprint)
})

test('a console that is made anew of its keys is started with the folders they are in', async () => {
  const keys = await openKeys(join(folder, 'before'))
  const [from, paper] = [file('recovery.age', keys.recovery.file()), file('paper', keys.takeRecoveryKey() ?? '')]
  const named = join(folder, 'named')

  const args = ['restore', from, '--data', data, '--keys', named, '--recovery', paper]
  const { stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })

  expect(stderr).toContain(`"tidewaiter serve --data ${data} --keys ${named}"`)
})

test('other keys, a running console, a wrong secret and a missing file are refused by name', async () => {
  const keys = await openKeys(join(folder, 'before'))
  const from = file('recovery.age', keys.recovery.file())
  const paper = file('paper', keys.takeRecoveryKey() ?? '')
  const wrong = file('wrong', 'AGE-SECRET-KEY-1NOTONE')
  await openKeys(join(data, 'keys'))

  expect(run('--from', from, '--recovery-key-file', paper)).toMatchObject({ status: 5, stderr: names('keys-other') })
  expect(run('--from', from, '--recovery-key-file', wrong)).toMatchObject({ status: 5, stderr: names('keys-damaged') })
  expect(run('--from', join(folder, 'no'), '--recovery-key-file', paper)).toMatchObject({
    status: 1,
    stderr: names('file-unreadable'),
  })
  expect(run('--from', from)).toMatchObject({ status: 2, stderr: names('input-malformed') })
  const unlock = await lockData(data, 'console')
  expect(run('--from', from, '--recovery-key-file', paper)).toMatchObject({ status: 5, stderr: names('data-locked') })
  const elsewhere = join(folder, 'elsewhere')
  expect(run('--from', from, '--recovery-key-file', paper, '--keys', elsewhere).status).toBe(0)
  await unlock()
})

function run(...args: string[]) {
  return spawnSync(process.execPath, [main, 'keys', 'restore', '--data', data, '--json', ...args], { encoding: 'utf8' })
}

function names(code: string) {
  return expect.stringContaining(`(${code})`)
}

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
