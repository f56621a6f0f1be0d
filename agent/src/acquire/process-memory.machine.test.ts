import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../folder.fixture.ts'
import { newLinuxHost } from '../linux-host.fixture.ts'
import { type Acquired, type Acquiring, isArtifact } from './acquirer.ts'
import { processMemory } from './process-memory.ts'

const required = (process.env.TIDEWAITER_REQUIRE ?? '').split(',')
const without = (name: string) => {
  const isMissing = spawnSync(name, ['--version']).error !== undefined
  if (isMissing && required.includes(name)) throw new Error(`TIDEWAITER_REQUIRE names ${name}, which is missing`)
  return isMissing
}
const limits = { artifactBytes: 64 * 1024 ** 2, taskBytes: 10 ** 9, artifacts: 100, depth: 2 }

function acquiring(more: Partial<Acquiring> = {}): Acquiring {
  const host = newLinuxHost()
  return { host, signal: AbortSignal.timeout(60_000), limits, policy: () => ({}), pace: async () => {}, ...more }
}

async function all(given: AsyncIterable<Acquired>) {
  const read: { path: string; why?: string; about?: unknown; bytes: Buffer; after?: unknown }[] = []
  for await (const acquired of given) {
    if (!isArtifact(acquired)) read.push({ ...acquired, bytes: Buffer.alloc(0) })
    else {
      const parts: Buffer[] = []
      for await (const piece of acquired.content) parts.push(Buffer.from(piece))
      const { path, about } = acquired
      read.push({ path, about, bytes: Buffer.concat(parts), after: await acquired.after?.() })
    }
  }
  return read
}

/** A shell that holds a word in memory which is in none of its files. */
async function started() {
  const child = spawn('/bin/sh', ['-c', 'word=planted-$(echo word | tr a-z A-Z)-in-memory; echo ready; read end'])
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return { child, pid: child.pid ?? 0 }
}

test.skipIf(without('readelf') || without('gdb'))('memory is a core file that stock tools read', async () => {
  const { child, pid } = await started()

  const [maps, core] = await all(processMemory.acquire({ kind: 'process-memory', pid }, acquiring()))

  expect(child.exitCode).toBeNull()
  expect(maps?.bytes.toString()).toMatch(/\[stack\]\n/)
  expect(core).toMatchObject({
    path: `process/${pid}/memory.core`,
    about: { isStopped: false, comm: 'sh', exe: expect.stringMatching(/sh$/) },
    after: { endedDuringRead: false, unread: { places: expect.any(Number) } },
  })
  const file = join(temporaryFolder(), 'memory.core')
  const bytes = core?.bytes ?? Buffer.alloc(0)
  writeFileSync(file, bytes)
  const at = bytes.indexOf('planted-WORD-in-memory')
  expect(at).toBeGreaterThan(0)
  const headers = spawnSync('readelf', ['-hlnW', file]).stdout.toString()
  expect(headers).toMatch(/CORE \(Core file\)/)
  expect(headers).toMatch(/NT_FILE/)
  const loads = [...headers.matchAll(/LOAD +0x(\w+) 0x(\w+) 0x\w+ 0x(\w+)/g)].map((load) =>
    load.slice(1).map((text) => Number.parseInt(text, 16)),
  )
  const [offset = 0, address = 0] = loads.find(([from = 0, , size = 0]) => from <= at && at < from + size) ?? []
  const asked = `x/s 0x${(address + at - offset).toString(16)}`
  const said = spawnSync('gdb', ['-nx', '-batch', '-ex', asked, '-ex', 'info proc mappings', '-c', file])
  expect(said.stdout.toString()).toContain('"planted-WORD-in-memory')
  expect(said.stdout.toString()).toContain('libc.so.6')
})

test('what is over the limit is left out by name, and what is only in memory comes first', async () => {
  const { pid } = await started()
  const small = { ...limits, artifactBytes: 1024 * 1024 }

  const [, core] = await all(processMemory.acquire({ kind: 'process-memory', pid }, acquiring({ limits: small })))

  expect(core?.bytes.length).toBeLessThanOrEqual(1024 * 1024)
  expect(core?.bytes.indexOf('planted-WORD-in-memory')).toBeGreaterThan(0)
  expect(core?.about).toMatchObject({ notTaken: { named: expect.arrayContaining([{ ...anyLeft, why: 'no room' }]) } })
})

const anyLeft = { start: expect.any(String), bytes: expect.any(Number) }

test('a process that ends while it is read says from where on it was gone', async () => {
  const { child, pid } = await started()
  let pieces = 0
  const pace = async () => {
    pieces += 1
    if (pieces !== 3) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  const [, core] = await all(processMemory.acquire({ kind: 'process-memory', pid }, acquiring({ pace })))

  expect(core?.after).toMatchObject({ endedDuringRead: expect.stringMatching(/^[0-9a-f]+$/) })
})

test('another process that got the number is not read, and one that is not there is missing', async () => {
  const { pid } = await started()
  const host = newLinuxHost()
  let asked = 0
  const readNow = (path: string) => {
    const found = host.readNow(path)
    if (path !== `/proc/${pid}/stat` || found === undefined) return found
    asked += 1
    return asked === 1 ? found : Buffer.from(found.toString().replace(/ (\d+) (\d+ \d+ 18446744073709551615)/, ' 1 $2'))
  }
  const given = processMemory.acquire({ kind: 'process-memory', pid }, acquiring({ host: { ...host, readNow } }))

  await expect(all(given)).rejects.toThrow('ended before it could be read')
  expect(await all(processMemory.acquire({ kind: 'process-memory', pid: 4_194_304 }, acquiring()))).toMatchObject([
    { path: 'process/4194304', why: 'missing' },
  ])
  expect(await all(processMemory.acquire({ kind: 'process-memory', pid: 2 }, acquiring()))).toMatchObject([
    { why: expect.any(String) },
  ])
})

test('a task that is cancelled reads no further', async () => {
  const { pid } = await started()
  const stop = new AbortController()
  const pace = async () => stop.abort(new Error('cancelled'))
  const given = processMemory.acquire({ kind: 'process-memory', pid }, acquiring({ signal: stop.signal, pace }))

  await expect(all(given)).rejects.toThrow('cancelled')
})

test.skipIf(without('python3'))('a page that its process holds back is named as not read', async () => {
  // A page of userfaultfd(2) whose program never gives it: UFFDIO_API and UFFDIO_REGISTER of linux/userfaultfd.h.
  const program = `import ctypes, mmap, fcntl, struct, platform
made = ctypes.CDLL(None).syscall(323 if platform.machine() == "x86_64" else 282, 0)
fcntl.ioctl(made, 0xC018AA3F, struct.pack("QQQ", 0xAA, 0, 0))
page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
at = ctypes.addressof(ctypes.c_char.from_buffer(page))
fcntl.ioctl(made, 0xC020AA00, struct.pack("QQQQ", at, 4096, 1, 0))
print("%x" % at, flush=True)
input()`
  const child = spawn('python3', ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [address] = await once(child.stdout, 'data')

  const [, core] = await all(processMemory.acquire({ kind: 'process-memory', pid: child.pid ?? 0 }, acquiring()))

  const named = expect.arrayContaining([{ address: String(address).trim(), bytes: 4096 }])
  expect(core?.after).toMatchObject({ endedDuringRead: false, unread: { named } })
})

test('memory that cannot be read to its end is given up as a whole, and closed', async () => {
  const { pid } = await started()
  let closed = 0
  const read = async () => {
    throw new Error('reading it does not end')
  }
  const openMemory = async () => ({
    read,
    close() {
      closed += 1
    },
  })
  const given = acquiring({ host: { ...newLinuxHost(), openMemory } })

  await expect(all(processMemory.acquire({ kind: 'process-memory', pid }, given))).rejects.toThrow('does not end')
  expect(closed).toBe(1)
})
