import { describe, expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import { decodeFile } from '../files.ts'
import { hiveBytes } from '../registry-truth.fixture.ts'
import { isMissing, pathOf } from '../shared-data.fixture.ts'
import { readBaseBlock } from './base-block.ts'
import { eventsOfHive } from './read.fixture.ts'
import { type Log, recover } from './recover.ts'

const here = !isMissing('registry_hives')
const hive = 'regipy__transactions_NTUSER.DAT.gz'
const logs: Log[] = here
  ? ['log1', 'log2'].map((end) => ({
      name: end,
      prefix: end,
      bytes: hiveBytes(`regipy__transactions_ntuser.dat.${end}.gz`),
    }))
  : []
const [log1] = logs
const recoverBytes = (bytes: Buffer, from: readonly Log[]) =>
  recover(bytes, readBaseBlock(bytes) ?? expect.fail('no hive'), from)
const recovered = (from: readonly Log[]) => recoverBytes(hiveBytes(hive), from)
const changed = ({ name, bytes }: Log, at: number): Log => {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return { name, bytes: copy }
}

describe.skipIf(!here)('a hive whose last write was not ended (shared data)', () => {
  test('gets the pages of its logs, as many as regipy applies', () => {
    const { wasDirty, applied, remarks, base } = recovered(logs)

    expect(wasDirty).toBe(true)
    expect(applied.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 23 }, (_, i) => 566 + i))
    expect(applied.reduce((sum, { pages }) => sum + pages, 0)).toBe(132)
    expect(base).toMatchObject({ primary: 588, secondary: 588, binsBytes: 925_696 })
    expect(remarks).toEqual(['log2: all it holds was written before.'])
  })

  test('then differs in as many keys as regipy finds', async () => {
    const before = await pathsIn([])
    const after = await pathsIn(undefined)

    // Its tests count 527 differing keys; libhivex finds 521 new and 6 that are gone in what was recovered.
    expect(without(after, before)).toHaveLength(521)
    expect(without(before, after)).toHaveLength(6)
  })

  test('says with each event whether it was dirty, and which write of the logs gave it', async () => {
    const events = await Array.fromAsync(decodeFile(pathOf(`registry_hives/${hive}`)))
    const fromLogs = events.filter(({ tidewaiter }) => tidewaiter.recovered_write !== undefined)

    for (const { tidewaiter } of events)
      expect(tidewaiter.hive).toMatchObject({ was_dirty: true, writes_recovered: 23 })
    expect(fromLogs.length).toBeGreaterThan(1000)
    // The record is the write in the log, which is named by the hash of its file.
    expect(fromLogs[0]?.tidewaiter.record).toMatch(/^[0-9a-f]{64}:1105920$/)
  })

  test('stops before the first write that is damaged, and says so', () => {
    const { applied, remarks } = recovered([changed(log1!, 0x55000 + 100)])

    expect(applied.map(({ sequence }) => sequence)).toEqual([566, 567])
    expect(remarks).toEqual(['log1: write 568 and what follows are not applied: The hash of its pages is wrong.'])
  })

  test('stops where a write is missing in between', () => {
    const { bytes } = log1!
    // Write 570 is 16 KiB from here.
    const without570 = Buffer.concat([bytes.subarray(0, 0xc0000), bytes.subarray(0xc4000)])
    const { applied, remarks } = recovered([{ name: 'log1', bytes: without570 }])

    expect(applied.map(({ sequence }) => sequence)).toEqual([566, 567, 568, 569])
    expect(remarks).toEqual(['log1: write 571 and what follows are not applied: write 570 is missing before it.'])
  })

  test('takes nothing from a log that is damaged at its head, or of another hive', () => {
    expect(recovered([changed(log1!, 20)])).toMatchObject({
      applied: [],
      remarks: ['log1: the checksum of its head is wrong.'],
    })
    expect(recovered([{ name: 'other', bytes: hiveBytes('dfwinreg__NTUSER.DAT.LOG') }])).toMatchObject({
      applied: [],
      remarks: ['other: it is the log of another hive, \\??\\c:\\users\\bperry\\ntuser.dat.'],
    })
  })

  test('of which the base block is lost gets it from its newest log', async () => {
    const bytes = hiveBytes(hive)
    bytes.fill(0, 0, 4096)
    const events = eventsOfHive(
      bytes,
      logs.map((log) => ({ ...log, prefix: log.name })),
    )

    expect(events.at(-1)?.tidewaiter).toMatchObject({
      hive: { name: 'NTUSER.DAT', file: '\\??\\C:\\Users\\tony\\ntuser.dat', writes_recovered: 23 },
      hive_read: { keys: 3105 },
    })
  })

  test('gets a base block of which the checksum is wrong from its log', () => {
    const bytes = hiveBytes(hive)
    bytes.fill(0, 112, 508)
    bytes.writeUInt32LE(7, 508)

    expect(recoverBytes(bytes, logs)).toMatchObject({ base: { isChecksumRight: true, primary: 588 } })
  })

  test('is left as it is when nothing is missing', () => {
    const clean = hiveBytes('regf__NTUSER.DAT')

    expect(recoverBytes(clean, [{ name: 'log', bytes: hiveBytes('dfwinreg__NTUSER.DAT.LOG') }])).toMatchObject({
      wasDirty: false,
      applied: [],
    })
  })
})

describe.skipIf(!here)('a log alone (shared data)', () => {
  test('has the keys that its pages hold, each as the last write left it', async () => {
    const log = 'registry_hives/regipy__transactions_ntuser.dat.log1.gz'
    const alone = await Array.fromAsync(decodeFile(pathOf(log)))
    const logged = alone.filter(({ event }) => event.action === 'logged-key-found')
    const applied = (await Array.fromAsync(decodeFile(pathOf(`registry_hives/${hive}`)))).filter(
      ({ event, tidewaiter }) => event.action !== 'hive-read' && tidewaiter.recovered_write !== undefined,
    )
    const whereOf = (events: typeof alone) => new Set(events.map(({ tidewaiter }) => tidewaiter.offset))

    // What the log gave to the hive, but for two that end in a page it does not have; and what was deleted before.
    const [found, given] = [whereOf(logged), whereOf(applied.filter(isKey))]
    expect([...given].filter((offset) => !found.has(offset))).toHaveLength(2)
    expect(given.size).toBeGreaterThan(1500)
    expect(found.size - given.size).toBeLessThan(100)
  })

  test('says which writes it holds', async () => {
    const all = await Array.fromAsync(decodeFile(pathOf('registry_hives/dfwinreg__NTUSER.DAT.LOG')))
    const [events, keys] = [all, all].map((each, i) =>
      each.filter(({ event }) => (event.action === 'logged-key-found') === (i === 1)),
    )

    expect(keys).toHaveLength(16)
    expect(events).toMatchObject([
      {
        event: { action: 'hive-write-logged' },
        tidewaiter: { offset: 512, hive_write: { sequence: 131, bytes: 11_776, pages: 2, bins_bytes: 458_752 } },
      },
      {
        '@timestamp': '2013-08-22T13:25:44.0672833Z',
        event: { action: 'hive-log-read' },
        tidewaiter: { hive_log: { format: 'HvLE', sequence: [131, 131], writes: 1, unsound: 0 } },
      },
    ])
  })
})

function without(paths: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...paths].filter((path) => !others.has(path))
}

async function pathsIn(beside: readonly string[] | undefined): Promise<Set<string>> {
  const events = await Array.fromAsync(
    decodeFile(pathOf(`registry_hives/${hive}`), beside === undefined ? {} : { beside }),
  )
  const keys = events.filter(
    ({ registry, tidewaiter }) => registry !== undefined && tidewaiter.deleted === undefined && !isOfValue(registry),
  )
  return new Set(keys.map(({ registry }) => (registry as { path: string }).path))
}

function isKey({ event, registry }: Event): boolean {
  return event.action !== 'deleted-key-found' && registry !== undefined && !isOfValue(registry)
}

function isOfValue(registry: unknown): boolean {
  return (registry as { value?: string }).value !== undefined
}
