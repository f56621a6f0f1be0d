import { expect, test } from 'vitest'
import { newMac } from '../macos.fixture.ts'
import { newPasses, rowsOf } from '../proc.fixture.ts'
import { interfaces } from './index.ts'

/** In the form of netstat(1) of macOS (keith.github.io/xcode-man-pages/netstat.1.html). */
const listed = `Name       Mtu   Network       Address            Ipkts Ierrs     Ibytes    Opkts Oerrs     Obytes  Coll
lo0        16384 <Link#1>                         1234     0     567890     1234     0     567890     0
lo0        16384 127           127.0.0.1          1234     -     567890     1234     -     567890     -
en0        1500  <Link#6>    a4:83:e7:00:00:01  900000     2  987654321   400000     1   12345678     0
gif0*      1280  <Link#2>                            0     0          0        0     0          0     0
`

test('counters of a Mac are those of its interfaces, not of their addresses', async () => {
  expect(rowsOf(await newPasses(interfaces, newMac({ netstat: listed }))()).map(({ row }) => row)).toEqual([
    expect.objectContaining({ face: 'lo0', rx_bytes: 567_890 }),
    {
      ...{ face: 'en0', rx_packets: 900_000, rx_errs: 2, rx_bytes: 987_654_321 },
      ...{ tx_packets: 400_000, tx_errs: 1, tx_bytes: 12_345_678, tx_colls: 0 },
    },
    expect.objectContaining({ face: 'gif0', tx_bytes: 0 }),
  ])
  await expect(newPasses(interfaces, newMac({}))()).rejects.toThrow('netstat lists no interfaces')
})
