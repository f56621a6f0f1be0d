import { expect, test } from 'vitest'
import type { Entry } from '../ledger/ledger.ts'
import { openBacklog } from './backlog.ts'

test('what is appended waits for the index, host by host, from where the index stood at the start', async () => {
  const ledger = newLedger(['a', 'a', 'b', 'a'])
  const index = { at: 1, asOf: () => index.at }
  const backlog = openBacklog({ ledger, index })
  ledger.append('b')
  await backlog.ready

  expect([backlog.of('a'), backlog.of('b'), backlog.of('c'), backlog.oldestMs()]).toEqual([2, 2, 0, 1])
  const each = 16 * 1024 + 1000 + 100 + 10 * 128
  expect(backlog.loads().get('a')).toEqual({ waitingBatches: 2, waitingBytes: 2 * each, takenBytes: 0 })
  expect(backlog.loads().get('b')).toEqual({ waitingBatches: 2, waitingBytes: 2 * each, takenBytes: each })
  index.at = 3
  expect([backlog.of('a'), backlog.of('b'), backlog.oldestMs()]).toEqual([1, 1, 3])
  ledger.append('b')
  index.at = 6
  expect([backlog.of('a'), backlog.of('b'), backlog.oldestMs()]).toEqual([0, 0, undefined])
  expect(backlog.loads().get('b')).toEqual({ waitingBatches: 0, waitingBytes: 0, takenBytes: 2 * each })
  backlog.close()
  ledger.append('a')
  expect(backlog.of('a')).toBe(0)
})

test('an index that is made again has everything before it', async () => {
  const ledger = newLedger(['a', 'a', 'b'])
  const index = { at: 3, asOf: () => index.at }
  const backlog = openBacklog({ ledger, index })
  await backlog.ready
  expect(backlog.of('a')).toBe(0)

  index.at = 0

  await expect.poll(() => [backlog.of('a'), backlog.of('b')]).toEqual([2, 1])
})

test('however long the index stands still, no more is kept in mind than a bounded part, and every answer is the same', async () => {
  const hosts = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => ((from + i) % 3 === 0 ? 'b' : 'a'))
  const ledger = newLedger([])
  const index = { at: 0, asOf: () => index.at }
  const backlog = openBacklog({ ledger, index })
  await backlog.ready
  const most = 100_000
  for (const host of hosts(0, 3 * most)) ledger.append(host)

  const answers = () => [backlog.of('a'), backlog.of('b'), backlog.oldestMs()]
  const [all, third] = [3 * most, most]
  expect(answers()).toEqual([all - third, third, 0])
  expect(ledger.reads()).toBe(0)
  // In one step past what is kept, then to the end.
  index.at = 1.5 * most
  backlog.of('a')
  await expect.poll(answers, { timeout: 20_000 }).toEqual([most, most / 2, 1.5 * most])
  expect(ledger.reads()).toBeGreaterThan(0)
  expect(ledger.reads()).toBeLessThanOrEqual(2 * most)
  index.at = 3 * most
  expect(answers()).toEqual([0, 0, undefined])
  ledger.append('a')
  expect(answers()).toEqual([1, 0, 3 * most])
  expect(backlog.loads().get('a')?.waitingBytes).toBe(16 * 1024 + 1000 + 100 + 10 * 128)
  backlog.close()
})

test('what cannot be read again is counted until the index is past all', async () => {
  const ledger = newLedger([])
  const index = { at: 0, asOf: () => index.at }
  const backlog = openBacklog({ ledger, index })
  await backlog.ready
  for (let i = 0; i < 100_010; i++) ledger.append('a')
  ledger.breakAt(100_003)

  index.at = 100_005
  backlog.of('a')
  await expect.poll(() => backlog.of('a')).toBe(6)
  index.at = 100_010
  expect(backlog.of('a')).toBe(0)
})

function newLedger(hosts: string[]) {
  const listeners = new Set<(entry: Entry) => void>()
  let reads = 0
  let broken = -1
  const headerBytes = Buffer.from(JSON.stringify({ rawBytes: 1000, payloadBytes: 100, count: 10 }))
  const entryAt = (position: number): Entry | undefined => {
    const host = hosts[position]
    const nothing = { headerHash: '', headerBytes, signature: new Uint8Array() }
    return host === undefined
      ? undefined
      : { position, host, seq: position + 1, branch: null, receivedAtMs: position, ...nothing }
  }
  return {
    size: () => hosts.length,
    async entry(position: number) {
      reads += 1
      if (position === broken) throw new Error('unreadable')
      return entryAt(position)
    },
    reads: () => reads,
    breakAt(position: number) {
      broken = position
    },
    onAppend(listener: (entry: Entry) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    append(host: string) {
      const entry = entryAt(hosts.push(host) - 1)
      for (const listener of listeners) if (entry !== undefined) listener(entry)
    },
  }
}
