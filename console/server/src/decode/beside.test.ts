import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pathsBeside, readBeside } from './beside.ts'
import { decodeFile } from './files.ts'
import { buildHive } from './registry/build.fixture.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beside-'))
})
afterEach(() => rm(folder, { recursive: true }))

const names = (name: string) => [`${name}.LOG1`, `${name}.LOG2`]

test('files are found by the names that a decoder gives, in their order, whatever their case', async () => {
  for (const name of ['SYSTEM', 'system.log2', 'SYSTEM.LOG1', 'SAM.LOG1']) await writeFile(join(folder, name), name)

  const paths = await pathsBeside(join(folder, 'SYSTEM'), names)

  expect(paths).toEqual([join(folder, 'SYSTEM.LOG1'), join(folder, 'system.log2')])
})

test('packed files are found by their names without the ending, and read through', async () => {
  await writeFile(join(folder, 'SYSTEM.LOG1.gz'), gzipSync('pages'))

  const paths = await pathsBeside(join(folder, 'SYSTEM.gz'), names)

  expect(await readBeside(paths)).toMatchObject([{ name: 'SYSTEM.LOG1.gz', bytes: Buffer.from('pages') }])
})

test('what lies beside a hive and cannot be read is told, and the hive is read', async () => {
  const hive = join(folder, 'X')
  await writeFile(hive, buildHive({ name: 'ROOT' }))
  await writeFile(`${hive}.LOG1`, gzipSync('pages').subarray(0, 12))

  const events = await Array.fromAsync(decodeFile(hive))

  expect(events.map(({ event, error }) => event.action ?? error?.message)).toEqual([
    expect.stringContaining('X.LOG1'),
    'key-found',
    'hive-read',
  ])
  await expect(Array.fromAsync(decodeFile(hive, { beside: [`${hive}.LOG1`] }))).rejects.toMatchObject({
    code: 'file-unreadable',
  })
})

test('a folder that cannot be read has none, and a file that is not there is refused', async () => {
  expect(await pathsBeside(join(folder, 'none', 'SYSTEM'), names)).toEqual([])
  await expect(readBeside([join(folder, 'none')])).rejects.toMatchObject({ code: 'file-unreadable' })
})
