import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { serveConsole } from './serve.ts'

test.each(['port', 'agentPort'])('a %s that is taken is said before anything is made', async (which) => {
  const data = join(temporaryFolder(), 'data')
  const taken = createServer().listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => void taken.close())
  await once(taken, 'listening')
  // An address of a TCP server that listens.
  const { port } = taken.address() as AddressInfo

  const refused = serveConsole({ data, port: 0, agentPort: 0, [which]: port })

  await expect(refused).rejects.toMatchObject({ code: 'port-in-use', says: expect.stringContaining(`${port}`) })
  expect(existsSync(data)).toBe(false)
})

test.each([
  ['an address that is not this machine’s', { host: '203.0.113.99' }, 'input-malformed'],
  ['one port for both', { port: 33_771, agentPort: 33_771 }, 'input-malformed'],
  ['a certificate that is not there', { tls: { certificateFile: '/nope', keyFile: '/nope' } }, 'file-unreadable'],
])('%s is said before anything is made', async (_what, wrong, code) => {
  const data = join(temporaryFolder(), 'data')

  await expect(serveConsole({ data, port: 0, agentPort: 0, ...wrong })).rejects.toMatchObject({ code })

  expect(existsSync(data)).toBe(false)
})

test('a file or a broken folder where the data folder should be is refused in words', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'file'), '')
  mkdirSync(join(folder, 'broken', 'console.db'), { recursive: true })

  for (const name of ['file', 'broken'])
    await expect(serveConsole({ data: join(folder, name), port: 0, agentPort: 0 })).rejects.toMatchObject({
      code: 'data-unusable',
      says: expect.stringContaining(join(folder, name)),
    })
})

test('a database server that does not answer is named without its password, and leaves no keys behind', async () => {
  const data = temporaryFolder()
  // Nothing listens on port 1.
  const database = 'postgres://somebody:secret@127.0.0.1:1/tidewaiter'

  const refused = serveConsole({ data, port: 0, agentPort: 0, database })

  await expect(refused).rejects.toMatchObject({
    code: 'database-unreachable',
    says: expect.stringContaining('127.0.0.1:1'),
  })
  await expect(refused).rejects.not.toThrow('secret')
  expect(readdirSync(data)).not.toContain('keys')
})

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-serve-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
