import { expect, test } from 'vitest'
import { newPasses, newProcHost, rowsOf } from '../proc.fixture.ts'
import { parseStat } from '../proc-stat.ts'
import { processes } from './index.ts'
import { parseAccounts, parseHz } from './machine.ts'
import { parseArguments } from './status.ts'

// cat /proc/<pid>/stat of a program called `a) (b`, and of kthreadd (Linux 6.18).
const oddStat =
  '8470 (a) (b) S 8467 8467 3457 0 -1 4194304 136 0 0 0 0 0 0 0 20 0 1 0 334096 2990080 389 18446744073709551615 93857729994752 93857730012681 140729657445328 0 0 0 0 6 0 1 0 0 17 1 0 0 0 0 0 93857730026768 93857730028032 93857761378304 140729657453270 140729657453289 140729657453289 140729657454569 0\n'
const kernelStat =
  '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 30 0 0 18446744073709551615 0 0 0 0 0 0 0 2147483647 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n'
const status = 'Name:\tx\nUid:\t1000\t0\t0\t0\nGid:\t1000\t1000\t1000\t1000\n'

function machine() {
  const files: Record<string, string | Buffer> = {
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\njdoe:x:1000:1000::/home/jdoe:/bin/bash\nother:x:1000:1:::\n',
    '/proc/stat': 'cpu  1 2 3\nbtime 1795630312\nprocesses 9\n',
    '/proc/8470/stat': oddStat,
    '/proc/8470/status': status,
    '/proc/8470/loginuid': '1000',
    '/proc/8470/cmdline': Buffer.from('/tmp/a) (b\0caf\xe9\0', 'latin1'),
    '/proc/2/stat': kernelStat,
    '/proc/2/status': 'Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n',
    '/proc/2/loginuid': '4294967295',
  }
  const links = { '/proc/8470/exe': '/tmp/a) (b (deleted)', '/proc/8470/cwd': '/home/jdoe' }
  const host = newProcHost(files, links)
  host.hashFile = async () => ({ sha256: 'ab'.repeat(32) })
  host.isDeleted = () => true
  return { host, files }
}

test('a process is a row with the words and units of /proc', async () => {
  const { host } = machine()

  const rows = rowsOf(await newPasses(processes, host)())

  expect(rows.map(({ row }) => row)).toEqual([
    {
      pid: 8470,
      ppid: 8467,
      comm: 'a) (b',
      state: 'S',
      tty_nr: 0,
      starttime: 334096,
      hz: 100,
      btime: 1795630312,
      uid: 1000,
      euid: 0,
      gid: 1000,
      user: 'jdoe',
      loginuid: 1000,
      exe: '/tmp/a) (b (deleted)',
      cwd: '/home/jdoe',
      cmdline: ['/tmp/a) (b', 'caf\udce9'],
      sha256: 'ab'.repeat(32),
      deleted: true,
    },
    {
      pid: 2,
      ppid: 0,
      comm: 'kthreadd',
      state: 'S',
      tty_nr: 0,
      starttime: 30,
      hz: 100,
      btime: 1795630312,
      uid: 0,
      euid: 0,
      gid: 0,
      user: 'root',
      cmdline: [],
    },
  ])
})

test('what changes all the time makes no new row; what matters does, and so does another process with the same pid', async () => {
  const { host, files } = machine()
  const pass = newPasses(processes, host)
  await pass()

  files['/proc/8470/stat'] = oddStat.replace(' S ', ' R ')
  files['/proc/2/stat'] = kernelStat.replace('kthreadd', 'kthreadd-busy')
  files['/proc/stat'] = 'btime 1795630313\n'
  expect(rowsOf(await pass())).toEqual([])

  files['/proc/8470/status'] = status.replaceAll('1000\t0', '1000\t1000')
  expect(rowsOf(await pass())).toMatchObject([{ holds: 'appeared', row: { pid: 8470, euid: 1000 } }])

  files['/proc/8470/stat'] = oddStat.replace(' 334096 ', ' 400000 ')
  expect(rowsOf(await pass())).toMatchObject([
    { holds: 'ended', row: { starttime: 334096 } },
    { holds: 'appeared', row: { starttime: 400000 } },
  ])
})

test('a process that stays as it is has its turn to be looked at whole once in six passes', async () => {
  const { host, files } = machine()
  const read: string[] = []
  const { readHanging } = host
  host.readHanging = (path) => {
    read.push(path)
    return readHanging(path)
  }
  const pass = newPasses(processes, host)
  await pass()
  files['/proc/8470/cmdline'] = 'another title'

  const seen = []
  for (let number = 2; number <= 31; number++) seen.push(...rowsOf(await pass()))

  expect(read).toEqual(['/proc/8470/cmdline', '/proc/8470/cmdline'])
  expect(seen).toMatchObject([{ holds: 'appeared', row: { pid: 8470, cmdline: ['another title'] } }])
})

test('another program in the same process is seen in the next pass, also when it has the same name', async () => {
  for (const [before, after] of [
    ['93857729994752', '94857729994752'],
    ['140729657453270', '140729657453000'],
    ['93857761378304', '93857761378305'],
  ] as const) {
    const { host, files } = machine()
    const pass = newPasses(processes, host)
    await pass()

    files['/proc/8470/stat'] = oddStat.replace(before, after)
    files['/proc/8470/cmdline'] = '/tmp/a) (b\0--now\0'
    expect(rowsOf(await pass())).toMatchObject([{ holds: 'appeared', row: { cmdline: ['/tmp/a) (b', '--now'] } }])
  }
})

test('where the kernel hides what would tell, a process is looked at whole in every pass', async () => {
  const { host, files } = machine()
  files['/proc/8470/stat'] = oddStat.replace('93857729994752 93857730012681 140729657445328', '1 1 0')
  const pass = newPasses(processes, host)
  await pass()

  files['/proc/8470/cmdline'] = 'another title'
  expect(rowsOf(await pass())).toMatchObject([{ row: { cmdline: ['another title'] } }])
})

test('a program that was not hashed in time is hashed in the next pass', async () => {
  const { host } = machine()
  let steady = 0
  let step = 30_000
  host.steady = () => {
    steady += step
    return steady
  }
  const pass = newPasses(processes, host)
  await pass()

  step = 0
  expect(rowsOf(await pass())).toMatchObject([{ holds: 'appeared', row: { pid: 8470, sha256: 'ab'.repeat(32) } }])
})

test('a process that ends while it is looked at is left out', async () => {
  const { host, files } = machine()
  delete files['/proc/8470/status']

  expect(rowsOf(await newPasses(processes, host)()).map(({ row }) => row.pid)).toEqual([2])
})

test('a program without a digest says why, and a pass that took long leaves the rest to the next one', async () => {
  const { host } = machine()
  host.hashFile = async () => ({ why: 'not permitted' })
  expect(rowsOf(await newPasses(processes, host)())[0]?.row).toMatchObject({ sha256Why: 'not permitted' })

  let steady = 0
  host.steady = () => {
    steady += 30_000
    return steady
  }
  expect(rowsOf(await newPasses(processes, host)()).map(({ row }) => row.sha256Why)).toEqual([
    'not hashed yet',
    undefined,
  ])
})

test('a command line that cannot be read says why, and is not said to be empty', async () => {
  const { host } = machine()
  host.readHanging = async () => ({ why: 'reading it does not end' })

  const [{ row } = expect.fail()] = rowsOf(await newPasses(processes, host)())
  expect(row).toMatchObject({ pid: 8470, cmdlineWhy: 'reading it does not end' })
  expect(row).not.toHaveProperty('cmdline')
})

test('a line that is no stat, an empty one and none are no process', () => {
  for (const line of ['', '1 (x', '1 (x) S a b', '1 )x( S 1']) expect(parseStat(Buffer.from(line))).toBeUndefined()
  expect(parseStat(undefined)).toBeUndefined()
})

test('arguments are ended by NUL; a title without one is one argument', () => {
  expect(parseArguments(Buffer.from('a\0\0b\0'))).toEqual(['a', '', 'b'])
  expect(parseArguments(Buffer.from('nginx: worker'))).toEqual(['nginx: worker'])
  expect(parseArguments(Buffer.alloc(0))).toEqual([])
})

test('the clock tick is that of the auxiliary vector, and 100 without one', () => {
  // xxd /proc/self/auxv: AT_CLKTCK is 0x64.
  expect(parseHz(Buffer.from('0600000000000000001000000000000011000000000000006400000000000000', 'hex'))).toBe(100)
  expect(parseHz(Buffer.from('11000000000000000004000000000000', 'hex'))).toBe(1024)
  expect(parseHz(undefined)).toBe(100)
})

test('the first account of a number gives its name', () => {
  expect([...parseAccounts('a:x:7:7\nb:x:7:7\n+::::\nbad\nc:x:x:1\n')]).toEqual([[7, 'a']])
})
