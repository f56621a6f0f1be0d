import { Readable } from 'node:stream'
import { decodePayload, encodePayload } from '@tidewaiter/protocol'
import { describe, expect, test } from 'vitest'
import { decodeAgain } from './again.ts'
import { type BatchEvent, decodeBatch, endState, recordsNeeded } from './batch.ts'
import type { Event } from './decoder.ts'
import { decodeFile } from './files.ts'
import { ordinalOf, recordsOf } from './made-of.ts'
import { batchHeader } from './packing.fixture.ts'
import { fileHead } from './recorded.fixture.ts'
import { bytesOf, isMissing } from './shared-data.fixture.ts'

const files = [
  ['registry', 'registry_hives/regf__NTUSER.DAT'],
  ['sqlite', 'browser_history/safari__History.db'],
  ['sqlite', 'browser_history/chrome__History-59.0.3071.86'],
] as const

describe.skipIf(isMissing('registry_hives', 'browser_history'))('a file that was sealed (shared data)', () => {
  test.each(files)(
    'in one record, in parts and over batches gives what the file alone gives: %s %s',
    async (id, name) => {
      const bytes = bytesOf(name)
      const alone = (await Array.fromAsync(decodeFile(Readable.from([bytes]), { as: id }))).map(withoutPlace)

      expect(alone.length).toBeGreaterThan(1)
      for (const [parts, eachAlone] of [
        [1, false],
        [5, false],
        [5, true],
      ] as const) {
        const batches = batchesOf(`${id}:x`, bytes, { parts, eachAlone })
        const { made, states } = decodeAll(batches)

        expect(made.map(({ event }) => withoutPlace(event))).toEqual(alone)
        expect([...states]).toEqual([])
        const [first, last] = [made[0], made.at(-1)]
        for (const one of [first, last]) if (one) expect(readAgain(batches, one)).toEqual(one.event)
      }
    },
  )

  test('of which the end never came says so when its source is kept no more', () => {
    const batches = batchesOf('registry:x', bytesOf('registry_hives/regf__NTUSER.DAT'), { parts: 3, eachAlone: true })
    const { made, states } = decodeAll(batches.slice(0, 2))
    const [state = ''] = states.values()
    const ended: BatchEvent[] = []
    const [batch] = batches
    if (batch === undefined) throw new Error('there is no batch')
    endState(state, {
      source: 'registry:x',
      header: batch.header,
      earlier: (id) => bytesIn(batches, id),
      take: (one) => ended.push(one),
    })

    expect(made).toEqual([])
    expect(state.length).toBeLessThan(2048)
    expect(ended.length).toBeGreaterThan(0)
    for (const { event } of ended) expect(event.error).toBeDefined()
  })
})

type Batch = ReturnType<typeof batchesOf>[number]

function batchesOf(source: string, bytes: Buffer, { parts, eachAlone }: { parts: number; eachAlone: boolean }) {
  const size = Math.ceil(bytes.length / parts)
  const sealed = Array.from({ length: parts }, (_, i) => {
    const piece = bytes.subarray(i * size, (i + 1) * size)
    const marks = parts === 1 ? {} : { part: i + 1, ...(i === parts - 1 && { last: true as const }) }
    const start = { ...fileHead.start, offset: i * size }
    return { head: { ...fileHead, source, start, lf: false, ...marks }, lengths: [piece.length], bytes: piece }
  })
  const groups = eachAlone ? sealed.map((one) => [one]) : [sealed]
  return groups.map((group, i) => ({
    header: batchHeader(i + 1),
    chunks: decodePayload(encodePayload(new Uint8Array(32), group)).chunks,
  }))
}

function decodeAll(batches: readonly Batch[]) {
  const made: BatchEvent[] = []
  const states = new Map<string, string>()
  for (const batch of batches) {
    const state = (source: string) => states.get(source)
    const needed = new Set(recordsNeeded(batch, { state }))
    const earlier = (id: string) => (needed.has(id) ? bytesIn(batches, id) : undefined)
    for (const [source, text] of decodeBatch(batch, { state, earlier, take: (one) => made.push(one) }))
      text === null ? states.delete(source) : states.set(source, text)
  }
  return { made, states }
}

function readAgain(batches: readonly Batch[], { event, context }: BatchEvent): Event | undefined {
  const places = recordsOf(event.tidewaiter.record, context).map((id) => placeIn(batches, id))
  return decodeAgain(places)[ordinalOf(context)]
}

function placeIn(batches: readonly Batch[], id: string) {
  const [, seq = '', index = ''] = id.split('/')
  const batch = batches[Number(seq) - 1]
  const chunk = batch?.chunks[batch.chunks.length > 1 ? Number(index) : 0]
  if (batch === undefined || chunk === undefined) throw new Error(`there is no record ${id}`)
  return { id, header: batch.header, chunk, at: Number(index) - chunk.first }
}

function bytesIn(batches: readonly Batch[], id: string): Uint8Array {
  const { chunk, at } = placeIn(batches, id)
  return chunk.bytes.subarray(chunk.starts[at], chunk.ends[at])
}

/** Where a record lies differs. */
function withoutPlace({ tidewaiter: { record: _, records: __, ...tidewaiter }, ...event }: Event) {
  return { ...event, tidewaiter }
}
