import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newFiles } from './files.ts'

const clock = { steady: () => performance.now(), breathe: async () => {} }

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

// sysfs is none of the volumes that are asked on this thread.
test.each([
  ['on a disk of this machine', () => join(newFolder(), 'a')],
  ['on a volume that may not answer', () => '/sys/kernel/mm/transparent_hugepage/enabled'],
])('a file %s is seen, listed and read', async (_, place) => {
  const path = place()
  if (!path.startsWith('/sys/')) writeFileSync(path, 'one\ntwo\n')
  const content = readFileSync(path)
  const files = newFiles(clock)

  expect(await files.stat(path)).toMatchObject({ ino: expect.stringMatching(/^\d+$/), links: 1 })
  expect(await files.list(join(path, '..'))).toContain(path.slice(path.lastIndexOf('/') + 1))
  expect(await files.read(path, 1000)).toEqual(content)
  await expect(files.read(path, 3)).rejects.toMatchObject({ code: 'file-too-large' })

  const file = await files.open(path)
  if (typeof file === 'string') throw new Error(file)
  const into = Buffer.alloc(3)
  expect(await file.read(into, 2)).toBe(3)
  expect(into).toEqual(content.subarray(2, 5))
  await file.close()
  await expect(file.read(into, 0)).rejects.toThrow()
  await expect(file.stat()).rejects.toThrow()
  await file.close()
})

test('what is no regular file is never opened, and what is not there is missing', async () => {
  const folder = newFolder()
  symlinkSync('/etc/passwd', join(folder, 'link'))
  const files = newFiles(clock)

  expect(await files.open(join(folder, 'link'))).toBe('link')
  expect(await files.open(folder)).toBe('not-a-file')
  expect(await files.open('/dev/null')).toBe('not-a-file')
  expect(await files.open(join(folder, 'no/such/folder/file'))).toBe('missing')
  expect(await files.read('/etc/passwd/below', 10)).toBe('missing')
  expect(await files.stat(join(folder, 'none'))).toBeUndefined()
  expect(await files.list(join(folder, 'none'))).toEqual([])
})

test('a table of the kernel is read to its end, whatever part of a page its last lines take', async () => {
  const files = newFiles(clock)
  const servers: Server[] = []
  onTestFinished(() => {
    for (const server of servers) server.close()
  })
  for (let i = 0; i < 60; i++) {
    const server = createServer()
    servers.push(server)
    const { promise, resolve } = Promise.withResolvers<void>()
    server.listen(0, '127.0.0.1', resolve)
    await promise
    const text = (await files.read('/proc/net/tcp', 1_000_000)).toString()
    expect(servers.map(portOf).filter((port) => !text.includes(`:${port} `))).toEqual([])
  }
})

/** As the table writes it. */
function portOf(server: Server): string {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  return address.port.toString(16).toUpperCase().padStart(4, '0')
}
