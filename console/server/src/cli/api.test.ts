import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openApi } from './api.ts'

test('a question that is too long to be taken as a request is refused as such, and not as a mistake of ours', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-api-'))
  const server = createServer((_, response) => response.writeHead(500).end('<html>'))
  onTestFinished(() => {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await new Promise<void>((resolve) => server.listen(join(folder, 'console.sock'), resolve))
  const api = await openApi({ data: folder })

  await expect(api.call('GET', `/events?q=${'a'.repeat(20_000)}`)).rejects.toMatchObject({
    code: 'input-malformed',
    says: expect.stringContaining('shorten'),
  })
  await expect(api.call('GET', '/events')).rejects.toMatchObject({
    code: 'internal-error',
    says: expect.stringContaining('500'),
  })
})

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
