import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cpuMs } from '../cpu.fixture.ts'
import { isMissing, pathOf } from '../shared-data.fixture.ts'
import { eventsOfFile } from './accuracy.fixture.ts'
import { again, chunk, element, event, fragment, instance, slot, text, u32, wide } from './build.fixture.ts'

/** Numbers that only look like chance: a failure can be made again from its seed. */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 0x1_0000_0000) * below)
  }
}

const values = Array.from({ length: 0x24 }, (_, type) => ({ type, bytes: wide('abcdefgh') }))
const built = chunk([
  fragment([instance([event(values.map((_, i) => element('Data', [slot(i)], { Name: text(`v${i}`) })))], values)]),
  fragment([again(550, values)]),
])
const recorded = ['new-user-security', 'Security_short_selected', 'Application_no_crc32', 'issue_201']
const samples = isMissing('evtx_parser')
  ? [built]
  : [built, ...recorded.map((name) => readFileSync(pathOf(`evtx_parser/${name}.evtx`)).subarray(4096, 4096 + 65_536))]

test('any bytes changed anywhere in a chunk become events that can be written out', () => {
  const next = chance(7)
  for (let round = 0; round < 600; round++) {
    const sample = samples[round % samples.length] ?? expect.fail()
    const bytes = Buffer.from(sample)
    for (let i = next(12); i >= 0; i--) {
      const at = 512 + next(sample.readUInt32LE(48))
      if (next(2) === 0) bytes.writeUInt8(next(256), at % bytes.length)
      else bytes.copy(bytes, at % 65_000, next(65_000), next(65_000))
    }
    for (const made of eventsOfFile(bytes)) expect(JSON.stringify(made)).toBeTypeOf('string')
  }
})

test('every byte of a record may have any of its bits turned', () => {
  for (let at = 512; at < built.readUInt32LE(48); at += 3)
    for (const bit of [0x01, 0x40, 0x80]) {
      const bytes = Buffer.from(built)
      bytes.writeUInt8(bytes.readUInt8(at) ^ bit, at)
      for (const made of eventsOfFile(bytes)) expect(JSON.stringify(made)).toBeTypeOf('string')
    }
})

describe('a mebibyte of what costs most is read in the time its length takes', () => {
  const many = (type: number, bytes: Buffer) => {
    const slots = Array.from({ length: 500 }, () => element('Data', [slot(0)], { Name: slot(0) }))
    const next = Array.from({ length: 200 }, () => fragment([again(550, [{ type, bytes }])]))
    return chunk([fragment([instance([event(slots)], [{ type, bytes }])]), ...next])
  }
  const shortest = Buffer.alloc(65_536)
  for (let at = 512; at + 28 <= shortest.length; at += 28)
    Buffer.concat([u32(0x2a2a), u32(28), Buffer.alloc(16), u32(28)]).copy(shortest, at)
  built.copy(shortest, 0, 0, 48)
  shortest.writeUInt32LE(65_536, 48)

  test.each<[string, Buffer]>([
    ['one text named by many elements', many(0x01, wide('x'.repeat(40)))],
    ['GUIDs', many(0x0f, Buffer.alloc(16, 7))],
    ['times', many(0x11, Buffer.from('0080c0e0ab08d501', 'hex'))],
    ['the shortest records there are', shortest],
    ['signatures without a head', Buffer.alloc(65_536, '**\0\0\x1c\0\0\0', 'latin1')],
  ])('%s', (_, bytes) => {
    const startedAt = cpuMs()
    for (let i = 0; i < 16; i++) JSON.stringify(eventsOfFile(bytes))

    // With three times the limits the GUIDs took 2.2 s.
    expect(cpuMs() - startedAt).toBeLessThan(2000)
  })
})
