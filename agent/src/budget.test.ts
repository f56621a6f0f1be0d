import { expect, test } from 'vitest'
import { newBudget } from './budget.ts'
import { newFakeClock } from './clock.fixture.ts'

test('work waits as long as it takes to come down to the cap on CPU', async () => {
  const { clock, budget, use } = newMachine()
  budget.setCaps({ cpuPercent: 10 })

  use.cpu += 600
  const paced = took((signal) => budget.paceWork(signal))
  await clock.advance(4_000)
  expect(paced.isDone).toBe(false)
  await clock.advance(1_000)
  expect(paced.isDone).toBe(true)

  use.cpu += 10
  await clock.advance(10_000)
  const free = took((signal) => budget.paceWork(signal))
  await clock.settle()
  expect(free.isDone).toBe(true)
})

test('without a cap nothing waits', async () => {
  const { clock, budget, use } = newMachine()

  use.cpu += 60_000
  const paced = took((signal) => budget.paceWork(signal))
  await clock.settle()

  expect(paced.isDone).toBe(true)
})

test('over the cap on memory each step of work waits', async () => {
  const { clock, budget, use } = newMachine()
  budget.setCaps({ memoryMb: 100 })
  use.rss = 150_000_000

  const paced = took((signal) => budget.paceWork(signal))
  await clock.advance(4_999)
  expect(paced.isDone).toBe(false)
  await clock.advance(1)
  expect(paced.isDone).toBe(true)
})

test('bytes take as long on the wire as the cap says', async () => {
  const { clock, budget } = newMachine()
  budget.setCaps({ kilobytesPerSecond: 100 })

  const paced = took((signal) => budget.paceWire(500_000, signal))
  await clock.advance(4_999)
  expect(paced.isDone).toBe(false)
  await clock.advance(1)
  expect(paced.isDone).toBe(true)
})

test('the load is measured over five seconds at least, in percent of one core', async () => {
  const { clock, budget, use } = newMachine()

  use.cpu += 400
  await clock.advance(4_000)
  expect(budget.load().cpuPercent).toBe(0)
  await clock.advance(4_000)

  expect(budget.load()).toEqual({ cpuPercent: 5, rssBytes: use.rss })
})

function newMachine() {
  const clock = newFakeClock()
  const use = { cpu: 0, rss: 50_000_000 }
  const budget = newBudget(clock, { cpuMs: () => use.cpu, rssBytes: () => use.rss })
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
