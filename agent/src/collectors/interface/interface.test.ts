import { expect, test } from 'vitest'
import { newPasses, newProcHost, rowsOf } from '../proc.fixture.ts'
import { interfaces } from './index.ts'

// cat /proc/net/dev (Linux 6.18)
const dev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 4740257    9726    0    0    0     0          0         0  4740257    9726    0    0    0     0       0          0
  eth0: 304661892    7124    0    0    0     0          0         0   476549    4899    0    0    0     0       0          0
`

test('an interface is a row with all counters of the kernel, and one that was used since is a row again', async () => {
  const files = { '/proc/net/dev': dev }
  const pass = newPasses(interfaces, newProcHost(files))

  expect(rowsOf(await pass()).map(({ row }) => row)).toMatchObject([{ face: 'lo' }, eth0])
  files['/proc/net/dev'] = dev.replace('304661892', '304661992')
  expect(rowsOf(await pass())).toEqual([
    { method: '/proc/net/dev', holds: 'appeared', row: { ...eth0, rx_bytes: 304661992 } },
  ])
})

test('a name with a colon and one that touches its number are read', async () => {
  const text = dev.replace('  eth0: 304661892', 'eth0:1:304661892')

  const rows = rowsOf(await newPasses(interfaces, newProcHost({ '/proc/net/dev': text }))())

  expect(rows[1]?.row).toMatchObject({ face: 'eth0:1', rx_bytes: 304661892 })
})

test('a machine that does not tell fails the pass', async () => {
  await expect(newPasses(interfaces, newProcHost({}))()).rejects.toThrow('/proc/net/dev')
})

const eth0 = {
  face: 'eth0',
  rx_bytes: 304661892,
  rx_packets: 7124,
  rx_errs: 0,
  rx_drop: 0,
  rx_fifo: 0,
  rx_frame: 0,
  rx_compressed: 0,
  rx_multicast: 0,
  tx_bytes: 476549,
  tx_packets: 4899,
  tx_errs: 0,
  tx_drop: 0,
  tx_fifo: 0,
  tx_colls: 0,
  tx_carrier: 0,
  tx_compressed: 0,
}
