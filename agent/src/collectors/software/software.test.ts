import { expect, test } from 'vitest'
import { rowsFrom } from './software.fixture.ts'
import { parseUpdate } from './updates.ts'

/** As Debian 12 has it. */
const status = `Package: adduser
Status: install ok installed
Priority: important
Maintainer: Debian Adduser Developers <adduser@packages.debian.org>
Architecture: all
Version: 3.134
Description: add and remove users and groups
 Package: no-field

Package: libc6
Status: deinstall ok config-files
Architecture: amd64
Source: glibc
Version: 2.36-9+deb12u10
`

test('packages of dpkg are told with version, state and when the list of their files was written', async () => {
  const { rows } = await rowsFrom({ '/var/lib/dpkg/status': status, '/var/lib/dpkg/info/adduser.list': '' })

  expect(rows.filter(({ kind }) => kind === 'package')).toEqual([
    {
      ...{ kind: 'package', manager: 'dpkg', name: 'adduser', architecture: 'all', version: '3.134' },
      ...{ status: 'install ok installed', installed: '2026-11-01T08:00:00.123456789Z' },
    },
    {
      ...{ kind: 'package', manager: 'dpkg', name: 'libc6', architecture: 'amd64', version: '2.36-9+deb12u10' },
      ...{ status: 'deinstall ok config-files', source: 'glibc' },
    },
  ])
})

test('a database of many pieces is read whole, and one without an end is given up and said so', async () => {
  const many = Array.from({ length: 2_000 }, (_, i) => `Package: p${i}\nVersion: 1\nDescription: ${'x'.repeat(99)}\n`)
  const { rows } = await rowsFrom({ '/var/lib/dpkg/status': many.join('\n') })
  expect(rows.filter(({ kind }) => kind === 'package').map(({ name }) => name)).toEqual(many.map((_, i) => `p${i}`))

  const endless = await rowsFrom({ '/var/lib/dpkg/status': `Package: a\n${'x\n'.repeat(1_000_000)}` })
  expect(endless.rows[0]).toMatchObject({ kind: 'not-looked', path: '/var/lib/dpkg/status' })
})

test('updates that wait are those that apt-get works out, without a lock or a cache', async () => {
  const files = { '/var/lib/dpkg/status': status, '/var/lib/apt/lists/a_InRelease': 'x' }
  const inst = 'Inst base-files [12.4+deb12u11] (12.4+deb12u15 Debian:12.15/oldstable [amd64])\nConf base-files (x)\n'

  const { rows, asked } = await rowsFrom(files, { 'apt-get': inst })

  expect(rows.slice(2)).toEqual([
    { kind: 'package-lists', manager: 'apt', lists: 1, newest: '2026-11-01T08:00:00.123456789Z' },
    {
      ...{ kind: 'update', name: 'base-files', installed: '12.4+deb12u11', candidate: '12.4+deb12u15' },
      ...{ origin: 'Debian:12.15/oldstable', architecture: 'amd64' },
    },
  ])
  expect(asked).toEqual([expect.stringMatching(/^apt-get -s .*NoLocking=true .*pkgcache= .* dist-upgrade$/)])
  expect((await rowsFrom(files)).rows.at(-1)).toMatchObject({ kind: 'not-looked', command: 'apt-get' })
  expect(parseUpdate('Inst new (1.0 Debian:12/stable, Other:1 [all]) []')).toEqual({
    ...{ name: 'new', candidate: '1.0', origin: 'Debian:12/stable, Other:1', architecture: 'all' },
  })
})
