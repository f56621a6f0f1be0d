import type { SignedHead, Tip } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { openKeys } from '../keys/keys.ts'
import { newFolder } from '../ledger/ledger.fixture.ts'
import { dial, enrolled, heldOf, TestHost } from './agent.fixture.ts'
import { startConsole, type TestConsole } from './receive.fixture.ts'
import { inWords, refeedOf } from './refeed.ts'

test('a host sends a rebuilt console again what it had been acknowledged, and it is counted', async () => {
  const console = await startConsole()
  const { host, head } = await fed(console, 5)
  await console.rebuild()

  const agent = await dial(console, host)
  expect(await agent.greet({ acked: 5, witness: head })).toMatchObject({ after: null })
  expect(await refeedOf(console.deps)).toMatchObject({
    restored: null,
    seen: 5,
    lacked: 5,
    refed: 0,
    gone: 0,
    hosts: 1,
  })
  agent.send(...host.sealed)
  await agent.acked(5)

  const refeed = await refeedOf(console.deps)
  expect(refeed).toMatchObject({ lacked: 5, refed: 5 })
  expect(refeed && inWords(refeed)).toContain('re-fed 5 of them')
  expect(await heldOf(console, host.id)).toEqual(['1', '2', '3', '4', '5'])
})

test('what is no longer in its spool is said: re-feed is impossible for those batches, and the rest is taken', async () => {
  const console = await startConsole()
  const { host, head } = await fed(console, 5)
  await console.rebuild()

  const agent = await dial(console, host)
  await agent.greet({ acked: 5, oldestSeq: 3, witness: head })
  agent.send(...host.sealed.slice(2))
  await agent.acked(3)

  expect(await refeedOf(console.deps)).toMatchObject({ lacked: 5, refed: 3, gone: 2 })
  agent.drop()
  await console.receive.close()
  const said = (await console.irregularities()).find(({ code }) => code === 'refeed-gap')
  expect(said?.says).toBe('Re-feed impossible: batches 1 to 2 are no longer in the spool of the host.')
})

test('a host that comes a second time is not counted twice', async () => {
  const console = await startConsole()
  const { host, head } = await fed(console, 4)
  await console.rebuild()
  const once = await dial(console, host)
  await once.greet({ acked: 4, witness: head })
  once.send(...host.sealed.slice(0, 2))
  await once.acked(2)
  once.drop()

  const again = await dial(console, host)
  await again.greet({ acked: 4, witness: head })
  again.send(...host.sealed.slice(2))
  await again.acked(2)

  expect(await refeedOf(console.deps)).toMatchObject({ lacked: 4, refed: 4, hosts: 1 })
})

const most = Number.MAX_SAFE_INTEGER
const far = { seq: most, headerHash: 'ab'.repeat(32) }

test.each([
  ['no head at all', () => ({ acked: most, tip: far }), 0],
  ['a head that nobody signed', ({ head }: Head) => ({ acked: most, tip: far, witness: inflated(head) }), 0],
  ['a head of three entries', ({ head }: Head) => ({ acked: most, tip: far, witness: head }), 3],
  ['batches beyond its own newest one', ({ head, tip }: Head) => ({ acked: most, tip, witness: head }), 2],
])(
  'a host that says it was acknowledged without end, and shows %s, is counted as far as that can be, and noted',
  async (_, hello, counted) => {
    const console = await startConsole()
    const liar = await fed(console, 2)
    const honest = await fed(console, 1)
    await console.rebuild()
    const other = await dial(console, honest.host)
    await other.greet({ acked: 1, witness: honest.head })

    const agent = await dial(console, liar.host)
    await agent.greet({ ...hello({ head: honest.head, tip: liar.host.tip }), oldestSeq: most })

    expect(await refeedOf(console.deps)).toMatchObject({ seen: 3, lacked: 1 + counted, hosts: counted === 0 ? 1 : 2 })
    agent.drop()
    other.drop()
    await console.receive.close()
    const said = (await console.irregularities()).filter(({ code }) => code === 'acked-unproven')
    expect(said).toMatchObject([{ host: liar.host.id, seq: counted }])
  },
)

test('a host that shows a head older than the copy had nothing acknowledged beyond it', async () => {
  const console = await startConsole()
  const { host, head } = await fed(console, 2)
  const { host: other } = await fed(console, 1)
  await console.restart({ beginsAgain: true })
  expect(console.deps.ledger.origins).toMatchObject([{ before: expect.anything() }])

  const agent = await dial(console, host)
  await agent.greet({ acked: 9, tip: { ...far, seq: 9 }, witness: head })

  expect(await refeedOf(console.deps)).toMatchObject({ restored: 3, lacked: 0, hosts: 0 })
  expect(other.id).not.toBe(host.id)
})

test('a console that was never restored counts nothing, whatever hosts say', async () => {
  const console = await startConsole()
  const { host } = await fed(console, 1)
  const agent = await dial(console, host)
  await agent.greet({ acked: 99 })

  expect(await refeedOf(console.deps)).toBeUndefined()
  expect(await console.deps.store.selectFrom('refeed').selectAll().execute()).toEqual([])
})

test('a host that the restored copy does not know comes back by the certificate it was issued before, and is shown', async () => {
  const console = await startConsole()
  const { host } = await fed(console, 2)
  console.aheadMs = 60_000
  await console.rebuild()
  await console.deps.store.deleteFrom('host').execute()

  const agent = await dial(console, host)
  await agent.greet({ acked: 2 })
  agent.send(...host.sealed)
  await agent.acked(2)

  expect(await console.host(host.id)).toMatchObject({ kind: 'agent', state: 'active', name: 'WS-014' })
  agent.drop()
  expect(await console.finalCodes()).toContain('host-adopted')
})

test('without a restore an unknown host stays out', async () => {
  const console = await startConsole()
  const { host } = await fed(console, 1)
  await console.deps.store.deleteFrom('host').execute()

  await expect(dial(console, host)).rejects.toThrow('host-unknown')
})

test('a host that the console which was copied let in afterwards comes back too, and that there were two is shown', async () => {
  const console = await startConsole()
  await console.rebuild()
  console.aheadMs = 3_600_000
  const later = await enrolled(console, new TestHost())
  // The table of another console holds it.
  await console.deps.store.deleteFrom('host').execute()

  const agent = await dial(console, later)
  await agent.greet()
  agent.drop()
  await console.receive.close()
  const said = (await console.irregularities()).find(({ code }) => code === 'host-adopted')
  expect(said?.says).toContain('another console with the same keys')
})

test('a certificate that another authority issued lets nobody back in, whatever its dates', async () => {
  const console = await startConsole()
  const host = new TestHost()
  const other = await openKeys(newFolder())
  const request = { csr: Buffer.from(await host.csr(), 'base64'), hostId: host.id, nowMs: Date.now() }
  host.certificate = (await other.issueHostCertificate(request)).certificate
  console.aheadMs = 60_000
  await console.rebuild()

  await expect(dial(console, host)).rejects.toThrow('host-unknown')
})

test('a host that is revoked in the restored copy stays out', async () => {
  const console = await startConsole()
  const { host } = await fed(console, 1)
  await console.deps.store.updateTable('host').set({ state: 'revoked' }).execute()
  await console.rebuild()

  await expect(dial(console, host)).rejects.toThrow('host-revoked')
})

interface Head {
  head: SignedHead | null
  tip: Tip | null
}

/** The same head with another size: no key of the console has signed it. */
function inflated(head: SignedHead | null): SignedHead | null {
  return head && { ...head, head: head.head.replace('"size":3', '"size":999') }
}

/** A host with so many batches acknowledged, and the newest head it was given. */
async function fed(console: TestConsole, batches: number) {
  const host = await enrolled(console)
  const agent = await dial(console, host)
  await agent.greet()
  agent.send(...host.seal(batches))
  await agent.acked(batches)
  const head = agent.all('ack').at(-1)?.head ?? null
  agent.drop()
  await agent.closed
  return { host, head }
}
