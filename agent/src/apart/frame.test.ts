import { expect, test } from 'vitest'
import type { Records } from '../collectors/collector.ts'
import { readFrames, type Said, toFrame } from './frame.ts'

const head = {
  source: 'software',
  start: { number: 4 },
  readAt: '2026-01-01T00:00:00.000Z',
  method: 'dpkg',
  unit: 'row',
  lf: true,
  pass: { number: 4, rows: 2, holds: 'all' },
} as const
const records: Records = {
  source: 'software',
  chunks: [
    { head, lengths: [3, 1], bytes: Buffer.from('abc\nd\n') },
    { head: { ...head, lf: false }, lengths: [2], bytes: Buffer.from([0, 255]) },
  ],
  next: { number: 5 },
}
const all: Said[] = [
  records,
  { source: 'software', state: 'failed', why: 'It is locked.', fix: 'Wait.' },
  { before: Buffer.from('[["dpkg",[]]]') },
]

test('what is said comes out as it went in, wherever the pipe cuts it', async () => {
  const bytes = Buffer.concat(all.flatMap(toFrame))

  for (const size of [1, 7, 100, bytes.length]) expect(await read(partsOf(bytes, size))).toEqual(all)
})

test('what ends in the middle of a frame is no pass that ended', async () => {
  const bytes = Buffer.concat(toFrame(records))

  await expect(read(partsOf(bytes.subarray(0, -1), 50))).rejects.toThrow('ended in the middle')
  await expect(read(partsOf(bytes.subarray(0, 5), 50))).resolves.toEqual([])
})

test('a frame longer than any may be is not waited for', async () => {
  await expect(read(partsOf(Buffer.alloc(8, 0xff), 8))).rejects.toThrow('longer than any')
})

test('who stops reading lets go of what is read from', async () => {
  let isLetGo = false
  async function* parts() {
    try {
      for (;;) yield Buffer.concat(toFrame(records))
    } finally {
      isLetGo = true
    }
  }

  for await (const _ of readFrames(parts())) break

  expect(isLetGo).toBe(true)
})

function read(parts: AsyncIterable<Buffer>): Promise<Said[]> {
  return Array.fromAsync(readFrames(parts))
}

async function* partsOf(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
