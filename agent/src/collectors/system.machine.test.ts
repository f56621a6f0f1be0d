import { expect, test } from 'vitest'
import { newLinuxHost } from '../linux-host.fixture.ts'
import { accounts } from './account/index.ts'
import type { Collector } from './collector.ts'
import { newPasses, rowsOf } from './proc.fixture.ts'

test('this machine tells its accounts, and no digest of a password', async () => {
  const rows = await rowsHere(accounts)

  expect(rows).toContainEqual(expect.objectContaining({ kind: 'account', name: 'root', uid: 0 }))
  expect(rows).toContainEqual(expect.objectContaining({ kind: 'group', name: 'root', gid: 0 }))
  expect(JSON.stringify(rows)).not.toMatch(/\$(y|6|5|1|2[aby])\$/)
})

/** Rows of a first pass; a second one right after it finds nothing new. */
async function rowsHere(collector: Collector) {
  const host = { ...newLinuxHost(), advance: async () => {}, settle: async () => {}, systemLog: [] }
  const pass = newPasses(collector, host)
  const rows = rowsOf(await pass()).map(({ row }) => row)
  expect(rowsOf(await pass())).toEqual([])
  return rows
}
