import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CollectionEnd, sealEnd, sealOpening, toBase64, toPart } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { expect, test } from 'vitest'
import { newSealingHost } from '../ledger/host.fixture.ts'
import { newFolder } from '../ledger/ledger.fixture.ts'
import { judgeCollection } from './judge-collection.ts'
import { readCollectionFile } from './read-collection.ts'

const at = '2026-11-27T10:00:00.000Z'

test.for<[string, Partial<CollectionEnd>, boolean]>([
  ['fits', {}, true],
  ['is of another host', { host: 'b'.repeat(32) }, false],
  ['counts other batches', { batches: 2 }, false],
  ['counts other records', { records: 999 }, false],
  ['names another newest batch', { newest: 'a'.repeat(64) }, false],
])('an end that %s is judged by what is there', async ([, other, isOk]) => {
  const host = newSealingHost()
  const sign = (data: Uint8Array) => nodePrimitives.signP256(host.privateKey, data)
  const names = { name: 'desk-1', os: 'Debian', platform: 'linux', agent: '0.1.0' }
  const key = { host: host.id, publicKey: toBase64(host.publicKey) }
  const batch = host.seal(['one'])
  const counts = { batches: 1, records: batch.header.count, newest: batch.headerHash, leftOut: 0 }
  const tw = 'collection-end/1' as const
  const end: CollectionEnd = { tw, host: host.id, ...counts, endedAt: at, complete: true, sources: [] }
  const path = join(newFolder(), 'x.tide')
  const opening = sealOpening({ tw: 'collection/1', ...key, ...names, profile: 'full', startedAt: at }, sign)
  writeFileSync(path, Buffer.concat([opening, batch.bytes, sealEnd({ ...end, ...other }, sign)].map(toPart)))

  const { checks, ok } = judgeCollection(await readCollectionFile(path, { identity: async () => '' }))

  expect(ok).toBe(isOk)
  expect(checks.filter((check) => !check.ok).map(({ name }) => name)).toEqual(isOk ? [] : ['end'])
})
