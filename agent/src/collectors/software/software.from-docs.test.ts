import { expect, test } from 'vitest'
import { rowsFrom } from './software.fixture.ts'

// From the documentation of apk and rpm: this machine has neither.
test('packages of apk and rpm are told as their databases say', async () => {
  const apk = 'C:Q1x=\nP:musl\nV:1.2.5-r0\nA:x86_64\nt:1700000000\no:musl\nF:lib\n'
  expect((await rowsFrom({ '/lib/apk/db/installed': apk })).rows).toEqual([
    {
      ...{ kind: 'package', manager: 'apk', name: 'musl', architecture: 'x86_64', version: '1.2.5-r0' },
      ...{ source: 'musl', built: '1700000000' },
    },
  ])
  const line = 'bash\t0\t5.2.26\t3.el10\tx86_64\t1760000000\tRocky Enterprise\tbash-5.2.26-3.el10.src.rpm\n'
  expect((await rowsFrom({ '/var/lib/rpm/rpmdb.sqlite': 'x' }, { rpm: line })).rows).toEqual([
    {
      ...{ kind: 'package', manager: 'rpm', name: 'bash', architecture: 'x86_64', version: '0:5.2.26-3.el10' },
      ...{ installed: 1_760_000_000, vendor: 'Rocky Enterprise', source: 'bash-5.2.26-3.el10.src.rpm' },
    },
  ])
  expect((await rowsFrom({ '/var/lib/rpm/rpmdb.sqlite': 'x' })).rows).toMatchObject([{ kind: 'not-looked' }])
})
