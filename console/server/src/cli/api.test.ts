import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openApi } from './api.ts'

test('a command that only asks makes no console of a mistyped folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-api-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const data = join(folder, 'mistyped')

  await expect(openApi({ data })).rejects.toMatchObject({
    code: 'console-missing',
    says: expect.stringContaining(data),
  })

  expect(existsSync(data)).toBe(false)
})
