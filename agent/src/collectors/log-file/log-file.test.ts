import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newFastHost } from '../../fast-host.fixture.ts'
import { temporaryFolder } from '../../folder.fixture.ts'
import { newFakeHost } from '../../host.fixture.ts'
import type { FileStat } from '../../host.ts'
import { newLinuxHost } from '../../linux-host.fixture.ts'
import type { Taken } from '../collector.ts'
import { logFiles } from './index.ts'
import { usualFiles } from './usual-files.ts'

test('the logs of the system are found, and those of web servers and databases by any name but a rotated one', async () => {
  const host = machine({
    '/var/log/auth.log': 1,
    '/var/log/auth.log.1': 1,
    '/var/log/other.log': 1,
    '/var/log/audit/audit.log': 1,
    '/var/log/install.log': 1,
    '/var/log/install.log.0.gz': 1,
    '/var/log/nginx/access.log': 1,
    '/var/log/nginx/access.log.1': 1,
    '/var/log/nginx/access-20261124.log': 1,
    '/var/log/nginx/shop-2.log': 1,
    '/var/log/httpd/ssl_error_log': 1,
    '/var/log/postgresql/postgresql-15-main.log': 1,
    '/var/log/postgresql/postgresql-15-main.log.2.gz': 1,
  })

  expect((await usualFiles(host)).paths).toEqual([
    '/var/log/auth.log',
    '/var/log/audit/audit.log',
    '/var/log/install.log',
    '/var/log/nginx/access.log',
    '/var/log/nginx/shop-2.log',
    '/var/log/httpd/ssl_error_log',
    '/var/log/postgresql/postgresql-15-main.log',
  ])
})

test('of a folder with very many logs the ones that changed last are followed', async () => {
  const names = Array.from({ length: 300 }, (_, i) => `/var/log/nginx/site${i}.log`)
  const host = machine(Object.fromEntries(names.map((name, i) => [name, i])))

  const { paths, leftOut } = await usualFiles(host)

  expect(paths).toHaveLength(100)
  expect(paths).toContain('/var/log/nginx/site299.log')
  expect(paths).not.toContain('/var/log/nginx/site0.log')
  expect([...leftOut]).toEqual([['/var/log/nginx', 200]])
})

test('logs that are not followed are said to be not enabled, and no more once there are fewer', async () => {
  const names = Array.from({ length: 103 }, (_, i) => `/var/log/nginx/site${i}.log`)
  const files = Object.fromEntries(names.map((name, i) => [name, i]))
  const host = { ...newFastHost(), ...machine(files), open: async () => 'not-permitted' as const }
  host.watch = () => ({ set() {}, touch() {}, wait: (ms) => host.sleep(ms) })
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const from = { position: () => undefined, files: [], takeFull: () => true, before: new Map() }
  const stream = logFiles.collect(host, stop.signal, from)[Symbol.asyncIterator]()
  const next = async () => {
    for (;;) {
      const { value } = await stream.next()
      if (value.source === 'log-file:/var/log/nginx/*') return value
    }
  }

  expect(await next()).toMatchObject({
    state: 'not-enabled',
    why: expect.stringContaining('3 more logs of /var/log/nginx'),
  })
  for (const name of names.slice(0, 2)) delete files[name]
  expect(await next()).toMatchObject({ why: expect.stringContaining('1 more logs') })
  delete files[names[2] ?? '']
  expect(await next()).toEqual({ source: 'log-file:/var/log/nginx/*', state: 'gone' })
})

test('files of the configuration are followed, unless they hold login records or cannot be named', {
  timeout: 20_000,
}, async () => {
  const folder = temporaryFolder()
  const log = join(folder, 'app.log')
  writeFileSync(log, 'one\n')
  writeFileSync(join(folder, 'btmp'), Buffer.alloc(384, 'x'))
  const taken: Taken[] = []
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const files = [log, join(folder, 'btmp'), `${folder}/a\nb.log`]
  const from = { position: () => undefined, files, takeFull: () => true, before: new Map() }
  const done = (async () => {
    for await (const each of logFiles.collect(newLinuxHost(), stop.signal, from)) taken.push(each)
  })()

  await expect.poll(() => taken.map(({ source }) => source), { timeout: 5000 }).toContain(`log-file:${log}`)
  stop.abort()
  await done

  expect(taken.filter(({ source }) => source.includes(folder)).map(({ source }) => source)).toEqual([`log-file:${log}`])
})

test('a machine without any log file says so', async () => {
  const host = newFakeHost()
  host.watch = () => ({ set() {}, touch() {}, wait: (ms) => host.sleep(ms) })
  const from = { position: () => undefined, files: [], takeFull: () => true, before: new Map() }

  const stream = logFiles.collect(host, new AbortController().signal, from)[Symbol.asyncIterator]()

  expect((await stream.next()).value).toMatchObject({ source: 'log-file', state: 'not-enabled' })
})

/** Files and when they were changed. */
function machine(files: Record<string, number>) {
  return {
    platform: 'linux' as const,
    async stat(path: string): Promise<FileStat | undefined> {
      const modified = files[path]
      if (modified === undefined) return undefined
      return { dev: '1', ino: path, size: 1, modifiedNs: BigInt(modified), links: 1 }
    },
    async list(folder: string) {
      const under = Object.keys(files).filter((path) => path.startsWith(`${folder}/`))
      return under.map((path) => path.slice(folder.length + 1)).filter((name) => !name.includes('/'))
    },
  }
}
