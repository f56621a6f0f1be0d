import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { newFileHost, newLog, newLooker } from './log.fixture.ts'
import { fixed } from './shape.ts'

test('a record is the bytes of its line without the LF: CR, NUL and bytes that are no UTF-8 stay', async () => {
  const log = newLog()
  log.append(Buffer.from('one\r\nt\0wo\n\xff\xfe\n\n', 'latin1'))
  const looker = newLooker(log.path)

  await looker.look()

  expect(looker.records()).toEqual(['one\r', 't\0wo', '\xff\xfe', ''])
  expect(looker.chunks[0]?.head).toMatchObject({ start: { offset: 0 }, unit: 'byte', lf: true, method: 'file' })
  expect(looker.position()).toMatchObject({ offset: 14 })
})

test('a character that is written in two pieces is one record with its bytes in order', async () => {
  const log = newLog()
  const text = Buffer.from('café\n')
  log.append(text.subarray(0, 4))
  const looker = newLooker(log.path)

  await looker.look()
  log.append(text.subarray(4))
  await looker.look()

  expect(looker.records()).toEqual([text.toString('latin1').slice(0, -1)])
})

test('a line without LF waits a minute, is said to be open, and is joined by what comes later', async () => {
  const log = newLog()
  log.append('one\nhal')
  const looker = newLooker(log.path)
  await looker.look()
  expect(looker.records()).toEqual(['one'])

  await looker.host.advance(61_000)
  await looker.look()
  expect(looker.records()).toEqual(['one', 'hal'])
  expect(looker.chunks[1]?.head).toMatchObject({ open: true, lf: false, start: { offset: 4 } })

  await looker.host.advance(61_000)
  await looker.look()
  log.append('f\ntwo\n')
  await looker.look()
  expect(looker.records()).toEqual(['one', 'hal', 'f', 'two'])
  expect(looker.lines()).toEqual(['one', 'half', 'two'])
})

test('a line of three mebibytes goes in parts that add up, also when the agent is killed between them', async () => {
  const log = newLog()
  const long = 'x'.repeat(3 * 1024 * 1024 + 5)
  log.append(`before\n${long}\nafter\n`)
  const looker = newLooker(log.path)

  for (let i = 0; i < 8; i++) {
    await looker.lookOnce()
    await looker.restart()
  }

  expect(looker.lines()).toEqual(['before', long, 'after'])
  expect(looker.chunks.map(({ head: { part, last, lf } }) => [part, last, lf])).toEqual([
    [undefined, undefined, true],
    [1, undefined, false],
    [2, undefined, false],
    [3, undefined, false],
    [4, true, true],
    [undefined, undefined, true],
  ])
})

test('the last part of a long line comes at once, not after the wait for an open line', async () => {
  const log = newLog()
  const long = 'x'.repeat(3 * 1024 * 1024 + 5)
  log.append(`${long}\n`)
  const looker = newLooker(log.path)

  await looker.look()

  expect(looker.lines()).toEqual([long])
})

test('a line of exactly the limit is one record', async () => {
  const log = newLog()
  log.append(`${'x'.repeat(1024 * 1024)}\n`)
  const looker = newLooker(log.path)

  await looker.look()

  expect(looker.chunks.map(({ head, lengths }) => [head.part, lengths])).toEqual([[undefined, [1024 * 1024]]])
})

test('empty lines do not make a hand-over of more records than it may have', async () => {
  const log = newLog()
  log.append('\n'.repeat(100_000))
  const looker = newLooker(log.path)

  await looker.look()

  expect(looker.records()).toHaveLength(100_000)
  expect(Math.max(...looker.chunks.map(({ lengths }) => lengths.length))).toBeLessThanOrEqual(50_000)
})

test('a renamed file is read to its end before the new one, and the open end of it is said', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()

  log.append('two\nthr')
  log.rename()
  log.append('four\n')
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two', 'thr', 'four'])
  expect(looker.chunks[2]?.head).toMatchObject({ open: true })
  expect(looker.chunks[1]?.head.fileModifiedAt).toBeDefined()
  expect(looker.losses()).toEqual([])
})

test('a program that still writes to the renamed file is heard, before and after the new one has something', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()
  log.rename()
  log.create()
  await looker.look()

  log.appendLate('two\n')
  await looker.look()
  log.append('three\n')
  await looker.look()
  const position = looker.position()
  log.appendLate('late\n')
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two', 'three', 'late'])
  expect(looker.position()).toEqual(position)
})

test('the file before is read to its end before it is left for the next one', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()
  log.rename()
  log.append('two\n')
  await looker.look()

  log.appendLate('late\n'.repeat(300_000))
  log.rename()
  log.append('three\n')
  await looker.look()

  expect(looker.records().filter((record) => record === 'late')).toHaveLength(300_000)
  expect(looker.records().filter((record) => record !== 'late')).toEqual(['one', 'two', 'three'])
})

const [hourS, dayS] = [3600, 86_400]

test.for([
  { name: 'compressed as it was', agoS: hourS, take: compress(0), isLost: false },
  { name: 'compressed after it was changed', agoS: hourS, take: compress(1), isLost: true },
  { name: 'compressed with the beginning of a line', agoS: hourS, late: 'half', take: compress(0), isLost: true },
  { name: 'removed', agoS: hourS, take: unlinkSync, isLost: true },
  { name: 'removed a day after its last change', agoS: dayS + 1, take: unlinkSync, isLost: false },
])('a file before that was $name while nobody followed: lost is $isLost', async ({ agoS, late, take, isLost }) => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()
  log.rename()
  log.append('two\n')
  await looker.look()
  const modifiedS = looker.host.now() / 1000 - agoS
  log.appendLate(late ?? 'late\n')
  utimesSync(`${log.path}.1`, modifiedS, modifiedS)
  await looker.look()
  await looker.host.advance(11_000)
  await looker.look()

  take(`${log.path}.1`, modifiedS)
  await looker.restart()
  await looker.look()

  const lost = 'the file before was removed or compressed while a program could still write to it'
  expect(looker.losses()).toEqual(isLost ? [lost] : [])
})

/** As gzip does it: the time of the file stays, and here so many seconds are added to it. */
function compress(laterS: number) {
  return (path: string, modifiedS: number) => {
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)))
    utimesSync(`${path}.gz`, modifiedS + laterS, modifiedS + laterS)
    unlinkSync(path)
  }
}

test('the file before is told by its inode, and not read where only its beginning is that of another', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()
  log.rename()
  log.append('two\n')
  await looker.look()

  copyFileSync(`${log.path}.1`, `${log.path}.2`)
  appendFileSync(`${log.path}.2`, 'not of this file\n')
  unlinkSync(`${log.path}.1`)
  await looker.restart()
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two'])
})

test('a file before that is emptied with the rest of it unread is a loss', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()
  log.rename()
  log.append('two\n')
  await looker.look()

  log.appendLate('half a li')
  await looker.look()
  truncateSync(`${log.path}.1`)
  await looker.look()

  expect(looker.losses()).toEqual(['the rotated file was emptied or rewritten before it was read to its end'])
})

test('an empty successor is gone over to when nobody writes to the old file for a minute', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()
  const before = looker.position()
  log.rename()
  log.create()
  await looker.look()
  expect(looker.position()).toEqual(before)

  await looker.host.advance(61_000)
  await looker.look()
  await looker.host.advance(11_000)
  await looker.look()

  expect(looker.position()).toMatchObject({ offset: 0 })
})

test('two rotations between two looks lose nothing', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()

  log.append('two\n')
  log.rename()
  log.append('three\n')
  log.rename()
  log.append('four\n')
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two', 'three', 'four'])
})

test('what was not read when a file is copied and emptied is read from the copy', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()

  log.append('two\n')
  log.copyAndTruncate()
  log.append('three\n')
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two', 'three'])
  expect(looker.losses()).toEqual([])
})

test('a file that is emptied without a copy is a loss of unknown size, and is read from its beginning', async () => {
  const log = newLog()
  log.append('one\ntwo\n')
  const looker = newLooker(log.path)
  await looker.look()

  log.truncate()
  log.append('three\n')
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two', 'three'])
  expect(looker.losses()).toEqual(['the file was emptied or rewritten, and there is no copy of it'])
})

test('a file that was emptied and has grown beyond the position again is not taken for the old one', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()

  log.truncate()
  log.append('another line, longer than the one before\n')
  await looker.look()

  expect(looker.records()).toEqual(['one', 'another line, longer than the one before'])
  expect(looker.losses()).toHaveLength(1)
})

const notFiles = {
  'a folder': (path: string) => mkdirSync(path),
  'a link': (path: string) => symlinkSync('/etc/hostname', path),
}

test.for(Object.entries(notFiles))('%s with a rotated name is said once, and the log is read on', async ([, make]) => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()

  log.rename()
  make(`${log.path}.0`)
  for (const line of ['two\n', 'three\n']) {
    log.append(line)
    await looker.look()
    log.rename()
  }
  log.append('four\n')
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two', 'three', 'four'])
  expect(looker.losses()).toEqual([expect.stringMatching(/^x\.log\.0 was passed over: /)])
})

test.for(Object.entries(notFiles))(
  '%s that follows a removed log is said, and the log is read on',
  async ([, make]) => {
    const log = newLog()
    log.append('one\n')
    const looker = newLooker(log.path)
    await looker.look()

    log.remove()
    await looker.look()
    await looker.host.advance(61_000)
    await looker.look()
    make(`${log.path}.0`)
    log.append('two\n')
    await looker.look()

    expect(looker.records()).toEqual(['one', 'two'])
    expect(looker.losses()).toEqual([expect.stringMatching(/^x\.log\.0 was passed over: /)])
  },
)

test.for([
  { why: 'not-permitted', passedAfterMs: 0 },
  // Too many open files, or a volume that is away for a moment.
  { why: 'failed', passedAfterMs: 61_000 },
] as const)(
  'a rotated file whose opening is $why is passed over after $passedAfterMs ms',
  async ({ why, passedAfterMs }) => {
    const log = newLog()
    log.append('one\n')
    const host = newFileHost()
    const { open } = host
    host.open = async (path) => (path.endsWith('.1') ? why : open(path))
    const looker = newLooker(log.path, { host })
    await looker.look()

    log.rename()
    log.append('two\n')
    log.rename()
    log.append('three\n')
    await looker.look()
    if (passedAfterMs > 0) expect(looker.records()).toEqual(['one'])
    await host.advance(passedAfterMs)
    await looker.look()

    expect(looker.records()).toEqual(['one', 'three'])
    expect(looker.losses()).toEqual([expect.stringMatching(/^x\.log\.1 was passed over: /)])
  },
)

test('a removed file is read to its end, its successor from the beginning, whatever inode it got', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()

  log.append('two\n')
  log.remove()
  log.append('three\n')
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two', 'three'])
  expect(looker.losses()).toEqual([])
})

test('a removed file is let go after a minute, and what comes later under its name is no loss', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()
  log.remove()
  await looker.look()
  await looker.host.advance(61_000)
  await looker.look()
  await looker.host.advance(11_000)
  await looker.look()
  expect(looker.taken.at(-1)).toMatchObject({ state: 'not-enabled' })

  log.append('two\n')
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two'])
  expect(looker.losses()).toEqual([])
})

test('a rotation while nobody follows is found by inode: the rest of the old file, then the new ones', async () => {
  const log = newLog()
  log.append('one\ntwo\n')
  const looker = newLooker(log.path)
  await looker.look()

  log.append('three\n')
  log.rename()
  log.append('four\n')
  log.rename()
  log.append('five\n')
  await looker.restart()
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two', 'three', 'four', 'five'])
  expect(looker.losses()).toEqual([])
})

test('a copy and emptying while nobody follows is found by the beginning of the copy', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()

  log.append('two\n')
  log.copyAndTruncate()
  log.append('three\n')
  await looker.restart()
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two', 'three'])
  expect(looker.losses()).toEqual([])
})

test('what was lost while nobody followed is said with its cause, and reading goes on', async () => {
  const causes: string[][] = []
  for (const lose of [
    (log: ReturnType<typeof newLog>) => log.truncate(),
    (log: ReturnType<typeof newLog>) => {
      log.remove()
      // Takes the inode, which the new file would get otherwise.
      writeFileSync(`${log.path}-other`, '')
    },
    (log: ReturnType<typeof newLog>) => {
      // Nobody can tell which of the two it was.
      for (const number of [1, 2]) writeFileSync(`${log.path}.${number}.gz`, gzipSync('one\nmore\n'))
      log.remove()
    },
    (log: ReturnType<typeof newLog>) => {
      writeFileSync(`${log.path}.1.xz`, 'one\nmore\n')
      log.remove()
    },
  ]) {
    const log = newLog()
    log.append('one\n')
    const looker = newLooker(log.path)
    await looker.look()
    lose(log)
    log.append('new\n')
    await looker.restart()
    await looker.look()
    expect(looker.records()).toEqual(['one', 'new'])
    causes.push(looker.losses())
  }

  expect(causes).toEqual([
    ['the file was emptied or rewritten while nobody followed it'],
    ['the file was replaced while nobody followed it, and the old one is not beside it'],
    ['the file was rotated and compressed while nobody followed it'],
    ['the file was rotated and compressed while nobody followed it'],
  ])
})

/** Files of these names, one changed after the other, all of them after they were last looked at. */
function change(...paths: string[]) {
  for (const [i, path] of paths.entries())
    utimesSync(path, Date.now() / 1000 + hourS + i, Date.now() / 1000 + hourS + i)
}

test.for([
  { name: 'plain', pack: [] },
  { name: 'compressed', pack: [4, 3] },
])('what was rotated after a file that is gone, and still lies there, is read: $name', async ({ pack }) => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()

  for (const line of ['two\n', 'three\n', 'four\n', 'five\n', 'six\n']) {
    log.rename()
    log.append(line)
  }
  // As with `rotate 4`.
  unlinkSync(`${log.path}.5`)
  change(...[4, 3, 2, 1].map((number) => `${log.path}.${number}`))
  for (const number of pack) compress(0)(`${log.path}.${number}`, Date.now() / 1000 + hourS - number)
  await looker.restart()
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two', 'three', 'four', 'five', 'six'])
  expect(looker.losses()).toHaveLength(1)
})

test('of what lies beside a file that is gone nothing is read twice, not even what a program still wrote to', async () => {
  const log = newLog()
  log.append('older\n')
  log.rename()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()
  log.rename()
  log.append('two\n')
  await looker.look()

  log.appendLate('late\n')
  change(`${log.path}.2`, `${log.path}.1`)
  log.remove()
  writeFileSync(`${log.path}-other`, '')
  log.append('new\n')
  await looker.restart()
  await looker.look()

  expect(looker.records()).toEqual(['one', 'two', 'late', 'new'])
  expect(looker.losses()).toHaveLength(1)
})

test('what was rotated before a file was last looked at is not read when that file is gone', async () => {
  const log = newLog()
  log.append('older\n')
  utimesSync(log.path, 1, 1)
  log.rename()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()

  log.remove()
  writeFileSync(`${log.path}-other`, '')
  log.append('new\n')
  await looker.restart()
  await looker.look()

  expect(looker.records()).toEqual(['one', 'new'])
})

test('a file that was compressed while nobody followed is read to its end, and then the ones that are plain', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()

  log.rename()
  log.append('two\n')
  log.rename()
  log.append('three\n')
  writeFileSync(`${log.path}.2.gz`, gzipSync('one\nand a half\n'))
  unlinkSync(`${log.path}.2`)
  await looker.restart()
  await looker.look()

  expect(looker.records()).toEqual(['one', 'and a half', 'two', 'three'])
  expect(looker.chunks[1]?.head).toMatchObject({ method: 'gzip', start: { offset: 4 } })
  expect(looker.losses()).toEqual([])
})

test('a file that comes later is read from its beginning', async () => {
  const log = newLog()
  const looker = newLooker(log.path)
  await looker.look()
  expect(looker.taken).toMatchObject([{ state: 'not-enabled', why: 'There is no such file.' }])

  log.append('one\n')
  await looker.look()

  expect(looker.records()).toEqual(['one'])
})

test('a link, a folder and a pipe are not followed, and the reason is said', async () => {
  const log = newLog()
  writeFileSync(`${log.path}.real`, 'secret\n')
  symlinkSync(`${log.path}.real`, log.path)
  const link = newLooker(log.path)
  await link.look()
  expect(link.taken).toMatchObject([{ state: 'not-enabled', why: expect.stringContaining('symbolic link') }])

  const folder = newLooker(`${log.path}/..`)
  await folder.look()
  expect(folder.records()).toEqual([])
})

test('a file the account may not read is a failure with a fix, and is read as soon as it may be', async () => {
  const log = newLog()
  log.append('one\n')
  const host = newFileHost()
  const { open } = host
  host.open = async () => 'not-permitted'
  const looker = newLooker(log.path, { host })
  await looker.look()
  expect(looker.taken).toMatchObject([{ state: 'failed', fix: expect.stringContaining('root') }])

  host.open = open
  await looker.look()

  expect(looker.records()).toEqual(['one'])
})

test('a name that becomes a link keeps the file it was', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()

  copyFileSync(log.path, `${log.path}.real`)
  rmSync(log.path)
  symlinkSync(`${log.path}.real`, log.path)
  await looker.host.advance(11_000)
  await looker.look()

  expect(looker.records()).toEqual(['one'])
  expect(looker.taken.at(-1)).toMatchObject({ state: 'not-enabled' })
})

test('a silent file says that it is alive, every ten seconds and not more often', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()
  await looker.look()
  expect(looker.taken).toHaveLength(1)

  await looker.host.advance(10_000)
  await looker.look()
  await looker.look()

  expect(looker.taken).toMatchObject([{ chunks: [{}] }, { chunks: [], next: looker.position() }])
})

test('records of one size wait until they are whole; a torn one at the end of a rotated file is said to be open', async () => {
  const log = newLog('btmp')
  log.append('aaaabb')
  const looker = newLooker(log.path, { shape: fixed(4) })
  await looker.look()
  await looker.host.advance(100_000)
  await looker.look()
  expect(looker.records()).toEqual(['aaaa'])

  log.append('bbcc')
  log.rename()
  log.append('dddd')
  await looker.look()

  expect(looker.records()).toEqual(['aaaa', 'bbbb', 'cc', 'dddd'])
  expect(looker.chunks.map(({ head }) => [head.lf, head.open])).toEqual([
    [false, undefined],
    [false, undefined],
    [false, true],
    [false, undefined],
  ])
})

test('no file is left open', async () => {
  const log = newLog()
  log.append('one\n')
  const looker = newLooker(log.path)
  await looker.look()
  log.rename()
  log.append('two\n')
  await looker.look()
  log.rename()
  log.append('three\n')
  await looker.look()
  await looker.restart()
  await looker.look()
  log.copyAndTruncate()
  await looker.look()

  await looker.close()

  expect(openUnder(log.path)).toEqual([])
})

function openUnder(path: string): string[] {
  return readdirSync('/proc/self/fd')
    .map((name) => readLink(`/proc/self/fd/${name}`))
    .filter((target) => target.startsWith(path))
}

function readLink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // The one that lists the folder.
    return ''
  }
}
