import { expect, test } from 'vitest'
import { newClockWatch } from './clock-watch.ts'

const signal = new AbortController().signal

test('while all clocks go on alike, nothing is told', async () => {
  const machine = newMachine()
  const watch = newClockWatch(machine)

  machine.next({ wall: 2_040, steady: 2_000, boot: 2_010 })

  expect(await watch.sleep(2_000, signal)).toEqual([])
})

test('a clock that is set tells what it would have said and what it says', async () => {
  const machine = newMachine()
  const watch = newClockWatch(machine)

  machine.next({ wall: 2_000 - 3_600_000, steady: 2_000, boot: 2_000 })

  expect(await watch.sleep(2_000, signal)).toEqual([
    { kind: 'clock-step', before: '2026-11-24T10:00:02.000Z', after: '2026-11-24T09:00:02.000Z', ms: -3_600_000 },
  ])
})

test('a machine that slept went on by its clock since boot, and not by the one that stands still meanwhile', async () => {
  const machine = newMachine()
  const watch = newClockWatch(machine)

  machine.next({ wall: 1_802_000, steady: 2_000, boot: 1_802_000 })

  expect(await watch.sleep(2_000, signal)).toEqual([
    { kind: 'asleep', from: '2026-11-24T10:00:00.000Z', to: '2026-11-24T10:30:02.000Z', ms: 1_800_000 },
  ])
})

test('an agent that was not let run while its machine went on says so', async () => {
  const machine = newMachine()
  const watch = newClockWatch(machine)

  machine.next({ wall: 62_000, steady: 62_000, boot: 62_000 })

  expect(await watch.sleep(2_000, signal)).toMatchObject([{ kind: 'stalled', ms: 60_000 }])
})

test('where the machine does not tell how long ago it booted, sleep looks like a clock that was set', async () => {
  const machine = { ...newMachine(), sinceBoot: () => undefined }
  const watch = newClockWatch(machine)

  machine.next({ wall: 602_000, steady: 2_000, boot: 0 })

  expect(await watch.sleep(2_000, signal)).toMatchObject([{ kind: 'clock-step', ms: 600_000 }])
})

test('a clock that is set between two looks is not missed', async () => {
  const machine = newMachine()
  const watch = newClockWatch(machine)
  machine.next({ wall: 2_000, steady: 2_000, boot: 2_000 })
  await watch.sleep(2_000, signal)

  machine.pass({ wall: 90_000, steady: 0, boot: 0 })
  machine.next({ wall: 2_000, steady: 2_000, boot: 2_000 })

  expect(await watch.sleep(2_000, signal)).toMatchObject([{ kind: 'clock-step', ms: 90_000 }])
})

interface Passed {
  wall: number
  steady: number
  boot: number
}

/** Clocks that each go on by themselves. */
function newMachine() {
  const clocks = { wall: Date.parse('2026-11-24T10:00:00.000Z'), steady: 500, boot: 90_000 }
  let coming: Passed = { wall: 0, steady: 0, boot: 0 }
  const pass = (by: Passed) => {
    clocks.wall += by.wall
    clocks.steady += by.steady
    clocks.boot += by.boot
  }
  return {
    now: () => clocks.wall,
    steady: () => clocks.steady,
    sinceBoot: (): number | undefined => clocks.boot,
    sleep: async () => pass(coming),
    /** What passes during the next sleep. */
    next(by: Passed) {
      coming = by
    },
    pass,
  }
}
