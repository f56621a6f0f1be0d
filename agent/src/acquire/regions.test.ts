import { expect, test } from 'vitest'
import { keptWithin, parseRegions } from './regions.ts'

// Lines of /proc/<pid>/maps (Linux 6.18).
const maps = Buffer.from(`00400000-00404000 r-xp 00002000 fe:00 1573                       /usr/bin/a b
00404000-00408000 rw-p 00006000 fe:00 1573                       /usr/bin/a b
7f2f3f7a4000-7f2f3f7a8000 rw-p 00000000 00:00 0 
7f2f40000000-7f2f80000000 ---p 00000000 00:00 0 
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
cut`)
const page = 4096

test('regions have their file and their place in it, and what belongs to the kernel is none', () => {
  expect(parseRegions(maps)).toEqual([
    { start: 0x400000, end: 0x404000, perms: 'r-xp', kept: 0, file: { path: '/usr/bin/a b', offset: 0x2000 } },
    { start: 0x404000, end: 0x408000, perms: 'rw-p', kept: 0, file: { path: '/usr/bin/a b', offset: 0x6000 } },
    { start: 0x7f2f3f7a4000, end: 0x7f2f3f7a8000, perms: 'rw-p', kept: 0 },
    { start: 0x7f2f40000000, end: 0x7f2f80000000, perms: '---p', kept: 0 },
  ])
})

test('what is only in memory is kept first, in whole pages, and what is left out is named', () => {
  const { regions, left } = keptWithin(parseRegions(maps), 6 * page + 100)

  expect(regions.map(({ kept }) => kept / page)).toEqual([0, 2, 4, 0])
  expect(left).toEqual([
    { start: '7f2f40000000', bytes: 0x40000000, why: 'not to be read by the process itself' },
    { start: '404000', bytes: 2 * page, why: 'no room' },
    { start: '400000', bytes: 4 * page, why: 'no room' },
  ])
})
