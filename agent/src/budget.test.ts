import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newBudget } from './budget.ts'
import { defaultCaps } from './caps.ts'
import { newFakeClock } from './clock.fixture.ts'

test('without a policy the defaults hold', async () => {
  const { budget } = newMachine()

  expect(budget.caps()).toEqual({ cpuPercent: 25, memoryMb: 200, spoolMb: 1024, kilobytesPerSecond: 2000 })
})

test('work waits as long as it takes to come down to the cap on CPU', async () => {
  const { clock, budget, use } = newMachine({ cpuPercent: 10 })

  use.cpu += 600
  const paced = took((signal) => budget.paceWork(signal))
  await clock.advance(1_000)
  expect(paced.isDone).toBe(false)
  await clock.advance(200)
  expect(paced.isDone).toBe(true)

  use.cpu += 10
  await clock.advance(10_000)
  const free = took((signal) => budget.paceWork(signal))
  await clock.settle()
  expect(free.isDone).toBe(true)
})

test('a cap of 100 % is none: what uses several threads may use more than one core', async () => {
  const { clock, budget, use } = newMachine({ cpuPercent: 100 })

  use.cpu += 60_000
  const paced = took((signal) => budget.paceWork(signal))
  await clock.settle()

  expect(paced.isDone).toBe(true)
})

test('over the cap on memory nothing more is read until it is down, and garbage is collected for it', async () => {
  const { clock, budget, use } = newMachine({ memoryMb: 100 })
  use.rss = 150_000_000

  const paced = took((signal) => budget.paceWork(signal))
  await clock.advance(50_000)
  expect(paced.isDone).toBe(false)
  expect(use.collected).toBeGreaterThan(1)
  expect(budget.bites.since('memoryMb')).toBe(Date.parse('2026-11-24T10:00:00.000Z'))

  use.rss = 90_000_000
  await clock.advance(1_000)
  expect(paced.isDone).toBe(true)
})

test('memory that does not come down though nothing is read makes the agent begin anew', async () => {
  const { clock, budget, use } = newMachine({ memoryMb: 100 })
  const outgrown = budget.outgrown(new AbortController().signal)
  use.rss = 150_000_000
  await clock.advance(55_000)
  use.rss = 90_000_000
  await clock.advance(10_000)
  use.rss = 151_000_000
  await clock.advance(55_000)
  expect(await Promise.race([outgrown, 'goes on'])).toBe('goes on')

  await clock.advance(7_000)

  expect(await outgrown).toEqual({ rssBytes: 151_000_000, memoryMb: 100 })
})

test('a cap below what a new process needs makes the agent slowest, but neither blind nor begin anew again and again', async () => {
  const { clock, budget } = newMachine({ memoryMb: 40 })
  const outgrown = budget.outgrown(new AbortController().signal)
  const pieces = { taken: 0 }
  const read = async (signal: AbortSignal) => {
    for (; pieces.taken < 4; pieces.taken += 1) await budget.paceWork(signal)
  }

  took(read)
  await clock.advance(62_000)

  expect(pieces.taken).toBe(2)
  await clock.advance(300_000)
  expect(await Promise.race([outgrown, 'goes on'])).toBe('goes on')
})

test('bytes wait before they are sent, beyond what one second takes', async () => {
  const { clock, budget } = newMachine({ kilobytesPerSecond: 100 })

  budget.sent(100_000)
  const paced = took((signal) => budget.paceWire(50_000, signal))
  await clock.advance(499)
  expect(paced.isDone).toBe(false)
  await clock.advance(1)
  expect(paced.isDone).toBe(true)
})

test('a batch that is larger than what a second takes goes at once, and the next waits until it is paid for', async () => {
  const { clock, budget } = newMachine({ kilobytesPerSecond: 1 })
  const large = took((signal) => budget.paceWire(5_000_000, signal))
  await clock.settle()
  expect(large.isDone).toBe(true)
  budget.sent(5_000_000)

  const next = took((signal) => budget.paceWire(500, signal))
  await clock.advance(4_999_499)
  // A cap that is set again forgives nothing.
  budget.setCaps({ ...budget.caps(), kilobytesPerSecond: 1 })
  expect(next.isDone).toBe(false)
  await clock.advance(1)

  expect(next.isDone).toBe(true)
})

test('reading goes on while sending waits for the wire', async () => {
  const { clock, budget } = newMachine({ kilobytesPerSecond: 1 })
  budget.sent(1_000_000)

  const sending = took((signal) => budget.paceWire(1_000, signal))
  const reading = took((signal) => budget.paceWork(signal))
  await clock.settle()

  expect([sending.isDone, reading.isDone]).toEqual([false, true])
})

test('a source that gives more than can be taken gets one turn for each of another', async () => {
  const { clock, budget, use } = newMachine({ cpuPercent: 10 })
  const order: string[] = []
  const stop = new AbortController()
  const read = async (source: string, costMs: number) => {
    while (!stop.signal.aborted) {
      await budget.paceWork(stop.signal)
      order.push(source)
      use.cpu += costMs
    }
  }

  use.cpu += 1_000
  void read('log', 100)
  void read('process', 1)
  void read('socket', 1)
  await clock.advance(30_000)
  stop.abort()

  const counts = ['log', 'process', 'socket'].map((source) => order.filter((one) => one === source).length)
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  expect(counts[0]).toBeGreaterThan(10)
})

test('how often and how long each cap made something wait is counted, and forgotten once it was told', async () => {
  const { clock, budget, use } = newMachine({ cpuPercent: 10, kilobytesPerSecond: 100 })
  use.cpu += 600
  budget.sent(150_000)

  took((signal) => budget.paceWork(signal))
  await clock.advance(1_000)
  took((signal) => budget.paceWire(100_000, signal))
  await clock.advance(5_000)

  const told = budget.bites.take()
  expect(told.get('cpuPercent')?.seconds).toBeCloseTo(1.1, 1)
  expect(told.get('kilobytesPerSecond')).toEqual({ times: 1, seconds: expect.closeTo(0.4, 1) })
  expect(budget.bites.take().size).toBe(0)
})

test('a cap slows the agent down from its first wait until ten seconds after its last', async () => {
  const { clock, budget, use } = newMachine({ cpuPercent: 10 })
  const startedMs = clock.now()
  for (let i = 0; i < 6; i++) {
    use.cpu += 600
    took((signal) => budget.paceWork(signal))
    await clock.advance(6_000)
    expect(budget.bites.since('cpuPercent')).toBe(startedMs)
  }

  await clock.advance(11_000)

  expect(budget.bites.since('cpuPercent')).toBeUndefined()
})

test('over any load no span of ten seconds uses more than its caps and one burst', async () => {
  const pieces = fc.array(fc.record({ cpuMs: fc.integer({ min: 0, max: 200 }), bytes: fc.nat(300_000) }), {
    minLength: 20,
    maxLength: 80,
  })
  await fc.assert(
    fc.asyncProperty(
      pieces,
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 50, max: 5_000 }),
      async (load, cpuPercent, kilobytesPerSecond) => {
        const { clock, budget, use } = newMachine({ cpuPercent, kilobytesPerSecond })
        const spent: { at: number; cpuMs: number; bytes: number }[] = []
        const { signal } = new AbortController()
        const read = async () => {
          for (const { cpuMs } of load) {
            await budget.paceWork(signal)
            use.cpu += cpuMs
            spent.push({ at: clock.steady(), cpuMs, bytes: 0 })
          }
        }
        const send = async () => {
          for (const { bytes } of load) {
            await budget.paceWire(bytes, signal)
            budget.sent(bytes)
            spent.push({ at: clock.steady(), cpuMs: 0, bytes })
          }
        }

        void read()
        void send()
        await clock.advance(20_000)

        for (const { at } of spent) {
          const within = spent.filter((one) => one.at >= at && one.at < at + 10_000)
          const sum = (of: 'cpuMs' | 'bytes') => within.reduce((total, one) => total + one[of], 0)
          // What is over by one piece was begun while there was credit.
          expect(sum('cpuMs')).toBeLessThanOrEqual(cpuPercent * 100 + 500 + 200)
          expect(sum('bytes')).toBeLessThanOrEqual(
            kilobytesPerSecond * 10_000 + Math.max(kilobytesPerSecond * 1_000, 300_000),
          )
        }
      },
    ),
    { seed: 20_261_124, numRuns: 15 },
  )
})

test('the load is measured over five seconds at least, in percent of one core', async () => {
  const { clock, budget, use } = newMachine()
  use.cpu += 100
  budget.sent(10_000)
  await clock.advance(4_000)
  expect(budget.load().cpuPercent).toBe(0)

  await clock.advance(1_000)

  expect(budget.load()).toEqual({ cpuPercent: 2, rssBytes: 60_000_000, sentPerSecond: 2_000 })
})

function newMachine(caps: Partial<typeof defaultCaps | Record<keyof typeof defaultCaps, number>> = {}) {
  const clock = newFakeClock()
  const use = { cpu: 1_000, rss: 60_000_000, collected: 0 }
  const own = {
    cpuMs: () => use.cpu,
    rssBytes: () => use.rss,
    collectGarbage() {
      use.collected += 1
    },
  }
  const budget = newBudget({ ...clock, use: own })
  budget.setCaps({ ...defaultCaps, ...caps })
  return { clock, budget, use }
}

/** Whether an act has come to its end. */
function took(act: (signal: AbortSignal) => Promise<void>) {
  const paced = { isDone: false }
  void act(new AbortController().signal).then(() => {
    paced.isDone = true
  })
  return paced
}
