import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Position } from '@tidewaiter/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../folder.fixture.ts'
import { newFakeHost } from '../../host.fixture.ts'
import { newLinuxHost } from '../../linux-host.fixture.ts'
import type { Records, Taken } from '../collector.ts'
import { logins } from './index.ts'
import { parseUtmp } from './utmp.ts'

const record = (mark: string) => Buffer.alloc(384, mark)

test('records of a btmp file in the configuration come one by one, over a rotation and a restart', {
  timeout: 20_000,
}, async () => {
  const btmp = join(temporaryFolder(), 'btmp')
  writeFileSync(btmp, Buffer.concat([record('a'), record('b'), record('c').subarray(0, 100)]))
  const first = start([btmp])
  await expect.poll(() => first.marks(btmp), { timeout: 5000 }).toEqual(['a', 'b'])
  appendFileSync(btmp, record('c').subarray(100))
  await expect.poll(() => first.marks(btmp), { timeout: 5000 }).toEqual(['a', 'b', 'c'])
  await first.stop()

  appendFileSync(btmp, record('d'))
  renameSync(btmp, `${btmp}.1`)
  writeFileSync(btmp, record('e'))
  const second = start([btmp], first.positions())
  await expect.poll(() => second.marks(btmp), { timeout: 5000 }).toEqual(['d', 'e'])

  expect(first.of(btmp)[0]?.chunks[0]).toMatchObject({
    head: { source: `login:${btmp}`, unit: 'byte', lf: false, start: { offset: 0 } },
    lengths: [384, 384],
  })
})

test('utmp is a snapshot: in full at first, then the places that changed', async () => {
  const { host, files } = fakeMachine()
  files.set('/run/utmp', Buffer.concat([record('a'), record('b'), record('x').subarray(0, 9)]))
  const following = start([], new Map(), host)
  await host.advance(0)
  files.set('/run/utmp', Buffer.concat([record('a'), record('c')]))
  await host.advance(30_000)

  const passes = following.of('utmp')
  expect(passes[0]).toMatchObject({ chunks: [{ head: { method: '/run/utmp', pass: { rows: 2, holds: 'all' } } }] })
  expect(passes[1]?.chunks.map(({ head, bytes }) => [head.pass?.holds, `${Buffer.from(bytes)}`[0]])).toEqual([
    ['appeared', 'c'],
  ])
  expect(passes.at(-1)?.chunks).toEqual([])
  expect(passes.map(({ next }) => next)).toEqual(passes.map((_, i) => ({ number: i + 2 })))
})

test('what the system does not keep is said, with what to do', async () => {
  const { host } = fakeMachine()
  const following = start([], new Map(), host)
  await host.advance(0)

  expect(following.taken).toMatchObject(
    ['wtmp', 'btmp', 'utmp'].map((name) => ({ source: `login:${name}`, state: 'not-enabled' })),
  )
})

test('a Mac has one file of them, with longer records', async () => {
  const { host, files } = fakeMachine()
  const mac = { ...host, platform: 'darwin' as const }
  files.set('/var/run/utmpx', Buffer.concat([Buffer.alloc(628, 'u'), Buffer.alloc(628, 'a'), Buffer.alloc(9)]))
  const following = start([], new Map(), mac)
  await host.advance(0)

  expect(following.of('utmpx')).toMatchObject([{ chunks: [{ lengths: [628, 628], head: { pass: { rows: 2 } } }] }])
  expect(following.taken.map(({ source }) => source)).toEqual(['login:utmpx'])
})

test('bytes behind the last whole record of utmp are no record', () => {
  expect(parseUtmp(record('a').subarray(1)).size).toBe(0)
  expect([...parseUtmp(Buffer.alloc(800)).keys()]).toEqual(['0', '384'])
})

test('files of other names are no login records', async () => {
  const folder = join(temporaryFolder(), 'btmp')
  mkdirSync(folder)
  const log = join(folder, 'x.log')
  writeFileSync(log, 'line\n')
  const following = start([log, folder])

  await expect.poll(() => following.taken.map(({ source }) => source), { timeout: 5000 }).toContain(`login:${folder}`)

  expect(following.of(log)).toEqual([])
})

function fakeMachine() {
  const files = new Map<string, Buffer>()
  const host = newFakeHost()
  host.read = async (path) => files.get(path) ?? 'missing'
  host.watch = () => ({ set() {}, touch() {}, wait: (ms) => host.sleep(ms) })
  return { host, files }
}

/** Runs the collector until the test ends. */
function start(files: string[], positions = new Map<string, Position>(), host = newLinuxHost()) {
  const stop = new AbortController()
  const taken: Taken[] = []
  const from = { position: positionOf, files, takeFull: () => true, before: new Map() }
  const known = new Map(positions)
  function positionOf(source: string): Position | undefined {
    return known.get(source)
  }
  const done = (async () => {
    for await (const each of logins.collect(host, stop.signal, from)) {
      if ('chunks' in each) known.set(each.source, each.next)
      taken.push('chunks' in each ? { ...each, chunks: each.chunks.map(copied) } : each)
    }
  })()
  onTestFinished(() => stop.abort())
  const of = (name: string): Records[] =>
    taken.flatMap((each) => ('chunks' in each && each.source === `login:${name}` ? [each] : []))
  return {
    taken,
    of,
    /** The byte each record consists of. */
    marks: (name: string) =>
      of(name).flatMap(({ chunks }) =>
        chunks.flatMap(({ bytes, lengths }) => lengths.map((_, i) => String.fromCharCode(bytes[i * 384] ?? 0))),
      ),
    positions: () => known,
    async stop() {
      stop.abort()
      await done
    },
  }
}

function copied(chunk: Records['chunks'][number]) {
  return { ...chunk, bytes: Buffer.from(chunk.bytes) }
}
