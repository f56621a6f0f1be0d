import { expect, test } from 'vitest'
import { newPasses, newProcHost, rowsOf } from '../proc.fixture.ts'
import { memory } from './index.ts'
import { executableMappings, kindOf, mapFileOf } from './maps.ts'

// cat /proc/<pid>/maps, /proc/meminfo, /proc/swaps and /proc/vmstat (Linux 6.18), the last two cut to what matters.
const plain = [
  '5571d3a3f000-5571d3a44000 r-xp 00002000 fe:00 1573                       /usr/bin/sleep',
  '5571f1fd9000-5571f1ffa000 rw-p 00000000 00:00 0                          [heap]',
  '7f2f3f5a1000-7f2f3f6f5000 r-xp 00026000 fe:00 7102                       /usr/lib/x86_64-linux-gnu/libc.so.6',
  '7f2f3f7a4000-7f2f3f7a6000 rw-p 00000000 00:00 0 ',
  '7ffc41b1c000-7ffc41b3d000 rw-p 00000000 00:00 0                          [stack]',
  '7ffc41bd9000-7ffc41bdb000 r-xp 00000000 00:00 0                          [vdso]',
]
const odd = {
  writable: '00400000-00401000 rwxp 00000000 00:00 0 ',
  anonymous: '7f0000000000-7f0000001000 r-xp 00000000 00:00 0 ',
  heap: '5571f1fd9000-5571f1ffa000 r-xp 00000000 00:00 0                          [heap]',
  memfd: '7f0000002000-7f0000003000 r-xp 00000000 00:01 2055                       /memfd:x (deleted)',
  deleted: '7f0000004000-7f0000005000 r-xp 00000000 fe:00 99                         /usr/bin/gone (deleted)',
  shared: '7f0000006000-7f0000007000 r-xp 00000000 00:21 5                          /dev/shm/a b\\012c',
  open: '7f0000008000-7f0000009000 r-xp 00000000 fe:00 77                         /opt/open',
}
const stat = (start: number) =>
  `8470 (a) S 1 1 1 0 -1 4194304 136 0 0 0 0 0 0 0 20 0 1 0 ${start} 2990080 389 1 9 9 9 0 0 0 0 0 0 0 0 0 17\n`

function machine(lines: readonly string[]) {
  const files: Record<string, string> = {
    '/proc/8470/stat': stat(334096),
    '/proc/8470/status': 'Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\n',
    '/proc/8470/maps': `${lines.join('\n')}\n`,
    '/proc/self/mountinfo': '27 1 254:0 / / rw - ext4 /dev/vda rw\n40 1 0:60 / /mnt/nfs rw - nfs4 x:/ rw\n',
    '/proc/meminfo': 'MemTotal:       16384000 kB\nActive(anon):       12 kB\nHugePages_Total:       0\n',
    '/proc/swaps':
      'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/vdb                               partition\t4194300\t512\t-2\n',
    '/proc/vmstat': 'nr_free_pages 12\noom_kill 3\npswpin 4\n',
  }
  const host = newProcHost(files, { '/proc/8470/exe': '/usr/bin/sleep' })
  const asked: string[] = []
  host.behindNow = (path) => {
    asked.push(path)
    return { mode: path.endsWith('7f0000008000-7f0000009000') ? 0o777 : 0o755, uid: 0, links: 1 }
  }
  return { host, files, asked }
}

const mappingsOf = (rows: ReturnType<typeof rowsOf>) => rows.filter(({ row }) => row.kind === 'mapping')

test('a mapping that may be executed and is no plain program file is a row with the line of the kernel', async () => {
  const { host, asked } = machine([...plain, ...Object.values(odd)])

  const rows = mappingsOf(rowsOf(await newPasses(memory, host)()))

  expect(rows.map(({ row }) => row.line)).toEqual(Object.values(odd))
  expect(rows.at(-1)).toEqual({
    method: '/proc/<pid>/maps',
    holds: 'all',
    row: {
      ...{ kind: 'mapping', pid: 8470, starttime: 334096, line: odd.open, exe: '/usr/bin/sleep' },
      ...{ fileMode: '0777', fileUid: 0, fileLinks: 1, comm: 'a', uid: 1000 },
    },
  })
  expect(asked).toHaveLength(4)
})

test('what the machine has of memory and swap stands as the kernel writes it', async () => {
  const rows = rowsOf(await newPasses(memory, machine(plain).host)()).map(({ row }) => row)

  expect(rows).toEqual([
    { kind: 'meminfo', MemTotal: '16384000 kB', 'Active(anon)': '12 kB', HugePages_Total: '0' },
    { kind: 'vmstat', oom_kill: '3', pswpin: '4' },
    { kind: 'swap', Filename: '/dev/vdb', Type: 'partition', Size: '4194300', Used: '512', Priority: '-2' },
  ])
})

test('a mapping that appears or ends is a change, and a process that stays is none', async () => {
  const { host, files } = machine([odd.memfd])
  const pass = newPasses(memory, host)
  await pass()
  expect(rowsOf(await pass())).toEqual([])

  files['/proc/8470/maps'] = `${odd.anonymous}\n`
  expect(rowsOf(await pass()).map(({ holds, row }) => [holds, row.line])).toEqual([
    ['ended', odd.memfd],
    ['appeared', odd.anonymous],
  ])
})

test('a process that ends, or another one with its number, is not told of', async () => {
  const { host, files } = machine([odd.memfd])
  host.readHanging = async () => {
    files['/proc/8470/stat'] = stat(400000)
    return Buffer.from(`${odd.memfd}\n`)
  }

  expect(mappingsOf(rowsOf(await newPasses(memory, host)()))).toEqual([])
})

test('a list that cannot be read, or is too long, is said to be so', async () => {
  const { host } = machine([])
  const notLooked = async (maps: Buffer | { why: string } | undefined) => {
    host.readHanging = async () => maps
    return rowsOf(await newPasses(memory, host)()).find(({ row }) => row.kind === 'not-looked')?.row
  }

  const row = { kind: 'not-looked', path: '/proc/<pid>/maps', processes: 1, pids: [8470] }
  expect(await notLooked({ why: 'reading it does not end' })).toEqual({ ...row, why: 'reading it does not end' })
  expect(await notLooked(undefined)).toEqual({ ...row, why: 'not permitted' })
  expect(await notLooked(Buffer.alloc(8 * 1024 * 1024, `${plain[1]}\n`))).toEqual({
    ...row,
    why: 'of its list the first 8388608 bytes are looked at',
  })
})

test('when the lists take too long, the rest is said to be left', async () => {
  const { host } = machine([odd.memfd])
  let steady = 0
  host.steady = () => {
    steady += 61_000
    return steady
  }

  expect(rowsOf(await newPasses(memory, host)()).at(-1)?.row).toMatchObject({
    ...{ kind: 'not-looked', why: 'not asked: those before it took too long', pids: [8470] },
  })
})

test('thousands of mappings of one sort hide none of another, and are counted', async () => {
  const many = Array.from({ length: 3_000 }, (_, i) => {
    const at = (0x10000000 + i * 0x1000).toString(16)
    return `${at}-${at} rwxp 00000000 00:00 0 `
  })
  const rows = rowsOf(await newPasses(memory, machine([...many, odd.memfd]).host)())

  expect(mappingsOf(rows)).toHaveLength(33)
  expect(mappingsOf(rows).at(-1)?.row.line).toBe(odd.memfd)
  expect(rows.at(-1)?.row).toMatchObject({ kind: 'not-looked', path: '/proc/8470/maps', mappings: 2_968 })
})

test('many processes of one account leave room for those of others', async () => {
  const { host, files } = machine([odd.memfd])
  for (let pid = 10_000; pid < 11_600; pid++)
    for (const name of ['stat', 'status', 'maps']) files[`/proc/${pid}/${name}`] = files[`/proc/8470/${name}`] ?? ''
  files['/proc/9/stat'] = stat(9)
  files['/proc/9/status'] = 'Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n'
  files['/proc/9/maps'] = `${odd.deleted}\n`

  const rows = rowsOf(await newPasses(memory, host)())

  expect(mappingsOf(rows).filter(({ row }) => row.uid === 1000)).toHaveLength(1_500)
  expect(mappingsOf(rows)).toContainEqual(expect.objectContaining({ row: expect.objectContaining({ pid: 9 }) }))
  expect(rows.at(-1)?.row).toMatchObject({ kind: 'not-looked', path: '/proc/<pid>/maps', processes: 51 })
})

test('the name of a mapped file makes no line of its own, and a last line that is cut is none', () => {
  const path = '/opt/x\r00400000-00401000 rwxp 00000000 00:00 0 '
  const line = `7f0000000000-7f0000001000 r-xp 00000000 fe:00 9    ${path}`
  const found = [...executableMappings(Buffer.from(`${line}\nno line\n\n7f00-8f00 rwxp 0000`))]

  expect(found.map((each) => each.path)).toEqual([path])
  expect(kindOf({ ...(found[0] as (typeof found)[0]) }, 0o755)).toBeUndefined()
  expect(mapFileOf({ ...(found[0] as (typeof found)[0]), range: '00400000-00401000' })).toBe('400000-401000')
})
