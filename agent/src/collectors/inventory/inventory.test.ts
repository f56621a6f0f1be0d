import { expect, test } from 'vitest'
import { newFakeHost } from '../../host.fixture.ts'
import { newLinuxHost } from '../../linux-host.fixture.ts'
import { newPasses, rowsOf } from '../proc.fixture.ts'
import { inventory } from './index.ts'

test('each section is a table of its own, under the question it answers', async () => {
  const host = newFakeHost()
  host.inventory = async function* () {
    yield { method: 'systeminformation.bios', section: 'bios', value: { vendor: 'QEMU' } }
    yield { method: 'systeminformation.diskLayout', section: 'diskLayout', value: [] }
  }

  expect(rowsOf(await newPasses(inventory, host)())).toEqual([
    { method: 'systeminformation.bios', holds: 'all', row: { section: 'bios', value: { vendor: 'QEMU' } } },
    { method: 'systeminformation.diskLayout', holds: 'all', row: { section: 'diskLayout', value: [] } },
  ])
})

test('this machine tells what it is', async () => {
  const host = { ...newFakeHost(), inventory: newLinuxHost().inventory }

  const rows = rowsOf(await newPasses(inventory, host)())

  expect(rows.map(({ row }) => row.section)).toEqual([
    'system',
    'osInfo',
    'uuid',
    'bios',
    'cpu',
    'mem',
    'diskLayout',
    'fsSize',
    'networkInterfaces',
  ])
  expect(rows[1]?.row.value).toMatchObject({ platform: 'linux' })
})
