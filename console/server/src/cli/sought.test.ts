import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readSought } from './sought.ts'

test('a list says how many of its values are looked for, how many are not, and why the first is not', async () => {
  const file = listOf('198.51.100.7\nnothing here\nevil.example\n127.0.0.1\n')

  const { list, says } = await readSought(file)

  expect(list).toMatchObject({ recognised: [{ line: 1 }, { line: 3 }], source: 'list.txt' })
  expect(says).toBe(
    `Looking for 2 indicators of ${file}, 2 refused. Line 2: There is no address, name, URL, hash or e-mail address in this line.`,
  )
})

test.each([
  ['holds comments alone', '# to be filled\n'],
  ['holds no value', 'neither this\nnor that'],
  ['holds only what every host has', '127.0.0.1\n'],
])('a list that %s is refused by its name: nothing would be looked for', async (_what, text) => {
  const file = listOf(text)

  await expect(readSought(file)).rejects.toMatchObject({
    code: 'indicator-file-refused',
    says: expect.stringContaining(file),
  })
})

function listOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-sought-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'list.txt')
  writeFileSync(file, text)
  return file
}
