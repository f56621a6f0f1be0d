import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFakeHost } from '../host.fixture.ts'
import { newWindowsHost } from '../host-windows.ts'
import { parseBootId } from './boot-id.ts'
import { fileOf, systemAt } from './commands.ts'
import { files } from './files.ts'
import { newSystemLog } from './system-log.ts'

test('the number of the start is read as reg query prints it', () => {
  // Form of learn.microsoft.com/windows-server/administration/windows-commands/reg-query.
  const text = '\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\...\\PrefetchParameters\r\n    BootId    REG_DWORD    0x1a\r\n\r\n'

  expect(parseBootId(text)).toBe('boot-26')
  expect(parseBootId('ERROR: The system was unable to find the specified registry key or value.')).toBeUndefined()
})

test('where there is no Windows, its programs are missing and say so, and the start still has an id', async () => {
  const host = newWindowsHost({ systemRoot: 'C:\\Nowhere' })
  const how = { limit: 100, signal: new AbortController().signal }

  expect(host.bootId).toMatch(/^started-\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/)
  expect(host.has('wevtutil')).toBe(false)
  expect(await host.ask('wevtutil', ['el'], how)).toEqual({ why: 'wevtutil is not installed' })
  expect(await host.askScript('processes', how)).toEqual({ why: 'powershell is not installed' })
  expect(() => host.run('wevtutil', [], how.signal)).toThrowError(/no wevtutil/)
  expect(host.listNow('/proc')).toEqual([])
})

test('a command is a word below the folders of Windows, never a path', () => {
  expect(fileOf('..\\evil', systemAt('C:\\Windows'))).toBeUndefined()
  expect(fileOf('wevtutil', systemAt('C:\\Nowhere'))).toBeUndefined()
  expect(systemAt('C:\\Windows').env.PATH).toContain('C:\\Windows\\System32')
})

test('a line for the system log is one argument without quotes and control characters', async () => {
  const asked: (readonly string[])[] = []
  const ask = async (_: string, args: readonly string[]) => {
    asked.push(args)
    return Buffer.alloc(0)
  }

  expect(await newSystemLog(ask)('tidewaiter-agent: task "a"\n/S other')).toBe(true)
  expect(asked[0]?.slice(-4)).toEqual(['/SO', 'tidewaiter-agent', '/D', 'task  a  /S other'])
  expect(await newSystemLog(newFakeHost().ask)('x')).toBe(false)
})

test('files are read by name with their identity, links and paths of devices are not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'windows-files-'))
  const path = join(folder, 'a.log')
  writeFileSync(path, 'one\ntwo\n')
  symlinkSync(path, join(folder, 'link'))

  const file = await files.open(path)
  if (typeof file === 'string') throw new Error(file)
  const into = Buffer.alloc(3)
  expect([await file.read(into, 4), into.toString()]).toEqual([3, 'two'])
  expect(await file.stat()).toEqual(await files.stat(path))
  await file.close()

  expect(await files.open(join(folder, 'link'))).toBe('link')
  expect(await files.open(folder)).toBe('not-a-file')
  expect(await files.open('\\\\.\\PhysicalDrive0')).toBe('not-a-file')
  expect(await files.open(join(folder, 'none'))).toBe('missing')
  expect((await files.read(path, 100)).toString()).toBe('one\ntwo\n')
  await expect(files.read(path, 5)).rejects.toMatchObject({ code: 'file-too-large' })
})
