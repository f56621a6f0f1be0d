import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { newLinuxHost } from '../linux-host.fixture.ts'
import { accounts } from './account/index.ts'
import { autoruns } from './autorun/index.ts'
import { certificates } from './certificate/index.ts'
import type { Collector } from './collector.ts'
import { kernel } from './kernel/index.ts'
import { networkSettings } from './network-setting/index.ts'
import { newPasses, rowsOf } from './proc.fixture.ts'
import { protection } from './protection/index.ts'
import { software } from './software/index.ts'
import { privilegedFiles } from './suid/index.ts'

test('this machine tells its accounts, and no digest of a password', async () => {
  const rows = await rowsHere(accounts)

  expect(rows).toContainEqual(expect.objectContaining({ kind: 'account', name: 'root', uid: 0 }))
  expect(rows).toContainEqual(expect.objectContaining({ kind: 'group', name: 'root', gid: 0 }))
  expect(JSON.stringify(rows)).not.toMatch(/\$(y|6|5|1|2[aby])\$/)
})

test('this machine tells what it starts by itself', async () => {
  const rows = await rowsHere(autoruns)

  expect(rows).toContainEqual(
    expect.objectContaining({ kind: 'systemd-unit', scope: 'system', run: expect.any(Array) }),
  )
  expect(rows.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['cron', 'cron-script', 'pam', 'profile', 'udev']),
  )
})

test('this machine tells its packages as dpkg-query does', async () => {
  // What apt-get works out takes seconds.
  const ask = async () => ({ why: 'not asked' })
  const rows = await rowsHere(software, { ...newLinuxHost(), ask })

  const truth = execFileSync('dpkg-query', ['-W'])
    .toString()
    .replaceAll(/:\w+\t/g, '\t')
  const found = rows.filter(({ kind }) => kind === 'package')
  expect(found.map((row) => `${row.name}\t${row.version}`).sort()).toEqual(truth.split('\n').slice(0, -1).sort())
  expect(rows).toContainEqual(expect.objectContaining({ kind: 'package-lists', manager: 'apt' }))
})

test('this machine tells the settings of its kernel', async () => {
  const value = readFileSync('/proc/sys/kernel/randomize_va_space', 'utf8').trim()

  expect(await rowsHere(kernel)).toContainEqual({ kind: 'setting', name: 'kernel.randomize_va_space', value })
})

test('this machine tells how it finds names and ways', async () => {
  const rows = await rowsHere(networkSettings)

  expect(rows).toContainEqual(expect.objectContaining({ kind: 'file', path: '/etc/hosts' }))
  expect(rows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['host-name', 'resolver']))
})

test('this machine tells the setuid programs of one of its folders as find does', async () => {
  const linux = newLinuxHost()
  const readNow = (path: string) =>
    path === '/proc/self/mountinfo' ? Buffer.from('9 1 0:9 / /usr/bin rw - ext4 /dev/vda rw\n') : linux.readNow(path)

  const rows = await rowsHere(privilegedFiles, { ...linux, readNow })

  const found = execFileSync('find', ['/usr/bin', '-type', 'f', '-perm', '/6000']).toString()
  expect(rows.flatMap((row) => (row.kind === 'setid-file' ? [row.path] : [])).sort()).toEqual(
    found.split('\n').slice(0, -1).sort(),
  )
  expect(rows).toContainEqual(expect.objectContaining({ kind: 'walk', path: '/usr/bin', cut: 0 }))
})

test('this machine tells its certificates as openssl does, and of none the key', async () => {
  const rows = (await rowsHere(certificates)).filter(({ kind }) => kind === 'certificate')

  const first = rows.find(({ path }) => path.startsWith('/usr/share/ca-certificates/'))
  const truth = execFileSync('openssl', ['x509', '-in', first?.path, '-noout', '-fingerprint', '-sha256']).toString()
  expect(truth.split('=')[1]?.replaceAll(':', '').trim().toLowerCase()).toBe(first?.sha256)
  expect(JSON.stringify(rows)).not.toContain('PRIVATE KEY')
})

test('this machine tells what its root volume lies on', async () => {
  const rows = await rowsHere(protection)

  const source = execFileSync('findmnt', ['-no', 'SOURCE', '/']).toString().trim()
  expect(rows.find(({ kind, path }) => kind === 'volume' && path === '/')?.layers[0]).toEqual({
    device: source.split('/').at(-1),
  })
})

/** Rows of a first pass; a second one right after it finds nothing new. */
async function rowsHere(collector: Collector, linux = newLinuxHost()) {
  const host = { ...linux, advance: async () => {}, settle: async () => {}, systemLog: [] }
  const pass = newPasses(collector, host)
  const rows = rowsOf(await pass()).map(({ row }) => row)
  expect(rowsOf(await pass())).toEqual([])
  return rows
}
