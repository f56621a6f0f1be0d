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

function newLedger(hosts: string[]) {
  const listeners = new Set<(entry: Entry) => void>()
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
    entry: async (position: number) => entryAt(position),
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
