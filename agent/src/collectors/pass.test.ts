import { ChunkHead } from '@tidewaiter/protocol'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import type { From } from './collector.ts'
import { handOver } from './pass.ts'

test('a clock beyond the year 9999 is told as far as a record can say it', () => {
  const from: From = { position: () => undefined, files: [], takeFull: () => true, before: new Map() }
  const rows = new Map([['one', { record: Buffer.from('row'), mark: '' }]])

  const [records] = handOver('process', [{ method: '/proc', rows }], { from, readAt: 8.64e15 })

  const head = records?.chunks[0]?.head
  expect(head?.readAt).toBe('9999-12-31T23:59:59.999Z')
  expect(Value.Check(ChunkHead, head)).toBe(true)
})
