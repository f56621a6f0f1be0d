import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from './folder.fixture.ts'
import { newLinuxHost } from './host-linux.ts'

const host = newLinuxHost()

test('only regular files are opened, and never through a link in the last part', async () => {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder, name)
  writeFileSync(at('file'), 'x')
  symlinkSync(at('file'), at('link'))
  symlinkSync(folder, at('folder'))
  execFileSync('mkfifo', [at('pipe')])

  expect(await Promise.all(['missing', 'link', 'pipe', 'file/x'].map((name) => host.open(at(name))))).toEqual([
    'missing',
    'link',
    'not-a-file',
    'missing',
  ])
  expect(await Promise.all([folder, '/dev/zero'].map(host.open))).toEqual(['not-a-file', 'not-a-file'])
  expect(await host.read(at('folder/file'), 10)).toEqual(Buffer.from('x'))
})

test('an open file is the same file under every name it gets', async () => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, 'one')
  const file = await host.open(path)
  if (typeof file === 'string') throw new Error(file)
  onTestFinished(() => file.close())
  const before = await file.stat()

  renameSync(path, `${path}.1`)
  appendFileSync(`${path}.1`, 'two')
  const into = Buffer.alloc(10)

  expect(await file.read(into, 2)).toBe(4)
  expect(into.toString('latin1', 0, 4)).toBe('etwo')
  expect(await file.stat()).toMatchObject({ dev: before.dev, ino: before.ino, size: 6, links: 1 })
  unlinkSync(`${path}.1`)
  expect(await file.stat()).toMatchObject({ links: 0 })
})

test('reading a file does not change its access time', async () => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, 'x')
  utimesSync(path, 1, 2)

  await host.read(path, 10)

  expect(statSync(path).atimeMs).toBe(1000)
})

test('a file that is larger than it may be is refused, a file of /proc is read whole', async () => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, Buffer.alloc(100))

  await expect(host.read(path, 99)).rejects.toMatchObject({ code: 'file-too-large' })
  expect(await host.read(path, 100)).toHaveLength(100)
  expect(`${await host.read('/proc/self/status', 1e6)}`).toContain(`Pid:\t${process.pid}\n`)
})

test('a folder with more names than anybody needs is listed up to the limit', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'file'), '')
  for (let i = 0; i < 10_010; i++) linkSync(join(folder, 'file'), join(folder, `name${i}`))

  expect(await host.list(folder)).toHaveLength(10_000)
  expect(await host.list(join(folder, 'missing'))).toEqual([])
})

test('a change to an open file is heard when it is written to, renamed and written to again', async () => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, '')
  const file = await host.open(path)
  if (typeof file === 'string') throw new Error(file)
  let heard = 0
  const stop = file.onChange(() => {
    heard += 1
  })

  appendFileSync(path, 'x')
  await expect.poll(() => heard).toBe(1)
  renameSync(path, `${path}.1`)
  await expect.poll(() => heard).toBe(2)
  appendFileSync(`${path}.1`, 'x')
  await expect.poll(() => heard).toBe(3)

  stop()
  await file.close()
})

test('a file that is written to all the time is heard four times a second', async () => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, '')
  const file = await host.open(path)
  if (typeof file === 'string') throw new Error(file)
  let heard = 0
  const stop = file.onChange(() => {
    heard += 1
  })

  const end = performance.now() + 1000
  while (performance.now() < end) {
    appendFileSync(path, 'x')
    await pause(1)
  }
  stop()
  await file.close()

  expect(heard).toBeGreaterThan(1)
  expect(heard).toBeLessThanOrEqual(5)
})

test('a watch remembers what happened before it was waited for, and hears of names that come', async () => {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const path = join(temporaryFolder(), 'later', 'file')
  const watch = host.watch(stop.signal)
  watch.set([path])

  watch.touch()
  await watch.wait(60_000)
  const startedAt = performance.now()
  await watch.wait(50)
  expect(performance.now() - startedAt).toBeGreaterThan(40)

  mkdirSync(join(path, '..'))
  writeFileSync(path, '')
  await watch.wait(10_000)
  stop.abort()
  await watch.wait(60_000)
})

test('a program is hashed once, again when it changed, and also when it was removed', async () => {
  const program = join(temporaryFolder(), 'program')
  copyFileSync('/bin/sleep', program)
  const child = spawn(program, ['60'])
  onTestFinished(() => void child.kill())
  const exe = `/proc/${child.pid}/exe`
  const sha256 = execFileSync('sha256sum', [program]).toString().slice(0, 64)

  expect(await host.hashFile(exe)).toEqual({ sha256 })
  expect(host.isDeleted(exe)).toBe(false)
  unlinkSync(program)
  expect(host.isDeleted(exe)).toBe(true)
  expect(host.linkNow(exe)).toBe(`${program} (deleted)`)
  expect(await host.hashFile(exe)).toEqual({ sha256 })

  writeFileSync(program, 'one')
  expect(await host.hashFile(program)).toEqual({ sha256: sha256Of('one') })
  writeFileSync(program, 'two')
  expect(await host.hashFile(program)).toEqual({ sha256: sha256Of('two') })
  expect(await Promise.all(['/dev/zero', `${program}x`].map(host.hashFile))).toEqual([
    { why: 'not a file' },
    { why: 'gone' },
  ])
})

test('what hangs is given up after a second, and no other is asked until it ends; both say why', {
  timeout: 20_000,
}, async () => {
  const pipe = join(temporaryFolder(), 'pipe')
  execFileSync('mkfifo', [pipe])
  const letGo = () => closeSync(openSync(pipe, constants.O_RDWR))
  onTestFinished(letGo)

  expect(await host.readHanging('/proc/self/cmdline')).toBeInstanceOf(Buffer)
  expect(await host.readHanging(pipe)).toEqual({ why: 'reading it does not end' })

  const startedAt = performance.now()
  const notAsked = { why: 'not asked: reading that of another process does not end' }
  expect(await host.readHanging('/proc/self/cmdline')).toEqual(notAsked)
  expect(performance.now() - startedAt).toBeLessThan(500)
  letGo()
  await expect.poll(() => host.readHanging('/proc/self/cmdline')).toBeInstanceOf(Buffer)
})

test('a process that is not there has nothing to show', () => {
  expect(host.readNow('/proc/0/stat')).toBeUndefined()
  expect(host.linkNow('/proc/0/exe')).toBeUndefined()
  expect(host.listNow('/proc/0/fd')).toEqual([])
  expect(host.isDeleted('/proc/0/exe')).toBe(false)
})

test('of a name there is whom it belongs to, what it permits and when it was changed', async () => {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder, name)
  writeFileSync(at('file'), 'x', { mode: 0o640 })
  symlinkSync('file', at('link'))
  const { uid, gid, mtimeNs } = statSync(at('file'), { bigint: true })

  expect(await host.facts(at('file'))).toMatchObject({
    ...{ kind: 'file', size: 1, mode: 0o640, uid: Number(uid), gid: Number(gid), modifiedNs: mtimeNs },
  })
  expect(await host.facts(at('link'))).toMatchObject({ kind: 'link', size: 4 })
  expect(await host.facts(folder)).toMatchObject({ kind: 'folder' })
  expect(await host.facts('/dev/null')).toMatchObject({ kind: 'other' })
  expect(await host.facts(at('missing'))).toBeUndefined()
})

test('hashing a file leaves its access time as it was', async () => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, 'x')
  utimesSync(path, new Date('2020-01-01'), new Date('2021-01-01'))

  expect(await host.hashFile(path)).toHaveProperty('sha256')

  expect(statSync(path).atime).toEqual(new Date('2020-01-01'))
})

test('a command that is asked says why it gives no answer', async () => {
  const ask = { limit: 10, signal: new AbortController().signal }

  expect(await host.ask('printf', ['a\\0b'], ask)).toEqual(Buffer.from('a\0b'))
  expect(await host.ask('printf', ['more than ten'], ask)).toEqual({ why: 'printf says more than 10 bytes' })
  expect(await host.ask('ls', ['/no such folder'], ask)).toEqual({ why: expect.stringContaining('no such folder') })
  expect(await host.ask('no-such-command', [], ask)).toEqual({ why: 'no-such-command is not installed' })
})

test('the output of a command comes as it is; an error says what the command said', async () => {
  const signal = new AbortController().signal
  const all = (command: string, args: string[]) => Array.fromAsync(host.run(command, args, signal))

  expect(Buffer.concat(await all('printf', ['a\\0b'])).toString('latin1')).toBe('a\0b')
  await expect(all('ls', ['/no such folder'])).rejects.toMatchObject({
    code: 'command-failed',
    says: expect.stringContaining('no such folder'),
  })
  expect(host.has('no-such-command')).toBe(false)
  expect(() => host.run('no-such-command', [], signal)).toThrow('command-failed')
})

test('a command gets the zone it is to use, and nothing else of our environment', async () => {
  const { run } = newLinuxHost({ timeZone: 'UTC+5' })

  const parts = await Array.fromAsync(run('env', [], new AbortController().signal))

  expect(Buffer.concat(parts).toString().trim().split('\n').sort()).toEqual([
    'LC_ALL=C.UTF-8',
    'PATH=/usr/bin:/bin:/usr/sbin:/sbin',
    'TZ=UTC+5',
  ])
})

test('a command ends with the signal, and with whoever stops reading it', async () => {
  const stop = new AbortController()
  const reading = Array.fromAsync(host.run('sleep', ['61.25'], stop.signal))
  await expect.poll(() => countOf('61.25')).toBe(1)
  stop.abort()
  expect(await reading).toEqual([])

  for await (const part of host.run('tail', ['-s', '61.75', '-f', '/etc/passwd'], new AbortController().signal)) {
    expect(part.length).toBeGreaterThan(0)
    break
  }
  await expect.poll(() => countOf('61.25') + countOf('61.75')).toBe(0)
})

test('the machine says who it is', () => {
  expect(host.bootId).toMatch(/^[0-9a-f-]{36}$/)
  expect(host.os).not.toBe('')
  expect(host.space('/').total).toBeGreaterThan(host.space('/').free)
})

test('a line for the system log is one line, whatever is in it', async () => {
  expect(typeof (await host.noteInSystemLog('tidewaiter-agent: one\ntwo'))).toBe('boolean')
})

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** How many processes have this word in their command line. */
function countOf(word: string): number {
  return host
    .listNow('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => host.readNow(`/proc/${pid}/cmdline`)?.includes(`\0${word}\0`)).length
}

test('the clock since boot is that of the machine, and goes on with the steady one while it is awake', async () => {
  const [bootMs = 0, steadyMs] = [host.sinceBoot(), host.steady()]
  await pause(200)

  expect(Math.abs((host.sinceBoot() ?? 0) - bootMs - (host.steady() - steadyMs))).toBeLessThan(100)
  expect(bootMs / 1000).toBeCloseTo(Number.parseFloat(execFileSync('cat', ['/proc/uptime']).toString()), -1)
})
