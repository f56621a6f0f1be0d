import { expect, test } from 'vitest'
import { newMac } from '../macos.fixture.ts'
import { newPasses, rowsOf } from '../proc.fixture.ts'
import { sockets } from './index.ts'

/** In the form of "OUTPUT FOR OTHER PROGRAMS" of lsof(8) (lsof.readthedocs.io/en/latest/manpage). */
const listed = `p101
cmDNSResponder
u65
f6
tIPv4
PUDP
n*:5353
p412
cMy Tool
u501
f12
tIPv4
PTCP
n192.0.2.7:50111->198.51.100.9:443
TST=ESTABLISHED
f13
tIPv6
PTCP
n[::1]:631
TST=LISTEN
p413
cMy Tool Helper
u501
f12
tIPv4
PTCP
n192.0.2.7:50111->198.51.100.9:443
TST=ESTABLISHED
`

test('sockets of a Mac stand with their ends as lsof names them, and all who hold them', async () => {
  const rows = rowsOf(await newPasses(sockets, newMac({ lsof: listed }))())

  expect(rows.map(({ row }) => row)).toEqual([
    { protocol: 'UDP', type: 'IPv4', name: '*:5353', processes: [{ pid: 101, comm: 'mDNSResponder', uid: 65 }] },
    {
      ...{ protocol: 'TCP', type: 'IPv4', name: '192.0.2.7:50111->198.51.100.9:443', state: 'ESTABLISHED' },
      processes: [
        { pid: 412, comm: 'My Tool', uid: 501 },
        { pid: 413, comm: 'My Tool Helper', uid: 501 },
      ],
    },
    {
      ...{ protocol: 'TCP', type: 'IPv6', name: '[::1]:631', state: 'LISTEN' },
      processes: [{ pid: 412, comm: 'My Tool', uid: 501 }],
    },
  ])
})

test('without an answer of lsof the pass fails', async () => {
  await expect(newPasses(sockets, newMac({}))()).rejects.toThrow('lsof lists no sockets')
})
