import { copyFileSync, rmSync, truncateSync, utimesSync } from 'node:fs'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { newPast } from './history.fixture.ts'

test('what was rotated before the first look comes oldest first, compressed or not, in a source of its own', async () => {
  const past = newPast()
  past.file('.3.gz', gzipSync('one\ntwo\n'), 3)
  past.file('.2.zst', zstdCompressSync('three\n'), 2)
  past.file('.1', 'four\n', 1)
  past.log.append('now\n')

  await past.look()

  expect(past.live()).toEqual(['now'])
  expect(past.history()).toEqual(['one', 'two', 'three', 'four'])
  expect(past.heads().map(({ method, start }) => [method, 'offset' in start && start.offset])).toEqual([
    ['gzip', 0],
    ['zstd', 0],
    ['file', 0],
  ])
  expect(past.heads().every(({ fileModifiedAt }) => fileModifiedAt !== undefined)).toBe(true)
  expect(past.told()).toMatchObject({ files: { done: 3, total: 3 }, finishedAt: expect.any(String) })
  expect(past.told()?.done).toBe(past.told()?.total)
  expect(past.losses()).toEqual([])
})

test('the positions of a history join from its first file to its last', async () => {
  const past = newPast()
  for (const number of [3, 2, 1]) past.file(`.${number}.gz`, gzipSync(`line ${number}\n`), number)
  past.log.append('now\n')

  await past.look()

  const spans = past.spans()
  for (const [i, { first }] of spans.slice(1).entries()) expect(first).toEqual(spans[i]?.next)
})

test('several empty files of the same second are each left behind, and what comes after them is read', async () => {
  const past = newPast()
  for (const number of [4, 3, 2]) past.file(`.${number}`, '', 1)
  past.file('.1', 'one\n', 1)
  past.log.append('now\n')

  await past.look(50)

  expect(past.history()).toEqual(['one'])
  expect(past.told()).toMatchObject({ files: { done: 4, total: 4 }, finishedAt: expect.any(String) })
  expect(past.losses()).toEqual([])
})

test('a log that was never rotated has no history', async () => {
  const past = newPast()
  past.log.append('now\n')

  await past.look()

  expect(past.told()).toBeUndefined()
  expect(past.live()).toEqual(['now'])
})

test('what is new does not wait: history has no turn before it may go on', async () => {
  const past = newPast()
  past.file('.1', 'old\n', 1)
  past.log.append('now\n')
  past.mayGoOn = false

  await past.look()
  expect(past.live()).toEqual(['now'])
  expect(past.history()).toEqual([])

  past.mayGoOn = true
  past.log.append('newer\n')
  await past.look()
  expect(past.live()).toEqual(['now', 'newer'])
  expect(past.history()).toEqual(['old'])
})

test('what changed before the days that are asked for is not read', async () => {
  const past = newPast({ sinceDays: 5 })
  past.file('.2.gz', gzipSync('too old\n'), 6)
  past.file('.1', 'old\n', 1)
  past.log.append('now\n')

  await past.look()

  expect(past.history()).toEqual(['old'])
  expect(past.told()).toMatchObject({ files: { done: 1, total: 1 } })
})

test('of a damaged file what can be inflated comes, its loss is named, and the others come', async () => {
  const past = newPast()
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${Math.sin(i)}`)
  const whole = gzipSync(`${lines.join('\n')}\n`)
  past.file('.2.gz', whole.subarray(0, whole.length / 2), 2)
  past.file('.1', 'four\n', 1)
  past.log.append('now\n')

  await past.look()

  const read = past.history()
  expect(read.at(-1)).toBe('four')
  expect(read.length).toBeGreaterThan(9_000)
  expect(read.slice(0, -2)).toEqual(lines.slice(0, read.length - 2))
  expect(lines[read.length - 2]?.startsWith(read.at(-2) ?? '?')).toBe(true)
  expect(past.losses()).toEqual(['x.log.2.gz is damaged: unexpected end of file.'])
  expect(past.told()).toMatchObject({ files: { done: 1, total: 2 }, finishedAt: expect.any(String) })
})

test('a bomb is refused by name after what any file may hold, and the rest is read', { timeout: 20_000 }, async () => {
  const past = newPast()
  past.file('.2.gz', gzipSync(Buffer.alloc(300 * 1024 * 1024)), 2)
  past.file('.1', 'four\n', 1)
  past.log.append('now\n')

  await past.look()

  expect(past.losses()).toEqual([expect.stringMatching(/^x\.log\.2\.gz inflates to more than a log does/)])
  expect(past.historyBytes()).toBeLessThan(70 * 1024 * 1024)
  expect(past.history().at(-1)).toBe('four')
})

test('a file that is compressed in another way is a loss with its name', async () => {
  const past = newPast()
  past.file('.2.xz', 'nobody knows', 2)
  past.file('.1', 'four\n', 1)
  past.log.append('now\n')

  await past.look()

  expect(past.history()).toEqual(['four'])
  expect(past.losses()).toEqual(['x.log.2.xz is compressed in a way that is not read'])
  expect(past.told()).toMatchObject({ files: { done: 1, total: 2 }, finishedAt: expect.any(String) })
})

test('files that could not be read stay counted as such over a kill', async () => {
  const past = newPast()
  for (const number of [4, 3]) past.file(`.${number}.xz`, 'nobody knows', number)
  for (const number of [2, 1]) past.file(`.${number}`, `line ${number}\n`, number)
  past.log.append('now\n')

  for (let i = 0; past.told()?.finishedAt == null && i < 50; i++) {
    await past.look(3)
    await past.restart()
  }

  expect(past.history()).toEqual(['line 2', 'line 1'])
  expect(past.told()).toMatchObject({ files: { done: 2, total: 4 }, finishedAt: expect.any(String) })
})

test('a file that is removed before its turn is said to be lost, once', async () => {
  const past = newPast()
  for (const number of [3, 2, 1]) past.file(`.${number}`, `line ${number}\n`, number)
  past.log.append('now\n')
  past.mayGoOn = false
  await past.look()

  rmSync(`${past.log.path}.2`)
  past.mayGoOn = true
  await past.look()

  expect(past.history()).toEqual(['line 3', 'line 1'])
  expect(past.losses()).toEqual(['rotated files were removed before they were read'])
  expect(past.told()).toMatchObject({ files: { done: 2, total: 3 }, finishedAt: expect.any(String) })
})

test('a file that is removed while it is at hand, and nobody runs, is said to be lost', async () => {
  const past = newPast()
  for (const number of [2, 1]) past.file(`.${number}`, `line ${number}\n`, number)
  past.log.append('now\n')
  past.mayGoOn = false
  await past.look()

  await past.restart()
  rmSync(`${past.log.path}.2`)
  past.mayGoOn = true
  await past.look()

  expect(past.history()).toEqual(['line 1'])
  expect(past.losses()).toEqual(['a rotated file was removed before it was read to its end'])
})

test('rotation and compressing go on while history is read: nothing comes twice, and the log is not part of it', async () => {
  const past = newPast()
  past.file('.2', 'one\ntwo\n', 2)
  past.file('.1', 'three\n', 1)
  past.log.append('four\n')
  past.mayGoOn = false
  await past.look()

  past.rotate({ compress: 2 })
  past.log.append('five\n')
  await past.look()
  past.rotate({ compress: 3 })
  past.log.append('six\n')
  await past.restart()
  past.mayGoOn = true
  await past.look()

  expect(past.history()).toEqual(['one', 'two', 'three'])
  expect(past.live()).toEqual(['four', 'five', 'six'])
  expect(past.losses()).toEqual([])
})

test('a file that is compressed while it is copied out of is read once', async () => {
  const past = newPast()
  past.file('.2', 'one\n', 2)
  // As gzip leaves it for a moment: both are there.
  copyFileSync(`${past.log.path}.2`, `${past.log.path}.2.gz`)
  past.log.append('now\n')

  await past.look()

  expect(past.history()).toEqual(['one'])
  expect(past.losses()).toEqual([])
})

test('a file that is emptied while it is at hand is a loss', async () => {
  const past = newPast()
  past.file('.2', `${'x'.repeat(1000)}\n`.repeat(2000), 2)
  past.file('.1', 'last\n', 1)
  past.log.append('now\n')
  await past.look(3)

  truncateSync(`${past.log.path}.2`)
  await past.look()

  expect(past.history().at(-1)).toBe('last')
  expect(past.losses()).toEqual(['x.log.2 was emptied or rewritten before it was read to its end'])
})

test('the newest file is left when nobody wrote to it for a minute', async () => {
  const past = newPast()
  past.file('.1', 'one\n', 0)
  past.log.append('now\n')
  await past.look()
  expect(past.told()?.finishedAt).toBeNull()

  past.log.appendLate('late\n')
  utimesSync(`${past.log.path}.1`, past.host.now() / 1000, past.host.now() / 1000)
  await past.host.advance(61_000)
  await past.look()

  expect(past.history()).toEqual(['one', 'late'])
  expect(past.told()?.finishedAt).not.toBeNull()
})

test('what a log holds when it is first looked into is told as history, and waits for what is new elsewhere', async () => {
  const past = newPast()
  past.log.append(`${'x'.repeat(99)}\n`.repeat(30_000))
  past.mayGoOn = false
  await past.look()
  expect(past.toldLive()).toMatchObject({ unit: 'byte', done: 1_048_500, total: 3_000_000, finishedAt: null })

  await past.restart()
  past.mayGoOn = true
  await past.look()

  expect(past.live()).toHaveLength(30_000)
  expect(past.toldLive()).toMatchObject({ done: 3_000_000, total: 3_000_000, finishedAt: expect.any(String) })
})

test('a history that was begun when the agent was killed goes on with all that was rotated before its log', async () => {
  const past = newPast()
  past.file('.1', 'one\n', 1)
  past.log.append('two\n')
  // The history is handed over before the first record of the log.
  await past.look(1)
  await past.restart()
  past.rotate()
  past.log.append('three\n')

  await past.look()

  expect(past.history()).toEqual(['one', 'two'])
  expect(past.live()).toEqual(['three'])
})
