import { expect, test } from 'vitest'
import { newMac } from '../macos.fixture.ts'
import { newPasses, rowsOf } from '../proc.fixture.ts'
import { sockets } from './index.ts'

/** Recorded on a Debian 12 with lsof 4.95.0: `lsof -nP -w -i -Ts +c 0 -FpcuftPnT`. */
const recorded = `p30700
cpython3
u0
f3
tIPv4
PTCP
n127.0.0.1:58113
TST=LISTEN
TQR=0
TQS=0
f4
tIPv4
PTCP
n127.0.0.1:48990->127.0.0.1:58113
TST=ESTABLISHED
TQR=0
TQS=0
f6
tIPv6
PUDP
n*:43217
TQR=0
TQS=0
`

test('what lsof prints for programs is read, whatever more it says of a socket', async () => {
  const processes = [{ pid: 30_700, comm: 'python3', uid: 0 }]

  expect(rowsOf(await newPasses(sockets, newMac({ lsof: recorded }))()).map(({ row }) => row)).toEqual([
    { protocol: 'TCP', type: 'IPv4', name: '127.0.0.1:58113', state: 'LISTEN', processes },
    { protocol: 'TCP', type: 'IPv4', name: '127.0.0.1:48990->127.0.0.1:58113', state: 'ESTABLISHED', processes },
    { protocol: 'UDP', type: 'IPv6', name: '*:43217', processes },
  ])
})
