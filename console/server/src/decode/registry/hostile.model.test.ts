import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cpuMs } from '../cpu.fixture.ts'
import type { Event } from '../decoder.ts'
import { hiveBytes } from '../registry-truth.fixture.ts'
import { isMissing } from '../shared-data.fixture.ts'
import { registry } from './index.ts'
import { eventsOfHive } from './read.fixture.ts'

const here = !isMissing('registry_hives')

describe.skipIf(!here)('hives that were changed (shared data)', () => {
  const hives = here
    ? ['regf__100_sub_keys.hiv', 'regipy__BCD.gz', 'regipy__SECURITY.gz', 'dfwinreg__NTUSER.DAT.LOG'].map(hiveBytes)
    : []

  test('are read whatever stands in any of their places', () => {
    const anyHive = fc.tuple(fc.constantFrom(...hives), fc.array(fc.tuple(fc.nat(), word()), { maxLength: 40 }))
    fc.assert(
      fc.property(anyHive, ([hive, changes]) => {
        const copy = Buffer.from(hive)
        for (const [at, value] of changes) copy.writeUInt32LE(value, ((at * 4) % (copy.length - 4)) & ~3)

        for (const event of eventsOfHive(copy)) check(event)
      }),
      { numRuns: 60 },
    )
  })

  test('are read as far as they go where they are cut off', () => {
    const [hive = Buffer.alloc(0)] = hives
    for (let end = 0; end < hive.length; end += 700)
      for (const event of eventsOfHive(hive.subarray(0, end))) check(event)
  })

  test('that end within the mark of a key are read, though their root is sought there in vain', () => {
    const [hive = Buffer.alloc(0)] = hives
    const cut = Buffer.concat([hive.subarray(0, 4096), Buffer.alloc(4), Buffer.from('nk')])

    const events = eventsOfHive(cut)

    expect(events).toContainEqual(
      expect.objectContaining({ error: expect.objectContaining({ code: 'place-impossible' }) }),
    )
  })

  test('of which the base block is lost are read by their bins', () => {
    const hive = hiveBytes('regf__100_sub_keys.hiv')
    hive.fill(0, 0, 4096)

    const events = eventsOfHive(hive)

    expect(events.filter(({ event }) => event.action === 'key-found')).toHaveLength(101)
    expect(events.at(-1)).toMatchObject({ tidewaiter: { hive: { was_dirty: true } } })
  })

  test('whose root is not where they say are read from the key that says it is the root', () => {
    const hive = hiveBytes('regf__100_sub_keys.hiv')
    hive.writeUInt32LE(0x7ff8, 36)

    expect(eventsOfHive(hive).filter(({ event }) => event.action === 'key-found')).toHaveLength(101)
  })

  test('whose keys name each other are read once each', () => {
    const hive = hiveBytes('regf__100_sub_keys.hiv')
    const root = hive.readUInt32LE(36)
    const list = 4096 + 4 + hive.readUInt32LE(4096 + 4 + root + 28)
    for (let i = 0; i < hive.readUInt16LE(list + 2); i++) hive.writeUInt32LE(root, list + 4 + i * 8)

    const events = eventsOfHive(hive)

    expect(events.filter(({ event }) => event.action === 'key-found')).toHaveLength(1)
    expect(events[0]).toMatchObject({ error: { code: 'used-twice' } })
  })

  test('of which every value is the same long list are read in the time their length takes', () => {
    const hive = hiveBytes('regipy__ntuser_software_partial.gz')
    // Every key says that it has the values of the first one with values, and very many of them.
    const places = [...placesOf(hive, 'nk')]
    const rich = places.find((at) => hive.readUInt32LE(at + 36) > 20) ?? 0
    for (const at of places) {
      hive.writeUInt32LE(0xffff, at + 36)
      hive.writeUInt32LE(hive.readUInt32LE(rich + 40), at + 40)
    }
    const before = cpuMs()

    const events = eventsOfHive(hive)

    // 2.8 MB.
    expect(cpuMs() - before).toBeLessThan(6000)
    expect(events.length).toBeGreaterThan(1000)
  })
})

test('a hive that comes in batches is told to be given up', () => {
  const saved = registry.start({}, { bytes: 4096 })
  const record = { id: 'host/2/0', bytes: Buffer.alloc(4096), head: undefined as never, position: 4096 }

  expect(saved.push(record)).toMatchObject([{ error: { code: 'ends-early' } }])
  expect(saved.push(record)).toEqual([])
  expect(saved.state()).toEqual({ bytes: 3 * 4096 })
})

/** Offsets of cells more often than any number. */
function word() {
  return fc.oneof(
    fc.nat({ max: 3000 }).map((cell) => cell * 8),
    fc.constantFrom(0xffffffff, 0x80000000, 0x7fffffff, 0, 1),
    fc.nat({ max: 0xffffffff }),
  )
}

function* placesOf(hive: Buffer, signature: string): Generator<number> {
  for (let at = 4096 + 32; at + 80 < hive.length; at += 8)
    if (hive.readInt32LE(at) < 0 && hive.toString('latin1', at + 4, at + 6) === signature) yield at + 4
}

function check(event: Event): void {
  const document: Event = JSON.parse(JSON.stringify(event))
  expect(document.tidewaiter.record).toBe('host/1/0')
  expect(JSON.stringify(document).length).toBeLessThan(65_536)
  if (document['@timestamp'] !== undefined) expect(Date.parse(document['@timestamp'])).not.toBeNaN()
}
