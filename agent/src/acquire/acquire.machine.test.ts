import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../folder.fixture.ts'
import { newLinuxHost } from '../linux-host.fixture.ts'
import { type Acquired, type Acquiring, isArtifact } from './acquirer.ts'
import { file } from './file.ts'
import { folder } from './folder.ts'
import { acquirers } from './index.ts'

const limits = { artifactBytes: 1_000_000, taskBytes: 10_000_000, artifacts: 100, depth: 2 }

function acquiring(more: Partial<Acquiring> = {}): Acquiring {
  return {
    host: newLinuxHost(),
    signal: AbortSignal.timeout(60_000),
    limits,
    policy: () => ({}),
    pace: async () => {},
    ...more,
  }
}

/** What was acquired, each with its bytes. */
async function all(given: AsyncIterable<Acquired>) {
  const read: Record<string, unknown>[] = []
  for await (const acquired of given) {
    if (!isArtifact(acquired)) read.push({ ...acquired })
    else {
      const parts: Buffer[] = []
      for await (const piece of acquired.content) parts.push(Buffer.from(piece))
      read.push({
        path: acquired.path,
        about: acquired.about,
        bytes: Buffer.concat(parts),
        after: await acquired.after?.(),
      })
    }
  }
  return read
}

test('a file is given byte for byte, with its times, owner and mode, and it is told that it stood still', async () => {
  const path = join(temporaryFolder(), 'evidence.bin')
  const bytes = Buffer.alloc(200_001, 'abc')
  writeFileSync(path, bytes, { mode: 0o640 })

  const [read] = await all(file.acquire({ kind: 'file', path }, acquiring()))

  expect(read).toMatchObject({
    path,
    bytes,
    about: { mode: '0640', size: 200_001, mtime: expect.stringMatching(/^2.*Z$/) },
    after: { changedDuringRead: false },
  })
})

test('a file that changes while it is read says so, and has an end although it grows', async () => {
  const path = join(temporaryFolder(), 'growing.log')
  writeFileSync(path, Buffer.alloc(150_000, 'a'))
  let reads = 0
  const pace = async () => {
    reads += 1
    writeFileSync(path, Buffer.alloc(100_000, 'b'), { flag: 'a' })
  }

  const [read] = await all(file.acquire({ kind: 'file', path }, acquiring({ pace })))

  expect(reads).toBe(3)
  expect(read).toMatchObject({ after: { changedDuringRead: true, afterRead: { size: 450_000 } } })
  expect(read?.bytes).toHaveLength(150_000)
})

test('what is no plain file, or is reached over a link, is named and never read', async () => {
  const at = temporaryFolder()
  mkdirSync(join(at, 'real'))
  writeFileSync(join(at, 'real', 'file'), 'x')
  symlinkSync(join(at, 'real', 'file'), join(at, 'link'))
  symlinkSync(join(at, 'real'), join(at, 'other'))
  execFileSync('mkfifo', [join(at, 'pipe')])
  const why = async (path: string) => (await all(file.acquire({ kind: 'file', path }, acquiring())))[0]?.why

  expect(await why(join(at, 'link'))).toBe(`link: ${join(at, 'link')}`)
  expect(await why(join(at, 'other', 'file'))).toBe(`link: leads to ${join(at, 'real', 'file')}`)
  expect(await why(join(at, 'pipe'))).toBe('not-a-file')
  expect(await why(at)).toBe('not-a-file')
  expect(await why(join(at, 'nothing'))).toBe('missing')
  expect(await why('/home/jdoe/notes.txt')).toBe('not allowed on this host: home')
})

test('a folder gives all below it to the depth allowed, and names what it leaves out', async () => {
  const at = temporaryFolder()
  mkdirSync(join(at, 'a/b/c'), { recursive: true })
  writeFileSync(join(at, 'one'), '1')
  linkSync(join(at, 'one'), join(at, 'a', 'two'))
  writeFileSync(join(at, 'a/b/three'), '3')
  writeFileSync(join(at, 'a/b/c/four'), '4')
  writeFileSync(join(at, 'huge'), '')
  truncateSync(join(at, 'huge'), 1_000_000_000_000)
  symlinkSync('/etc', join(at, 'etc'))

  const read = await all(folder.acquire({ kind: 'folder', path: `${at}/` }, acquiring()))

  expect(read.map(({ path, bytes, why }) => [String(path).slice(at.length + 1), bytes?.toString() ?? why])).toEqual([
    ['a/b/c', 'too-deep: the limit is 2 folders'],
    ['a/b/three', '3'],
    ['a/two', '1'],
    ['etc', `link: ${at}/etc`],
    ['huge', 'too-large: 1000000000000 bytes, the limit is 1000000'],
    ['one', '1'],
  ])
})

test('a task that is cancelled reads no further', async () => {
  const path = join(temporaryFolder(), 'large')
  writeFileSync(path, Buffer.alloc(900_000))
  const stop = new AbortController()
  const pace = async () => stop.abort()

  await expect(all(file.acquire({ kind: 'file', path }, acquiring({ signal: stop.signal, pace })))).rejects.toThrow()
})

test('a folder that cannot be read is named', async () => {
  const host = { ...newLinuxHost(), names: async () => undefined }
  const at = temporaryFolder()

  expect(await all(folder.acquire({ kind: 'folder', path: at }, acquiring({ host })))).toEqual([
    { path: at, why: 'not-permitted' },
  ])
})

test('there is one acquirer for a kind, and each says where it was seen to work', () => {
  const kinds = acquirers.map(({ kind }) => kind)

  expect(new Set(kinds).size).toBe(kinds.length)
  for (const { provenOn, platforms } of acquirers) expect([provenOn.length, platforms.length]).not.toContain(0)
})
