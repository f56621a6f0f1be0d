import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

test('a folder is made with those above it, for this account alone, and one that is there stays', () => {
  const folder = newFolder()
  makeFolder(join(folder, 'a/b/c'))
  makeFolder(join(folder, 'a/b/c'))

  expect(statSync(join(folder, 'a/b/c')).mode & 0o777).toBe(0o700)
})

test('what cannot be made is said at once: below a file, in place of one, and where the system makes none', () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'file'), '')

  expect(() => makeFolder(join(folder, 'file'))).toThrow('EEXIST')
  expect(() => makeFolder(join(folder, 'file/below'))).toThrow('ENOTDIR')
})

test.runIf(process.platform === 'linux')(
  'a folder that the system says is missing although it is there ends it',
  () => {
    expect(() => makeFolder('/proc/tidewaiter/data')).toThrow('ENOENT')
  },
)

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-folder-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
