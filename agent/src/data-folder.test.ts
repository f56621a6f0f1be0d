import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { holdDataFolder, isHeld, lookInto } from './data-folder.ts'
import { memoryFolder } from './folder.fixture.ts'

test('one process holds a folder; who looks sees it, and does not stand in its way', () => {
  const path = join(memoryFolder(), 'a', 'b')
  expect(isHeld(path)).toBe(false)

  const folder = holdDataFolder(path)

  expect(isHeld(path)).toBe(true)
  expect(() => holdDataFolder(path)).toThrowError(expect.objectContaining({ code: 'data-folder-in-use' }))
  folder.release()
  expect(isHeld(path)).toBe(false)
  holdDataFolder(path).release()
})

test('the folder and all its files are for their owner only', () => {
  const path = join(memoryFolder(), 'data')
  const folder = holdDataFolder(path)

  folder.write('durable', 'x')
  folder.writeLightly('light', 'x')

  expect(statSync(path).mode & 0o777).toBe(0o700)
  expect(readdirSync(path)).toEqual(expect.arrayContaining(['durable', 'light', 'lock.db']))
  expect(readdirSync(path).filter((name) => (statSync(join(path, name)).mode & 0o777) !== 0o600)).toEqual([])
  folder.release()
})

test.each([
  ['holds something else', 'passwd', 0o755],
  ['holds something else and is closed', 'passwd', 0o700],
  ['is empty and open to others', undefined, 0o755],
])('a folder that %s is none to take: it is refused, and left as it is', (_, name, mode) => {
  const path = join(memoryFolder(), 'etc')
  mkdirSync(path)
  if (name !== undefined) writeFileSync(join(path, name), '')
  chmodSync(path, mode)

  expect(() => holdDataFolder(path)).toThrowError(expect.objectContaining({ code: 'data-folder-foreign' }))

  expect(statSync(path).mode & 0o777).toBe(mode)
  expect(readdirSync(path)).toEqual(name === undefined ? [] : [name])
})

test.each(['lock.db', 'enrolment.json'])(
  'a folder that holds %s is an agent’s, and is closed to others again',
  (name) => {
    const path = join(memoryFolder(), 'data')
    mkdirSync(path, { mode: 0o755 })
    writeFileSync(join(path, name), '')

    holdDataFolder(path).release()

    expect(statSync(path).mode & 0o777).toBe(0o700)
  },
)

test.skipIf(process.getuid?.() !== 0)('what another account laid down makes no folder the agent’s (needs root)', () => {
  const path = join(memoryFolder(), 'tmp')
  mkdirSync(path, { mode: 0o755 })
  writeFileSync(join(path, 'lock.db'), '')
  chownSync(join(path, 'lock.db'), 65_534, 65_534)

  expect(() => holdDataFolder(path)).toThrowError(expect.objectContaining({ code: 'data-folder-foreign' }))

  expect(statSync(path).mode & 0o777).toBe(0o755)
})

test('a file is replaced whole, and what a death left half written is no obstacle', () => {
  const path = memoryFolder()
  const folder = lookInto(path)
  folder.write('file', 'old')
  writeFileSync(join(path, 'file.new'), 'ha')

  folder.write('file', 'new')

  expect(readFileSync(join(path, 'file'), 'utf8')).toBe('new')
  expect(readdirSync(path)).toEqual(['file'])
  expect(folder.read('nothing')).toBeUndefined()
})

test('a path that is no folder is refused by name', () => {
  const file = join(memoryFolder(), 'file')
  writeFileSync(file, '')

  for (const path of [file, join(file, 'below')])
    expect(() => holdDataFolder(path)).toThrowError(expect.objectContaining({ code: 'data-folder-broken' }))
  expect(() => lookInto(file).read('enrolment.json')).toThrowError(
    expect.objectContaining({ code: 'data-folder-broken' }),
  )
})
