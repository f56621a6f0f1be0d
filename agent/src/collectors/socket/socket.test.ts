import { expect, test } from 'vitest'
import { newPasses, newProcHost, rowsOf } from '../proc.fixture.ts'
import { sockets } from './index.ts'

// cat /proc/net/tcp /proc/net/udp6 while python3 listened on 127.0.0.1:2222 and had closed a connection to it, and had
// bound [::1]:5353 (Linux 6.18).
const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   2: 0100007F:08AE 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 117484 1 000000003a504011 100 0 0 10 0                    
   3: 0100007F:08AE 0100007F:96A0 06 00000000:00000000 03:0000176F 00000000     0        0 0 3 000000009b54d3c6                                      
`
const udp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 6518: 00000000000000000000000001000000:14E9 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 117485 2 00000000a028878d 0
`
const stat = `8482 (python3) R 8467 8467 3457 0 -1 4194304 3003 6785 2 0 6 3 5 2 20 0 1 0 334118 18624512 3596`

function machine() {
  const files: Record<string, string> = {
    '/proc/net/tcp': tcp,
    '/proc/net/udp6': udp6,
    '/proc/8482/stat': stat,
    '/proc/8483/stat': stat.replace('8482', '8483'),
  }
  const links: Record<string, string> = {
    '/proc/8482/fd/0': 'pipe:[118462]',
    '/proc/8482/fd/3': 'socket:[117484]',
    '/proc/8482/fd/4': 'socket:[117485]',
    '/proc/8482/fd/5': 'socket:[117484]',
    '/proc/8483/fd/3': 'socket:[117484]',
  }
  return { host: newProcHost(files, links), files, links }
}

test('a socket is a row as the kernel gives it, with every process that holds it', async () => {
  const { host } = machine()
  const python = { pid: 8482, starttime: 334118, comm: 'python3' }

  const rows = rowsOf(await newPasses(sockets, host)())

  expect(rows.map(({ method, row }) => [method, row])).toEqual([
    [
      '/proc/net/tcp',
      {
        local_address: '0100007F:08AE',
        rem_address: '00000000:0000',
        st: '0A',
        uid: 0,
        inode: '117484',
        processes: [python, { ...python, pid: 8483 }],
      },
    ],
    [
      '/proc/net/tcp',
      { local_address: '0100007F:08AE', rem_address: '0100007F:96A0', st: '06', uid: 0, inode: '0', processes: [] },
    ],
    [
      '/proc/net/udp6',
      {
        local_address: '00000000000000000000000001000000:14E9',
        rem_address: '00000000000000000000000000000000:0000',
        st: '07',
        uid: 0,
        inode: '117485',
        processes: [python],
      },
    ],
  ])
})

test('queues and timers make no new row; a state does, with those who hold it then, and a closed socket ends', async () => {
  const { host, files, links } = machine()
  const pass = newPasses(sockets, host)
  await pass()

  files['/proc/net/tcp'] = tcp.replace('03:0000176F', '03:00001000').replace('00000000:00000000', '00000010:00000000')
  expect(rowsOf(await pass())).toEqual([])

  delete links['/proc/8483/fd/3']
  files['/proc/net/tcp'] = tcp.split('\n').slice(0, 2).join('\n').replace(' 0A ', ' 08 ')
  expect(rowsOf(await pass())).toMatchObject([
    { holds: 'ended', row: { st: '06' } },
    { holds: 'appeared', row: { inode: '117484', st: '08', processes: [{ pid: 8482 }] } },
  ])
})

test('where no socket came or changed, who holds them is looked for once in six passes', async () => {
  const { host, files, links } = machine()
  const { listNow } = host
  let looks = 0
  host.listNow = (folder) => {
    if (folder === '/proc/8482/fd') looks += 1
    return listNow(folder)
  }
  const pass = newPasses(sockets, host)
  await pass()
  links['/proc/8483/fd/4'] = 'socket:[117485]'
  files['/proc/net/tcp'] = tcp.split('\n').slice(0, 2).join('\n')

  const seen = []
  for (let number = 2; number <= 7; number++) seen.push(...rowsOf(await pass()))

  expect(looks).toBe(2)
  expect(seen).toMatchObject([
    { holds: 'ended', row: { st: '06' } },
    { holds: 'appeared', row: { inode: '117485', processes: [{ pid: 8482 }, { pid: 8483 }] } },
  ])
})

test('a new socket stands with its holder in the next pass', async () => {
  const { host, files, links } = machine()
  const pass = newPasses(sockets, host)
  await pass()

  files['/proc/net/tcp'] = `${tcp}${tcp.split('\n')[1]?.replace('117484', '117499').replace('08AE', '08AF')}\n`
  links['/proc/8483/fd/9'] = 'socket:[117499]'
  expect(rowsOf(await pass())).toMatchObject([
    { holds: 'appeared', row: { local_address: '0100007F:08AF', processes: [{ pid: 8483 }] } },
  ])
})

test('where no table can be read the pass fails: nothing would look like no connections', async () => {
  await expect(newPasses(sockets, newProcHost({}))()).rejects.toThrow('/proc/net')
})
