import { expect, test } from 'vitest'
import type { Ledger } from '../ledger/ledger.ts'
import { connected, heldOf } from './agent.fixture.ts'
import { listHosts } from './hosts.ts'
import { startConsole, type TestConsole } from './receive.fixture.ts'

// An index that reads nothing is behind from its first moment on.
const bounds = { tickMs: 20, behindMs: 0, shareBytes: 200_000, retryMs: 10 }

test('a host that has more than its share waiting is told to hold, is shown as held back, and goes on when the index has caught up', async () => {
  const console = await startConsole({ bounds })
  const [busy, quiet] = [await connected(console), await connected(console)]
  quiet.send(...quiet.host.seal(1))
  busy.send(...busy.host.seal(20))

  const { says } = await busy.hears('hold')

  expect(says).toContain('are of this host')
  expect(quiet.all('hold')).toEqual([])
  await expect.poll(() => statusOf(console, busy.host.id)).toMatchObject({ status: 'lagging' })
  expect((await statusOf(console, busy.host.id))?.why).toContain(`It is held back: The index is `)
  busy.drop()
  await busy.closed
  const again = await connected(console, busy.host)
  await again.hears('hold')
  await caughtUp(console)
  await again.hears('resume')
  expect(await heldOf(console, busy.host.id)).toHaveLength(20)
  expect(new Set(await console.finalCodes())).toEqual(new Set(['host-busy']))
})

test('a host that goes on sending is not read, is not blamed for silence, and all it sent is there afterwards', async () => {
  const { through, looked } = watched()
  const console = await startConsole({ bounds, through })
  const [busy, quiet] = [await connected(console), await connected(console)]
  busy.send(...busy.host.seal(20))
  await busy.hears('hold')

  // One at a time, so that it is seen to go on, until nothing is taken any more.
  let taken = -1
  while (taken !== console.deps.ledger.size()) {
    taken = console.deps.ledger.size()
    for (let i = 0; i < 5; i++) {
      busy.send(...busy.host.seal(1))
      await looked()
    }
  }
  quiet.send(...quiet.host.seal(3))
  expect(await quiet.acked(3)).toEqual([1, 2, 3])
  expect(console.deps.ledger.size()).toBe(taken + 3)
  console.aheadMs = 40_000
  await looked()
  expect(console.receive.silences()).toEqual([])

  await caughtUp(console)
  await busy.hears('resume')
  await expect.poll(() => heldOf(console, busy.host.id)).toHaveLength(busy.host.sealed.length)
})

async function statusOf(console: TestConsole, id: string) {
  const { deps, receive } = console
  const hosts = await listHosts({ ...deps, receive })
  return hosts.find((host) => host.id === id)
}

async function caughtUp({ deps: { index, ledger } }: TestConsole): Promise<void> {
  index.asOf = () => ledger.size()
}

/** Counts how often the port looked who takes how much. */
function watched() {
  let looks = 0
  return {
    through: (ledger: Ledger): Ledger => ({
      ...ledger,
      space() {
        looks += 1
        return ledger.space()
      },
    }),
    /** Resolves when it has looked twice from now on: all that came before was there the second time. */
    async looked() {
      const before = looks
      await expect.poll(() => looks).toBeGreaterThan(before + 2)
    },
  }
}
