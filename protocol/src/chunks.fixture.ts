import fc from 'fast-check'
import { chunkOf, fileMark } from '../vectors/evidence.ts'
import { toUtf8 } from './bytes.ts'
import type { Chunk, ChunkHead, Position } from './record.ts'

/** Any text; `unit: 'binary'` of fast-check needs a second to get ready. */
export const anyText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0x20, max: 0x7e }),
      fc.integer({ min: 0, max: 0xd7ff }),
      fc.integer({ min: 0xe000, max: 0x10_ffff }),
    ),
    { maxLength: 30 },
  )
  .map((points) => String.fromCodePoint(...points))

/** What a source may give: lines, and bytes that are none. */
const record: fc.Arbitrary<Uint8Array> = fc.oneof(
  anyText.map(toUtf8),
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(fc.constantFrom(0x00, 0x0a, 0x0d, 0x20, 0x40, 0xff), { maxLength: 8 })
    .map((bytes) => Uint8Array.from(bytes)),
  fc.constant(new Uint8Array(0)),
)

const start: fc.Arbitrary<Position> = fc.oneof(
  fc.nat(2 ** 31).map((offset) => ({ offset, file: fileMark })),
  fc.string({ maxLength: 40 }).map((cursor) => ({ cursor })),
  fc.nat().map((number) => ({ number, bootId: 'boot-1' })),
)

const head: fc.Arbitrary<ChunkHead> = fc.record({
  source: fc.constantFrom('log-file:/var/log/auth.log', 'network', 'event-log:Security', 'log-file:/Ζεύς 𝛼'),
  start,
  readAt: fc.constant('2026-11-24T10:00:01.250Z'),
  method: fc.constantFrom('file', '/proc/net/tcp'),
  unit: fc.constantFrom('byte', 'row'),
  lf: fc.boolean(),
})

/** Records with, where they are given, the positions they jump to. */
const chunk: fc.Arbitrary<Chunk> = fc
  .tuple(head, fc.array(fc.tuple(record, fc.option(fc.nat({ max: 2 ** 40 }), { freq: 4 })), { maxLength: 12 }))
  .map(([one, placed]) => {
    const jumps = placed.flatMap(([, jump], i) => (jump === null ? [] : [[i, jump] as const]))
    const records = placed.map(([bytes]) => bytes)
    return chunkOf(one, records, jumps.length > 0 ? new Map(jumps) : undefined)
  })

export const chunks = fc.array(chunk, { maxLength: 4 })

/** Records and positions of a chunk, told slowly. */
export function told({ head: { start, unit, lf }, lengths, jumps, bytes }: Chunk) {
  let [at, position] = [0, 'offset' in start ? start.offset : 0]
  return lengths.map((length, i) => {
    const here = jumps?.get(i) ?? position
    const one = { position: here, record: bytes.slice(at, at + length) }
    at += length + (lf ? 1 : 0)
    position = unit === 'row' ? here + 1 : here + length + (lf ? 1 : 0)
    return one
  })
}

/** The same bytes with one of them changed, one taken out or one put in. */
export function mutated(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat(Math.max(bytes.length - 1, 0))
  return fc.oneof(
    fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(([i, mask]) => bytes.with(i, (bytes[i] ?? 0) ^ mask)),
    at.map((i) => Uint8Array.from([...bytes.subarray(0, i), ...bytes.subarray(i + 1)])),
    fc
      .tuple(at, fc.nat(255))
      .map(([i, byte]) => Uint8Array.from([...bytes.subarray(0, i), byte, ...bytes.subarray(i)])),
    at.map((i) => bytes.slice(0, i)),
  )
}
