import { type Batch, concat, type Position, signHead, toBase64, toUtf8 } from '@tidewaiter/protocol'
import { nodePrimitives as p } from '@tidewaiter/protocol/node'
import type { Case } from './case.ts'
import { highS } from './der.ts'
import {
  chunkOf,
  fileHead,
  fileMark,
  good,
  join,
  lines,
  sealed,
  sealedSmall,
  seed,
  withFrame,
  withHeader,
} from './evidence.ts'
import { hostKey, ledgerKey } from './keys.ts'
import type { BatchInput } from './read.ts'
import { block, frameHeader } from './zstd-frames.ts'

const row = (text: string) => toUtf8(text)
const rowHead = (source: string, start: Position) => ({
  source,
  start,
  readAt: '2026-11-24T10:00:02.000Z',
  method: '/proc/net/tcp',
  unit: 'row' as const,
  lf: true,
})

const odd = [
  toUtf8('a line of Windows\r'),
  Uint8Array.of(0x61, 0, 0xff, 0xfe, 0x80),
  new Uint8Array(0),
  toUtf8('Ζεύς „quoted“ \u2028 {"json":1}'),
]

const longPart = { ...fileHead, start: { offset: 0, file: fileMark }, lf: false }
const many = Array.from({ length: 1000 }, (_, i) => toUtf8(`line ${i} of a thousand`))

const manyChunks = [
  chunkOf(fileHead, lines),
  chunkOf({ ...rowHead('network', { number: 7, bootId: 'boot-1' }), pass: { number: 7, rows: 2, holds: 'all' } }, [
    row('{"local":"192.0.2.20:22","remote":"203.0.113.77:40022","state":"ESTABLISHED"}'),
    row('{"local":"0.0.0.0:22","remote":"0.0.0.0:0","state":"LISTEN"}'),
  ]),
  chunkOf({ ...rowHead('journal:system', { cursor: 's=0f;i=9a' }), method: 'journalctl -o export', lf: false }, [
    row('MESSAGE=one\nPRIORITY=6\n'),
  ]),
]

const signedHead = signHead(
  {
    ledger: '0123456789abcdef0123456789abcdef',
    size: 41,
    root: p.sha256(toUtf8('a root')),
    time: '2026-11-24T09:59:59.500Z',
  },
  ledgerKey.sign,
)

const batches: Record<string, Batch | Uint8Array> = {
  'nothing to tell: no chunk, and sources that are alive and silent': sealed([], {
    sources: [
      {
        id: 'log-file:/var/log/auth.log',
        first: { offset: 4390, file: fileMark },
        next: { offset: 4390, file: fileMark },
        count: 0,
      },
    ],
  }),
  'one record': sealed([chunkOf(fileHead, lines.slice(0, 1))]),
  'two records that are the same line': sealed([chunkOf(fileHead, lines.slice(0, 2))]),
  'three records': good,
  'seven records: a tree with nodes that have no sibling': sealed([
    chunkOf(
      fileHead,
      Array.from({ length: 7 }, (_, i) => toUtf8(`record ${i}`)),
    ),
  ]),
  'records with CR, NUL, bytes that are not UTF-8, and none at all': sealed([chunkOf(fileHead, odd)]),
  'chunks of several sources: bytes, rows, a cursor': sealed(manyChunks),
  'a chunk without records': sealed([chunkOf(fileHead, []), chunkOf(fileHead, lines)]),
  'jumps in bytes': sealed([
    chunkOf(
      fileHead,
      lines,
      new Map([
        [0, 9000],
        [2, 4096],
      ]),
    ),
  ]),
  'jumps in rows: record numbers of an event log': sealed([
    chunkOf(
      rowHead('event-log:Security', { number: 88_001 }),
      ['<Event/>', '<Event/>', '<Event/>', '<Event/>'].map(row),
      new Map([
        [0, 88_001],
        [3, 88_010],
      ]),
    ),
  ]),
  'the largest position there is': sealed([
    chunkOf(fileHead, lines.slice(0, 1), new Map([[0, Number.MAX_SAFE_INTEGER]])),
  ]),
  'a long line in three parts': sealed([
    chunkOf({ ...longPart, part: 1 }, [toUtf8('a line that is ')]),
    chunkOf({ ...longPart, start: { offset: 15, file: fileMark }, part: 2 }, [toUtf8('longer than ')]),
    chunkOf({ ...longPart, start: { offset: 27, file: fileMark }, part: 3, last: true, lf: true }, [
      toUtf8('a record'),
    ]),
  ]),
  'a last line that had no LF yet': sealed([chunkOf({ ...fileHead, lf: false, open: true }, lines.slice(0, 1))]),
  'a rotated file, and a pass that holds what is new and what is gone': sealed([
    chunkOf({ ...fileHead, fileModifiedAt: '2025-12-31T23:59:59.999Z' }, lines),
    chunkOf({ ...rowHead('network', { number: 8 }), pass: { number: 8, rows: 2, holds: 'appeared' } }, [
      row('{"new":1}'),
    ]),
    chunkOf({ ...rowHead('network', { number: 8 }), pass: { number: 8, rows: 2, holds: 'ended' } }, [row('{"old":1}')]),
  ]),
  'the second of its chain, with losses and a witness': sealed([chunkOf(fileHead, lines)], {
    seq: 2,
    prev: good.headerHash,
    lost: [
      {
        source: 'network',
        count: 12,
        cause: 'spool full',
        from: '2026-11-23T00:00:00.000Z',
        to: '2026-11-23T01:00:00.000Z',
      },
      {
        source: 'log-file:/var/log/auth.log',
        count: null,
        cause: 'truncated',
        from: '2026-11-23T00:00:00.000Z',
        to: '2026-11-23T01:00:00.000Z',
      },
    ],
    witness: signedHead,
  }),
  'the first of a chain that goes on from another one': sealed([chunkOf(fileHead, lines)], {
    lineage: { host: 'ffffffffffffffffffffffffffffffff', seq: 812, header: good.headerHash },
  }),
  'no contact yet: no clock offset': sealed([chunkOf(fileHead, lines)], { clockOffset: null }),
  'a header with escapes and letters beyond ASCII': sealed([chunkOf(fileHead, lines)], {
    zone: 'Ελλάδα/𝛼 "\\\b\f\n\r\t\u0001\u007f\u2028/\ud800',
  }),
  'a text of 200 characters, each of two UTF-16 units': sealed([chunkOf(fileHead, lines)], { zone: '𝛼'.repeat(200) }),
  'a header whose members stand in another order, the first one first': reordered(),
  'a signature with a high s': join({ ...good, header: good.headerBytes, signature: highS(good.signature) }),
  'a payload of stored, repeated and empty blocks': ofBlocks(),
  'a thousand records, compressed': sealedSmall([chunkOf({ ...fileHead, start: { offset: 0, file: fileMark } }, many)]),
}

function reordered(): Uint8Array {
  const { tw, ...rest } = good.header
  return withHeader(JSON.stringify({ tw, ...Object.fromEntries(Object.entries(rest).reverse()) }))
}

function ofBlocks(): Uint8Array {
  const head = { ...fileHead, lf: false }
  const batch = sealed([chunkOf(head, [new Uint8Array(600).fill(0x41)])])
  const open = concat(seed, toUtf8(`${JSON.stringify(head)}\n600\n`))
  const frame = concat(
    frameHeader(open.length + 600),
    block('raw', open, { last: false }),
    block('raw', new Uint8Array(0), { last: false }),
    block('repeat', Uint8Array.of(0x41), { size: 600 }),
  )
  const { root, count } = batch.header
  return withFrame(frame, open.length + 600, { root, count })
}

export const batchesInOrder: Case<BatchInput>[] = Object.entries(batches).map(([name, batch]) => ({
  name,
  input: { key: toBase64(hostKey.publicKey), batch: toBase64('bytes' in batch ? batch.bytes : batch) },
}))
