import { EventEmitter } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { keepRunning } from './keep-running.ts'

test('a program that ends is started again after pauses that grow to a minute, and are short again once it ran well', async () => {
  const kept = keep()

  for (let i = 0; i < 8; i++) await kept.end(1)
  await kept.end(1, 60_000)
  await kept.end(1)

  expect(kept.pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 1_000, 2_000])
  expect(kept.told.at(-1)).toBe('exit code 1')
  expect(kept.programs).toHaveLength(11)
})

test('one that is stopped gets its signal, is waited for, and is not started again', async () => {
  const kept = keep()
  let isGone = false

  const stopped = kept.stop().then(() => {
    isGone = true
  })
  await turn()
  expect(kept.programs[0]?.killed).toEqual(['SIGTERM'])
  expect(isGone).toBe(false)
  kept.programs[0]?.emit('exit', 0, null)
  await stopped

  expect(kept.programs).toHaveLength(1)
  expect(kept.told).toEqual([])
})

test('one that could not even be started is tried again, and can be stopped between two starts', async () => {
  const kept = keep({ isAsleep: true })

  kept.programs[0]?.emit('error', new Error('EAGAIN'))
  await turn()
  await kept.stop()

  expect(kept.told).toEqual(['EAGAIN'])
  expect(kept.programs).toHaveLength(1)
})

class Program extends EventEmitter {
  readonly killed: unknown[] = []
  kill(signal?: unknown): boolean {
    this.killed.push(signal)
    return true
  }
}

/** A program of the test, kept running on a clock that only moves when told; asleep, a pause ends with the stop alone. */
function keep({ isAsleep = false } = {}) {
  const programs: Program[] = []
  const pauses: number[] = []
  const told: string[] = []
  let steady = 0
  const { stop } = keepRunning({
    start() {
      const program = new Program()
      programs.push(program)
      return program
    },
    ended: (how) => void told.push(how),
    steady: () => steady,
    async sleep(ms, signal) {
      pauses.push(ms)
      if (isAsleep) await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
  })
  const end = async (code: number, ranMs = 0) => {
    steady += ranMs
    programs.at(-1)?.emit('exit', code, null)
    await turn()
  }
  return { programs, pauses, told, stop, end }
}
