import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { filesBeside } from './beside.ts'

const folder = mkdtempSync(join(tmpdir(), 'beside-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('files that bear the name of another one and a suffix are read with their hash, others are not', async () => {
  const path = join(folder, 'History')
  writeFileSync(path, 'database')
  writeFileSync(`${path}-wal`, 'log')
  writeFileSync(`${path}-shm`, 'index')

  expect(await filesBeside(path, ['-wal', '-journal'])).toEqual({
    files: [{ suffix: '-wal', prefix: createHash('sha256').update('log').digest('hex'), bytes: Buffer.from('log') }],
    says: [],
  })
})

test('what lies there and is no file is told', async () => {
  const path = join(folder, 'NTUSER.DAT')
  mkdirSync(`${path}.LOG1`)

  const { files, says } = await filesBeside(path, ['.LOG1', '.LOG2'])

  expect(files).toEqual([])
  expect(says).toEqual([expect.stringContaining('LOG1 is no regular file')])
})
