import { decodePayload, encodePayload } from '@tidewaiter/protocol'
import { describe, expect, test } from 'vitest'
import { decodeAgain } from './again.ts'
import { type BatchEvent, decodeBatch } from './batch.ts'
import { chunks } from './evtx/cut-chunks.ts'
import { ordinalOf } from './made-of.ts'
import { batchHeader } from './packing.fixture.ts'
import { fileHead } from './recorded.fixture.ts'
import { bytesOf, isMissing } from './shared-data.fixture.ts'

describe.skipIf(isMissing('evtx_parser'))('of a record that holds many events (shared data)', () => {
  test('each is read again as itself, and those beyond the first keep which they are', () => {
    const batch = batchOf(bytesOf('evtx_parser/sysmon.evtx'))
    const made: BatchEvent[] = []
    decodeBatch(batch, { state: () => undefined, take: (event) => made.push(event) })
    const byRecord = Map.groupBy(made, ({ event }) => event.tidewaiter.record)

    expect(made.length).toBeGreaterThan(300)
    expect(byRecord.size).toBeLessThan(20)
    for (const [id, events] of byRecord) {
      const again = decodeAgain([placeIn(batch, id)])
      expect(events.map(({ context }) => ordinalOf(context))).toEqual(events.map((_, i) => i))
      expect(events.map(({ context }) => again[ordinalOf(context)])).toEqual(events.map(({ event }) => event))
    }
  })
})

/** A log as its chunks are sealed: records of the length that the format has. */
function batchOf(bytes: Buffer) {
  const lengths: number[] = []
  for (let at = 0, piece = chunks(bytes, at); piece !== undefined; piece = chunks(bytes, at)) {
    lengths.push(piece.next - at)
    at = piece.next
  }
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const head = { ...fileHead, source: 'evtx:System', start: { number: 1 }, unit: 'row' as const, lf: false }
  const payload = encodePayload(new Uint8Array(32), [{ head, lengths, bytes: bytes.subarray(0, total) }])
  return { header: batchHeader(1), chunks: decodePayload(payload).chunks }
}

function placeIn({ header, chunks: [chunk] }: ReturnType<typeof batchOf>, id: string) {
  if (chunk === undefined) throw new Error('the batch has no chunk')
  return { id, header, chunk, at: Number(id.slice(id.lastIndexOf('/') + 1)) }
}
