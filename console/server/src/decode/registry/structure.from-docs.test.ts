import { describe, expect, test } from 'vitest'
import { binary, buildHive, filetime, nested, number, sealed, text } from './build.fixture.ts'
import { eventsOfHive, withAction } from './read.fixture.ts'

/** Hives built after Suhanov's specification, for what no hive of the shared data has. reglookup and hivexml read them. */

test('names beyond Latin-1, many subkeys in lists of lists, and keys below keys are read', () => {
  const names = ['Ключ', ...Array.from({ length: 50 }, (_, i) => `key${i}`)]
  const hive = buildHive({ name: 'ROOT', keys: names.map((name) => ({ name, keys: [{ name: 'below' }] })) })

  const paths = withAction(eventsOfHive(hive), 'key-found').map(({ registry }) => (registry as { path: string }).path)

  expect(paths).toEqual(['ROOT', ...names.flatMap((name) => [`ROOT\\${name}`, `ROOT\\${name}\\below`])])
})

test('of data in several cells the beginning is told, and how long it is', () => {
  const hive = buildHive({ name: 'ROOT', values: [binary('long', Buffer.alloc(40_000, 7))] })

  expect(eventsOfHive(hive)[0]?.tidewaiter.values).toEqual([
    { name: 'long', type: 'REG_BINARY', data: '07'.repeat(64), bytes: 40_000 },
  ])
})

test('names with a NUL, which Registry Editor does not show, are told to be hidden', () => {
  const hive = buildHive({
    name: 'ROOT',
    keys: [{ name: 'Run', values: [text('\0x', 'evil.exe')] }, { name: 'plain' }],
  })

  const keys = withAction(eventsOfHive(hive), 'key-found')

  expect(keys.map(({ tidewaiter }) => tidewaiter.hidden_name)).toEqual([undefined, true, undefined])
})

test('data is told by its type', () => {
  const values = [
    text('sz', 'C:\\a'),
    { name: 'multi', type: 7, data: Buffer.from('a\0b\0\0', 'utf16le') },
    number('dword', 4_294_967_295),
    { name: 'big', type: 5, data: Buffer.from([0, 0, 1, 0]) },
    { name: 'qword', type: 11, data: Buffer.from([1, 0, 0, 0, 1, 0, 0, 0]) },
    { name: 'none', type: 0, data: Buffer.alloc(0) },
    { name: 'own', type: 0xffff0012, data: Buffer.from('ab') },
  ]

  expect(eventsOfHive(buildHive({ name: 'ROOT', values }))[0]?.tidewaiter.values).toEqual([
    { name: 'sz', type: 'REG_SZ', data: 'C:\\a' },
    { name: 'multi', type: 'REG_MULTI_SZ', data: 'a\nb' },
    { name: 'dword', type: 'REG_DWORD', data: '4294967295' },
    { name: 'big', type: 'REG_DWORD_BIG_ENDIAN', data: '256' },
    { name: 'qword', type: 'REG_QWORD', data: '4294967297' },
    { name: 'none', type: 'REG_NONE', data: '' },
    { name: 'own', type: '0xffff0012', data: '6162' },
  ])
})

test('a key with very many values is several events, so that all of them are found', () => {
  const values = Array.from({ length: 250 }, (_, i) => text(`v${i}`, 'x'))

  const events = withAction(eventsOfHive(buildHive({ name: 'ROOT', values })), 'key-found')

  expect(events.map(({ tidewaiter }) => [tidewaiter.part, (tidewaiter.values as unknown[]).length])).toEqual([
    [undefined, 100],
    [2, 100],
    [3, 50],
  ])
})

describe('a log of the old format', () => {
  const before = buildHive({ name: 'ROOT', keys: [nested('A', [text('is', 'old')])] })
  const after = buildHive({ name: 'ROOT', keys: [nested('A', [text('is', 'new')])] })
  const dirty = Buffer.from(before)
  dirty.writeUInt32LE(8, 4)
  sealed(dirty)

  test('gives a dirty hive the pages that were not written', () => {
    const events = eventsOfHive(dirty, [{ name: 'X.LOG1', prefix: 'log', bytes: oldLog(after) }])

    expect(withAction(events, 'key-found')[1]).toMatchObject({
      tidewaiter: { record: 'log:512', recovered_write: 8, values: [{ name: 'is', data: 'new' }] },
    })
    expect(events.at(-1)?.tidewaiter).toMatchObject({ hive: { was_dirty: true, writes_recovered: 1 } })
  })

  test('written at another time is not applied', () => {
    const log = oldLog(after)
    filetime('2024-05-01T00:00:01Z').copy(log, 12)
    const events = eventsOfHive(dirty, [{ name: 'X.LOG1', prefix: 'log', bytes: sealed(log) }])

    expect(withAction(events, 'key-found')[1]?.tidewaiter.values).toMatchObject([{ data: 'old' }])
    expect(events.at(-1)).toMatchObject({
      error: { code: 'log-missing' },
      tidewaiter: { hive_read: { remarks: ['X.LOG1: it was written at another time than the hive.'] } },
    })
  })

  test('alone says how many pages it holds', () => {
    expect(eventsOfHive(oldLog(after))).toMatchObject([
      { event: { action: 'hive-write-logged' }, tidewaiter: { hive_write: { sequence: 8, pages: 8 } } },
      { event: { action: 'hive-log-read' }, tidewaiter: { hive_log: { format: 'DIRT', writes: 1, unsound: 0 } } },
    ])
  })
})

/** Head of one sector, then `DIRT` and a bit for each 512 bytes, then all pages of the hive. */
function oldLog(hive: Buffer): Buffer {
  const head = Buffer.from(hive.subarray(0, 512))
  head.writeUInt32LE(8, 4)
  head.writeUInt32LE(8, 8)
  head.writeUInt32LE(1, 28)
  const pages = hive.subarray(4096)
  const vector = Buffer.alloc(512)
  vector.write('DIRT')
  vector.fill(0xff, 4, 4 + pages.length / 512 / 8)
  return Buffer.concat([sealed(head), vector, pages])
}
