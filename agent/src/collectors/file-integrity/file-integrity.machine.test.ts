import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Position } from '@tidewaiter/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../folder.fixture.ts'
import type { Host } from '../../host.ts'
import { newLinuxHost } from '../../linux-host.fixture.ts'
import type { From, Taken } from '../collector.ts'
import { rowsOf } from '../proc.fixture.ts'
import { fileIntegrity } from './index.ts'

/** How far it was handed over. */
interface Place {
  next?: Position
}

/** A tree of this machine, and an agent that looks at it; its pauses take no time. */
function newTree() {
  const root = join(temporaryFolder(), 'tree')
  const folder = temporaryFolder()
  mkdirSync(root)
  const at = (name: string) => join(root, name)
  const place: Place = {}
  return { root, folder, at, place, start: (host?: Partial<Host>) => startOn({ paths: [root], folder, place }, host) }
}

function startOn(
  { paths, folder, place }: { paths: string[]; folder: string; place: Place },
  other: Partial<Host> = {},
) {
  const linux = newLinuxHost()
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const opened: string[] = []
  const open = (path: string) => {
    opened.push(path)
    return linux.open(path)
  }
  const sleep = (ms: number, signal?: AbortSignal) => linux.sleep(ms > 5_000 ? ms : 0, signal)
  const from: From = {
    ...{ position: () => place.next, files: [], takeFull: () => true, before: new Map() },
    ...{ integrity: paths, folder },
  }
  const taken = fileIntegrity.collect({ ...linux, open, sleep, ...other }, stop.signal, from)[Symbol.asyncIterator]()
  const stops = async () => {
    stop.abort()
    await taken.return?.(undefined)
  }
  return { taken, opened, stops, place }
}

type Running = ReturnType<typeof startOn>

/** What is handed over until it is what is waited for. */
async function until({ taken, place }: Running, is: (all: Taken[]) => boolean): Promise<Taken[]> {
  const all: Taken[] = []
  while (!is(all)) {
    const { value, done } = await taken.next()
    if (done) expect.fail('it ended')
    all.push(value)
    if ('next' in value) place.next = value.next
  }
  return all
}

const rowsIn = (all: readonly Taken[]) => rowsOf(all.filter((each) => 'chunks' in each))
/** Everything up to the end of the first walk. */
const first = async (running: Running) =>
  rowsIn(await until(running, (all) => all.some(({ source }) => source === 'file-integrity:watch')))
const changesOf = (rows: ReturnType<typeof rowsOf>) =>
  rows.flatMap(({ holds, row }) => (row.kind === 'watched' && holds !== 'all' ? [{ holds, ...row }] : []))
/** The next changes, at least so many. */
const changes = async (running: Running, count: number) =>
  changesOf(rowsIn(await until(running, (all) => changesOf(rowsIn(all)).length >= count)))

test('the first look tells every file as it is, and nothing as a change', async () => {
  const { at, start, root } = newTree()
  writeFileSync(at('a'), 'one')
  symlinkSync('/etc/passwd', at('link'))
  mkdirSync(at('sub'))
  writeFileSync(at('sub/id_ed25519'), 'secret')

  const rows = await first(start())

  const sum = execFileSync('sha256sum', [at('a')])
    .toString()
    .slice(0, 64)
  expect(rows.filter(({ row }) => row.kind === 'watched').map(({ holds, row }) => [holds, row.path])).toEqual(
    [root, at('a'), at('link'), at('sub'), at('sub/id_ed25519')].map((path) => ['all', path]),
  )
  expect(rows.find(({ row }) => row.path === at('a'))?.row).toMatchObject({
    ...{ type: 'file', size: 3, mode: '0644', uid: 0, inode: `${statSync(at('a')).ino}`, sha256: sum },
  })
  expect(rows.find(({ row }) => row.path === at('link'))?.row).toMatchObject({ type: 'link', target: '/etc/passwd' })
  expect(rows.find(({ row }) => row.path === at('sub/id_ed25519'))?.row).not.toHaveProperty('sha256')
  expect(rows.find(({ row }) => row.kind === 'look')?.row).toMatchObject({ kept: 5, changes: 0, whole: true })
})

test('a change of content, a rename over, and one of attributes alone are told with what was before', async () => {
  const { at, start } = newTree()
  for (const name of ['content', 'over', 'mode']) writeFileSync(at(name), name)
  const running = start()
  await first(running)
  const before = statSync(at('over')).ino

  writeFileSync(at('content'), 'Content')
  expect((await changes(running, 1)).at(-1)).toMatchObject({
    ...{ holds: 'appeared', path: at('content'), before: { sha256: expect.any(String), mtime: expect.any(String) } },
  })

  writeFileSync(at('../new'), 'other')
  renameSync(at('../new'), at('over'))
  expect((await changes(running, 1)).at(-1)).toMatchObject({
    path: at('over'),
    size: 5,
    before: { inode: `${before}` },
  })

  chmodSync(at('mode'), 0o4755)
  const [told] = await changes(running, 1)
  expect(told).toMatchObject({ path: at('mode'), mode: '4755', before: { mode: '0644', ctime: expect.any(String) } })
  expect(Object.keys(told?.before ?? {})).toEqual(['mode', 'ctime'])
})

test('a time that was set back does not hide a change', async () => {
  const { at, start } = newTree()
  writeFileSync(at('a'), 'one')
  utimesSync(at('a'), 1_000, 1_000)
  const running = start()
  await first(running)

  writeFileSync(at('a'), 'two')
  utimesSync(at('a'), 1_000, 1_000)

  const told = (await changes(running, 1)).at(-1)
  expect(told?.before).toMatchObject({ ctime: expect.any(String) })
  expect(told?.mtime).toBe('1970-01-01T00:16:40.000000000Z')
})

test('what is removed, and what is made anew under its name, is told with all that lay below', async () => {
  const { at, start } = newTree()
  mkdirSync(at('sub/deep'), { recursive: true })
  writeFileSync(at('sub/deep/a'), 'one')
  const running = start()
  await first(running)

  rmSync(at('sub'), { recursive: true })
  const gone = await changes(running, 3)
  expect(gone.map(({ holds, path }) => [holds, path]).sort()).toEqual(
    [at('sub'), at('sub/deep'), at('sub/deep/a')].map((path) => ['ended', path]),
  )

  mkdirSync(at('sub/deep'), { recursive: true })
  writeFileSync(at('sub/deep/a'), 'two')
  await until(running, (all) => changesOf(rowsIn(all)).some(({ path }) => path === at('sub/deep/a')))
  // The folder that was made anew is watched, too.
  writeFileSync(at('sub/deep/b'), 'three')
  expect(await changes(running, 1)).toContainEqual(
    expect.objectContaining({ holds: 'appeared', path: at('sub/deep/b'), before: null }),
  )
})

test('a folder that becomes a link is told as one, and what the link leads to is not looked at', async () => {
  const { at, start } = newTree()
  mkdirSync(at('sub'))
  writeFileSync(at('sub/a'), 'one')
  const running = start()
  await first(running)

  rmSync(at('sub'), { recursive: true })
  symlinkSync('/usr/bin', at('sub'))
  const told = await changes(running, 2)

  expect(told).toContainEqual(expect.objectContaining({ path: at('sub'), type: 'link', target: '/usr/bin' }))
  expect(told.map(({ path }) => path).filter((path) => path !== at('sub'))).toEqual([at('sub/a')])
})

test('a restart reads nothing again, and tells what happened meanwhile', async () => {
  const { at, start } = newTree()
  for (const name of ['a', 'b', 'c']) writeFileSync(at(name), name)
  const before = start()
  await first(before)
  await before.stops()
  writeFileSync(at('b'), 'changed')
  rmSync(at('c'))

  const running = start()
  const rows = await first(running)

  expect(running.opened).toEqual([at('b')])
  expect(changesOf(rows).map(({ holds, path }) => [holds, path])).toEqual([
    ['appeared', at('b')],
    ['ended', at('c')],
  ])
  expect(rows.filter(({ holds }) => holds === 'all')).toEqual([])
})

test('to a spool that knows of nothing everything is told again, and read not again', async () => {
  const { at, place, start } = newTree()
  writeFileSync(at('a'), 'one')
  const before = start()
  await first(before)
  await before.stops()
  delete place.next

  const running = start()

  expect((await first(running)).filter(({ holds }) => holds === 'all')).toHaveLength(2)
  expect(running.opened).toEqual([])
})

test('a first look that was broken off goes on where it was', async () => {
  const { at, start } = newTree()
  for (let i = 0; i < 300; i++) writeFileSync(at(`${i}`), `${i}`)
  const stop = Promise.withResolvers<void>()
  // The first pause of the walk lasts until it is stopped.
  const linux = newLinuxHost()
  const broken = start({
    sleep: (ms, signal) => {
      if (ms < 5_000) stop.resolve()
      return linux.sleep(60_000, signal)
    },
  })
  const step = broken.taken.next()
  await stop.promise
  await Promise.all([step, broken.stops()])
  expect(broken.opened).toHaveLength(99)

  const running = start()
  const rows = await first(running)

  expect(running.opened).toHaveLength(201)
  expect(rows.filter(({ holds }) => holds === 'all')).toHaveLength(301)
  expect(changesOf(rows)).toEqual([])
})

test('of a file that was not read to its end nothing is kept', async () => {
  const { at, start } = newTree()
  writeFileSync(at('large'), Buffer.alloc(9 * 1024 * 1024, 'x'))
  const paused = Promise.withResolvers<void>()
  const linux = newLinuxHost()
  const broken = start({
    sleep: (ms, signal) => {
      if (ms < 5_000) paused.resolve()
      return linux.sleep(60_000, signal)
    },
  })
  const step = broken.taken.next()
  await paused.promise
  await Promise.all([step, broken.stops()])

  const rows = await first(start())

  const sum = execFileSync('sha256sum', [at('large')])
    .toString()
    .slice(0, 64)
  expect(rows.find(({ row }) => row.path === at('large'))?.row).toMatchObject({ sha256: sum })
})

test('a place that is made later is a change, with all that lies in it', async () => {
  const { at, folder, place } = newTree()
  const running = startOn({ paths: [at('later')], folder, place })
  await first(running)

  mkdirSync(at('later/deep'), { recursive: true })
  writeFileSync(at('later/deep/a'), 'one')

  const told = rowsIn(
    await until(running, (all) => changesOf(rowsIn(all)).some(({ path }) => path === at('later/deep/a'))),
  )
  expect(
    changesOf(told)
      .map(({ path }) => path)
      .slice(0, 2),
  ).toEqual([at('later'), at('later/deep')])
})

test('thousands of changes are handed over in parts, and counted', async () => {
  const { at, start } = newTree()
  for (let i = 0; i < 2_500; i++) writeFileSync(at(`${i}`), 'x')
  const before = start()
  await first(before)
  await before.stops()
  for (let i = 0; i < 2_500; i++) chmodSync(at(`${i}`), 0o600)

  const all = await until(start(), (taken) => taken.some(({ source }) => source === 'file-integrity:watch'))

  expect(changesOf(rowsIn(all))).toHaveLength(2_500)
  for (const each of all)
    if ('chunks' in each) expect(each.chunks.flatMap(({ lengths }) => lengths).length).toBeLessThanOrEqual(1_000)
  expect(rowsIn(all).find(({ row }) => row.kind === 'look')?.row).toMatchObject({ changes: 2_500, kept: 2_501 })
})

test('names of a folder that cannot be listed are not told as gone', async () => {
  const linux = newLinuxHost()
  const { at, start } = newTree()
  writeFileSync(at('a'), 'one')
  const before = start()
  await first(before)
  await before.stops()

  const rows = await first(
    start({
      names: async () => undefined,
      facts: async (path) => (path.endsWith('/a') ? undefined : linux.facts(path)),
    }),
  )

  expect(changesOf(rows)).toEqual([])
})

test('places that are no longer configured are no change, and everything is told anew', async () => {
  const { at, folder, place } = newTree()
  for (const name of ['one', 'two']) mkdirSync(at(name))
  writeFileSync(at('one/a'), 'a')
  const before = startOn({ paths: [at('one'), at('two')], folder, place })
  await first(before)
  await before.stops()

  const rows = await first(startOn({ paths: [at('two')], folder, place }))

  expect(rows.map(({ holds, row }) => [holds, row.path ?? row.kind])).toEqual([
    ['all', at('two')],
    [undefined, 'look'],
  ])
})

test('a damaged baseline is begun anew, and said to be a loss', async () => {
  const { at, folder, start } = newTree()
  writeFileSync(at('a'), 'a')
  writeFileSync(join(folder, 'file-integrity.db'), 'no database at all, but longer than the head of one'.repeat(40))

  const all = await until(start(), (taken) => taken.some(({ source }) => source === 'file-integrity:watch'))

  expect(all[0]).toMatchObject({ source: 'file-integrity', lost: { count: null } })
  expect(rowsIn(all).filter(({ holds }) => holds === 'all')).toHaveLength(2)
})

test('watches that the system does not grant are a standing with the fix', async () => {
  const { start } = newTree()
  const none = { add: () => false, forget: () => {}, keep: () => {}, wait: async () => [] }

  const all = await until(start({ watchFolders: () => none }), (taken) => taken.some((each) => 'fix' in each))

  expect(all.at(-1)).toMatchObject({ state: 'not-enabled', fix: expect.stringContaining('max_user_watches') })
})

test('where nobody comes back it ends when everything was told', async () => {
  const { at, root } = newTree()
  writeFileSync(at('a'), 'one')
  const from: From = {
    position: () => undefined,
    files: [],
    takeFull: () => true,
    before: new Map(),
    once: {},
    integrity: [root],
  }

  const all = await Array.fromAsync(fileIntegrity.collect(newLinuxHost(), new AbortController().signal, from))

  expect(rowsIn(all)).toContainEqual(
    expect.objectContaining({
      holds: 'all',
      row: expect.objectContaining({ path: at('a'), sha256: expect.any(String) }),
    }),
  )
})

test('a change that was handed over and not sealed is handed over again after a death', async () => {
  const tree = newTree()
  writeFileSync(tree.at('a'), 'one')
  const before = tree.start()
  await first(before)
  const sealed = tree.place.next
  writeFileSync(tree.at('a'), 'two and more')
  await until(before, (all) => rowsIn(all).some(({ holds }) => holds === 'appeared'))
  // Killed: what waited to be sealed is gone, and the spool knows of nothing after the first look.
  await before.stops()
  tree.place.next = sealed ?? { number: 0 }

  const again = tree.start()
  const rows = rowsIn(await until(again, (all) => all.some(({ source }) => source === 'file-integrity:watch')))

  expect(rows.filter(({ holds }) => holds === 'appeared')).toEqual([
    expect.objectContaining({ row: expect.objectContaining({ path: tree.at('a'), before: expect.any(Object) }) }),
  ])
})

test('a full telling that was not sealed to its end is told again', async () => {
  const tree = newTree()
  writeFileSync(tree.at('a'), 'one')
  const before = tree.start()
  await until(before, (all) => rowsIn(all).some(({ holds }) => holds === 'all'))
  await before.stops()
  tree.place.next = { number: 1 }

  const again = tree.start()
  const rows = rowsIn(await until(again, (all) => all.some(({ source }) => source === 'file-integrity:watch')))

  expect(rows.some(({ holds }) => holds === 'all')).toBe(true)
})
