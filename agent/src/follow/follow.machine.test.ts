import { setTimeout as pause } from 'node:timers/promises'
import type { Position } from '@tidewaiter/protocol'
import { expect, onTestFinished, test } from 'vitest'
import type { Standing } from '../collectors/collector.ts'
import type { FakeHost } from '../host.fixture.ts'
import type { Host } from '../host.ts'
import { newLinuxHost } from '../host-linux.ts'
import { follow } from './follow.ts'
import { newFileHost, newLog, recordsOf } from './log.fixture.ts'
import { lines } from './shape.ts'

/** As a program writes: a line, some time, a line. */
const rates = [0, 1, 5]
const count = 200

test.for(rates)('renaming and creating loses no line at a line every %i ms', { timeout: 30_000 }, async (everyMs) => {
  const log = newLog()
  log.create()
  const following = start(log.path)
  await following.isAlive()

  await write(log, everyMs, () => {
    log.rename()
    log.create()
  })

  await following.sees(count)
  expect(following.records).toEqual(allLines())
  expect(following.losses).toEqual([])
})

test.for(rates)('removing and creating loses no line at a line every %i ms', { timeout: 30_000 }, async (everyMs) => {
  const log = newLog()
  log.create()
  const following = start(log.path)
  await following.isAlive()

  await write(log, everyMs, async (written) => {
    // Nobody can read a file that came and went between two looks.
    await following.sees(written)
    log.remove()
  })

  await following.sees(count)
  expect(following.records).toEqual(allLines())
})

test.for(rates)('copying and emptying loses no line at a line every %i ms', { timeout: 30_000 }, async (everyMs) => {
  const log = newLog()
  const following = start(log.path)

  await write(log, everyMs, async () => {
    await following.sees(1)
    log.copyAndTruncate()
  })

  await following.sees(count)
  expect(following.records).toEqual(allLines())
  expect(following.losses).toEqual([])
})

test('what is written is seen within a second, whoever is stopped and started meanwhile', {
  timeout: 30_000,
}, async () => {
  const log = newLog()
  log.append('one\n')
  const first = start(log.path)
  await first.sees(1)
  await first.stop()

  log.append('two\n')
  const second = start(log.path, { from: first.position() })
  await second.sees(1)
  log.append('three\n')
  await expect.poll(() => second.records, { timeout: 1000 }).toEqual(['two', 'three'])
})

test('a program that writes all the time does not keep the others from being read, nor the machine busy', {
  timeout: 30_000,
}, async () => {
  const [busy, calm] = [newLog(), newLog()]
  const following = start(busy.path, { more: [calm.path] })
  const stop = new AbortController()
  const writing = (async () => {
    for (let i = 0; !stop.signal.aborted; i++) {
      busy.append(`line ${i}\n`)
      await pause(1)
    }
  })()
  onTestFinished(() => stop.abort())
  await following.sees(100)

  calm.append('here\n')
  await expect.poll(() => following.records, { timeout: 5000 }).toContain('here')
  stop.abort()
  await writing

  // A look every 100 ms at most: far fewer hand-overs than lines.
  expect(following.handOvers()).toBeLessThan(following.records.length / 20)
})

test('a file that cannot be read fails alone, and is read from where it stood when it can be again', async () => {
  const [broken, good] = [newLog(), newLog()]
  broken.append('one\n')
  const host = newFileHost()
  host.watch = () => ({ set() {}, touch() {}, wait: (ms) => host.sleep(ms) })
  const { open } = host
  let isBroken = false
  host.open = async (path) => {
    const file = await open(path)
    if (typeof file === 'string' || path !== broken.path) return file
    return { ...file, read: (into, at) => (isBroken ? Promise.reject(new Error('EIO')) : file.read(into, at)) }
  }
  const following = start(broken.path, { more: [good.path], host })
  await passing(host, () => following.records).toEqual(['one'])

  isBroken = true
  broken.append('two\n')
  good.append('here\n')
  await passing(host, () => following.records).toEqual(['one', 'here'])
  await passing(host, () => following.standings).toContainEqual(
    expect.objectContaining({ source: `log-file:${broken.path}`, state: 'failed', why: 'EIO' }),
  )

  isBroken = false
  await passing(host, () => following.records).toEqual(['one', 'here', 'two'])
})

/** What `look` sees while seconds pass on the clock of the test; the disk has its own time. */
function passing<T>(host: FakeHost, look: () => T) {
  const after = async () => {
    await host.advance(1000)
    return look()
  }
  return expect.poll(after, { timeout: 15_000, interval: 5 })
}

function allLines(): string[] {
  return Array.from({ length: count }, (_, i) => `line ${i}`)
}

/** Writes all lines and rotates every 50. */
async function write(
  log: ReturnType<typeof newLog>,
  everyMs: number,
  rotate: (written: number) => void | Promise<void>,
) {
  for (const [i, line] of allLines().entries()) {
    if (i > 0 && i % 50 === 0) await rotate(i)
    log.append(`${line}\n`)
    if (everyMs > 0) await pause(everyMs)
  }
}

/** Follows files until the test ends. */
function start(
  path: string,
  { from, more = [], host = newLinuxHost() }: { from?: Position | undefined; more?: string[]; host?: Host } = {},
) {
  const stop = new AbortController()
  const records: string[] = []
  const losses: string[] = []
  const standings: Standing[] = []
  let handOvers = 0
  const idOf = (file: string) => `log-file:${file}`
  const positions = new Map(from === undefined ? [] : [[idOf(path), from]])
  const wanted = async () => [path, ...more].map((each) => ({ source: idOf(each), path: each }))
  const done = (async () => {
    const all = follow({ host, shape: lines, wanted, position: (source) => positions.get(source) }, stop.signal)
    for await (const taken of all)
      if ('chunks' in taken) {
        records.push(...taken.chunks.flatMap(recordsOf))
        positions.set(taken.source, taken.next)
        handOvers += 1
      } else if ('lost' in taken) losses.push(taken.lost.cause)
      else if (taken.state !== 'gone') standings.push(taken)
  })()
  onTestFinished(() => stop.abort())
  const position = () => positions.get(idOf(path))
  return {
    records,
    losses,
    standings,
    position,
    handOvers: () => handOvers,
    isAlive: () => expect.poll(position, { timeout: 15_000 }).toBeDefined(),
    sees: (number: number) => expect.poll(() => records.length, { timeout: 25_000 }).toBeGreaterThanOrEqual(number),
    async stop() {
      stop.abort()
      await done
    },
  }
}
