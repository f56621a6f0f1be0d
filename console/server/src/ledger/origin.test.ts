import { join } from 'node:path'
import { parseHead, parseHeader } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { openSqlite } from '../store/sqlite.ts'
import { newSealingHost } from './host.fixture.ts'
import { newFolder, newLedgerKeys, openTestLedger, receivedAtMs } from './ledger.fixture.ts'
import { segmentFile } from './segment.ts'

const at = { receivedAtMs, branch: null }

test('a ledger that begins again has a new id, goes on at the position where it ended, and its first entry names the head before', async () => {
  const { dir, keys, head, id } = await ledgerOf(3)

  const again = await openTestLedger({ dir, keys, beginsAgain: true })
  const { position } = await again.append(newSealingHost().seal(), at)
  await again.close()

  expect(again.id).not.toBe(id)
  expect(position).toBe(4)
  const reopened = await openTestLedger({ dir, keys })
  expect(reopened).toMatchObject({ id: again.id, origins: [{ ledger: again.id, position: 3, before: head }] })
  expect(parseHead(reopened.head())).toMatchObject({ ledger: again.id, size: 5 })
  expect(parseHeader((await reopened.entry(3))!.headerBytes).witness).toEqual(head)
})

test('a ledger that is begun with keys alone says that nothing was left', async () => {
  const dir = join(newFolder(), 'ledger')
  const ledger = await openTestLedger({ dir, beginsAgain: true })

  expect(ledger.origins).toMatchObject([{ position: 0, before: null }])
})

test('a segment of another ledger that does not say from which it goes on is damage', async () => {
  const { dir, keys } = await ledgerOf(2)
  const again = await openTestLedger({ dir, keys, beginsAgain: true })
  await again.close()
  const db = await openSqlite(segmentFile(dir, 2))
  await db.run('update batch set host = ?', ['ab'.repeat(16)])
  await db.close()

  await expect(openTestLedger({ dir, keys })).rejects.toMatchObject({ code: 'ledger-damaged' })
})

async function ledgerOf(batches: number) {
  const dir = join(newFolder(), 'ledger')
  const keys = newLedgerKeys()
  const ledger = await openTestLedger({ dir, keys })
  const host = newSealingHost()
  for (let i = 0; i < batches; i++) await ledger.append(host.seal(), at)
  const head = ledger.head()
  await ledger.close()
  return { dir, keys, head, id: ledger.id }
}
