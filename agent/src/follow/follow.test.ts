import { mkdirSync, readdirSync, readlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { BackfilledPlace, History, Taken } from '../collectors/collector.ts'
import { temporaryFolder } from '../folder.fixture.ts'
import { follow } from './follow.ts'
import { newFileHost, recordsOf } from './log.fixture.ts'
import { lines } from './shape.ts'

const rounds = 12

test('files whose names come and go are read, and let go a minute after the last of them', async () => {
  const { folder, taken, openMost, open } = await following(({ path }) => writeFileSync(path, 'x\n'))

  expect(taken.records).toBe(rounds * 20)
  expect(taken.losses).toEqual([])
  expect(openMost()).toBeLessThanOrEqual(7 * 20)
  expect(open(folder)).toBeLessThanOrEqual(20)
  expect(taken.gone).toHaveLength((rounds - 1) * 20)
})

test('of those that cannot be read to their end a hundred are kept, and the others are said to be lost', async () => {
  const history = { sinceMs: 0, placeOf: () => undefined, mayGoOn: () => false }
  const { folder, taken, open } = await following(({ path }) => {
    writeFileSync(path, 'x\n')
    truncateSync(path, 1_100_000)
  }, history)

  expect(open(folder)).toBeLessThanOrEqual(100 + 20)
  const left = (rounds - 1) * 20 - 100
  expect(taken.losses).toEqual(Array(left).fill(expect.stringMatching(/was not read to its end$/)))
  expect(taken.gone).toHaveLength(left)
})

/** Each time files are listed there are twenty others; then a minute passes, and more. */
async function following(make: (file: { path: string }) => void, history?: History) {
  const folder = join(temporaryFolder(), 'log')
  mkdirSync(folder)
  const host = newFileHost()
  let [idle, time] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const wait = () => {
    idle.resolve()
    return time.promise
  }
  host.watch = () => ({ set() {}, touch() {}, wait })
  host.sleep = () => Promise.resolve()
  const stop = new AbortController()
  let round = 0
  const wanted = async () => {
    if (round < rounds) round += 1
    return Array.from({ length: 20 }, (_, i) => {
      const path = join(folder, `${round}-${i}.log`)
      return { source: `log-file:${path}`, path }
    })
  }
  const taken = { records: 0, losses: [] as string[], gone: [] as string[] }
  const keep = (each: Taken) => {
    if ('lost' in each) taken.losses.push(each.lost.cause)
    else if ('chunks' in each) taken.records += each.chunks.flatMap(recordsOf).length
    else if (each.state === 'gone') taken.gone.push(each.source)
  }
  for (let r = 1; r <= rounds; r++) for (let i = 0; i < 20; i++) make({ path: join(folder, `${r}-${i}.log`) })
  const run = async () => {
    const position = () => undefined
    for await (const each of follow({ host, shape: lines, wanted, position, history }, stop.signal)) keep(each)
  }
  const running = run()
  onTestFinished(async () => {
    stop.abort()
    time.resolve()
    await running
  })
  let most = 0
  for (let i = 0; i < rounds + 8; i++) {
    await idle.promise
    most = Math.max(most, open(folder))
    await host.advance(11_000)
    const passed = time
    ;[idle, time] = [Promise.withResolvers(), Promise.withResolvers()]
    passed.resolve()
  }
  await idle.promise
  return { folder, taken, openMost: () => most, open }
}

function open(folder: string): number {
  return readdirSync('/proc/self/fd').filter((name) => targetOf(name).startsWith(folder)).length
}

function targetOf(name: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${name}`)
  } catch {
    // The one that lists the folder.
    return ''
  }
}

test('read once, every file is read to its end with a last line that nothing ends, and then it ends by itself', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'x.log')
  writeFileSync(`${path}.1`, 'old\n', { mode: 0o600 })
  writeFileSync(path, 'one\ntwo')
  utimesSync(`${path}.1`, 1, 1)

  const { records, losses } = await once(path, {})

  expect(records).toEqual([
    [`log-file:${path}`, 'one'],
    [`log-file:history:${path}`, 'old'],
    [`log-file:${path}`, 'two'],
  ])
  expect(losses).toEqual([])
})

test('of a file that is longer than is wanted the newest lines are read, and it is said that the others are not', async () => {
  const path = join(temporaryFolder(), 'x.log')
  writeFileSync(path, Array.from({ length: 1000 }, (_, i) => `line ${String(i).padStart(4, '0')}\n`).join(''))

  const { records, losses } = await once(path, { newestBytes: 95 })

  expect(records.map(([, text]) => text)).toEqual(
    Array.from({ length: 9 }, (_, i) => `line ${991 + i}`.replace(' ', ' 0')),
  )
  expect(losses).toEqual([expect.stringContaining('only the newest')])
})

async function once(path: string, bound: { newestBytes?: number }) {
  const source = `log-file:${path}`
  const places = new Map<string, BackfilledPlace>()
  const history: History = {
    sinceMs: 0,
    placeOf: (id) => places.get(id),
    mayGoOn: () => true,
  }
  const host = newFileHost()
  const options = { host, shape: lines, wanted: async () => [{ source, path }], position: () => undefined, history }
  const records: [string, string][] = []
  const losses: string[] = []
  for await (const taken of follow({ ...options, once: bound }, new AbortController().signal)) {
    if ('lost' in taken) losses.push(taken.lost.cause)
    if (!('chunks' in taken)) continue
    for (const text of taken.chunks.flatMap(recordsOf)) records.push([taken.source, text])
    if (taken.backfill !== undefined) places.set(taken.source, { position: taken.next, backfill: taken.backfill })
  }
  return { records, losses }
}
