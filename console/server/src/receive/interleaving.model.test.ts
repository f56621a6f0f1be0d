import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { refuse } from '../error.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { openQueue } from '../ledger/queue.ts'
import { dial, enrolled, heldOf, type TestAgent, TestHost } from './agent.fixture.ts'
import { startConsole } from './receive.fixture.ts'

const most = 12

type Step =
  /** Seals and sends the next ones. */
  | { do: 'send'; count: number }
  /** Sends what was sent before once more. */
  | { do: 'repeat'; seq: number }
  /** Leaves some out. */
  | { do: 'skip'; seq: number }
  /** Ends the connection without a word, or opens a second one beside it. */
  | { do: 'drop' }
  | { do: 'second' }
  | { do: 'restart' }
  | { do: 'full' }
  | { do: 'room' }
  | { do: 'pause'; turns: number }

const seq = fc.integer({ min: 1, max: most })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('repeat' as const), seq }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('skip' as const), seq }) },
  { weight: 2, arbitrary: fc.constant({ do: 'drop' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'second' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'full' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'room' as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pause' as const), turns: fc.integer({ max: 40, min: 1 }) }) },
)

test('whatever comes in whichever order, the ledger holds each batch once, in the order of its chain', async () => {
  const disk = { isFull: false }
  const through = (ledger: Ledger) => withDisk(ledger, disk)
  const console = await startConsole({ bounds: { retryMs: 1, farewellMs: 20 }, through })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
      const host = await enrolled(console, new TestHost())
      const batches = host.seal(most)
      const broken: number[] = []
      let agent: TestAgent | undefined
      let sent = 0
      /** What the host is told to be held is on disk. */
      const promised = (number: number) => {
        if ((console.deps.ledger.tipOf(host.id)?.seq ?? 0) < number) broken.push(number)
      }
      /** Goes on where the console says. */
      const connect = async (): Promise<TestAgent> => {
        for (;;) {
          try {
            const next = await dial(console, host)
            const { after } = await next.greet()
            promised(after?.seq ?? 0)
            sent = after?.seq ?? 0
            return next
          } catch {
            // Too many at once, or cut off: an agent comes again.
            await turn()
          }
        }
      }
      const take = async (next: Step) => {
        if (next.do === 'full' || next.do === 'room') disk.isFull = next.do === 'full'
        else if (next.do === 'drop') agent?.drop()
        else if (next.do === 'restart') await console.restart()
        else if (next.do === 'pause') for (let i = 0; i < next.turns; i++) await turn()
        if (agent === undefined || agent.socket.readyState !== agent.socket.OPEN || next.do === 'second')
          agent = await connect()
        if (next.do === 'send') {
          agent.send(...batches.slice(sent, sent + next.count))
          sent = Math.min(sent + next.count, most)
        } else if (next.do === 'repeat') agent.send(...batches.slice(0, Math.min(next.seq, sent)))
        else if (next.do === 'skip' && next.seq > sent + 1) agent.send(...batches.slice(next.seq - 1, next.seq))
        for (const { seq: number } of agent.all('ack')) promised(number)
      }

      for (const next of steps) await take(next)
      disk.isFull = false
      const isComplete = () => console.deps.ledger.tipOf(host.id)?.seq === most
      while (!isComplete()) {
        await take({ do: 'second' })
        await take({ do: 'send', count: most })
        while (!isComplete() && agent?.socket.readyState === agent?.socket.OPEN) await turn()
      }

      expect(await heldOf(console, host.id)).toEqual(batches.map(({ header }) => `${header.seq}`))
      expect(broken).toEqual([])
      agent?.drop()
    }),
    { numRuns: 40 },
  )
}, 120_000)

type Appending = Parameters<Ledger['append']>
type Appended = Awaited<ReturnType<Ledger['append']>>

/** The ledger on a disk that is full at times. */
function withDisk(ledger: Ledger, disk: { isFull: boolean }): Ledger {
  const handle = async (group: readonly Appending[]) => {
    await turn()
    if (disk.isFull) throw refuse('disk-full', 'The ledger took no more bytes.')
    return Promise.all(group.map(([batch, at]) => ledger.append(batch, at)))
  }
  const queue = openQueue<Appending, Appended>({ mostItems: 3, mostBytes: 1e9, bytesOf: () => 1, handle })
  return { ...ledger, append: (...appending) => queue.add(appending) }
}
