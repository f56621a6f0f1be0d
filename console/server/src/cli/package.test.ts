import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { download } from './package.ts'

const bytes = Buffer.from('a package')
const sha256 = createHash('sha256').update(bytes).digest('hex')
const api = {
  async *read() {
    yield bytes
  },
}

test('a package is for its owner only, also where a killed command left a part of it that is not', async () => {
  const folder = newFolder()
  const out = join(folder, 'package.zip')
  writeFileSync(`${out}.part`, 'left over', { mode: 0o644 })

  await download(api, { id: '1', sha256 }, out)

  expect([readFileSync(out), statSync(out).mode & 0o777]).toEqual([bytes, 0o600])
  expect(readdirSync(folder)).toEqual(['package.zip'])
})

test('what is not the package that was built is not kept', async () => {
  const folder = newFolder()

  const work = download(api, { id: '1', sha256: '00'.repeat(32) }, join(folder, 'package.zip'))

  await expect(work).rejects.toMatchObject({ code: 'package-failed' })
  expect(readdirSync(folder)).toEqual([])
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-package-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
