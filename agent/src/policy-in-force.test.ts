import { cpSync } from 'node:fs'
import type { Policy } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { testKey } from './batch.fixture.ts'
import { newBell } from './bell.ts'
import { defaultCaps } from './caps.ts'
import { lookInto } from './data-folder.ts'
import { memoryFolder } from './folder.fixture.ts'
import { newFakeHost } from './host.fixture.ts'
import { newOwnRecords } from './own-records.ts'
import { openPolicy } from './policy-in-force.ts'
import { Sealer } from './seal/sealer.ts'
import { openSpool } from './spool/open.ts'

test('a policy whose record died with the agent is sealed by the next one; one whose record was sealed is not', async () => {
  const first = await newAgent()
  await first.sealed()
  await first.policy.setRemote({ sources: ['process'] })
  expect(first.told).toEqual([{ caps }, { sources: ['process'], caps }])

  const second = await newAgent(first.folder)
  expect(second.told).toEqual([{ sources: ['process'], caps }])
  await second.sealed()

  expect((await newAgent(second.folder)).told).toEqual([])
})

test('a policy that is taken back before its record is sealed was in force all the same: both changes are told', async () => {
  const { policy, told, sealed } = await newAgent()
  await sealed()

  await policy.setRemote({ sources: ['process'] })
  await policy.setRemote({})

  expect(told).toEqual([{ caps }, { sources: ['process'], caps }, { caps }])
})

test('every cap that is in force stands in the record, also one that nobody named, and a console only lowers them', async () => {
  const { policy, told } = await newAgent()

  await policy.setRemote({ caps: { cpuPercent: 10, memoryMb: 4000, spoolMb: 100 } })

  expect(told.at(-1)?.caps).toEqual({ cpuPercent: 10, memoryMb: 200, spoolMb: 100, kilobytesPerSecond: 2000 })
})

const caps = defaultCaps

/** An agent with a policy, on a copy of what another one left on its disk; `told` are the policies it has records of. */
async function newAgent(from?: string) {
  const folder = memoryFolder()
  if (from !== undefined) cpSync(from, folder, { recursive: true })
  const host = newFakeHost()
  const { spool } = openSpool(lookInto(folder), { budgetBytes: 1e9, nowMs: 0 })
  spool.beginChain({ host: testKey.host })
  const sealer = new Sealer({ host, spool, changed: newBell(host), key: () => testKey })
  const own = newOwnRecords({ host, sealer })
  const told: Policy[] = []
  const note: typeof own.note = (source, kind, what, handing) => {
    if ('policy' in what) told.push(what.policy as Policy)
    return own.note(source, kind, what, handing)
  }
  const policy = await openPolicy({}, { spool, own: { ...own, note }, changed: () => {} })
  const stop = new AbortController()
  const sealed = async () => {
    void sealer.run(stop.signal)
    await host.advance(10_000)
    stop.abort()
  }
  return { folder, policy, told, sealed }
}
