import { expect, test } from 'vitest'
import type { Load } from './backlog.ts'
import { openHeldBack } from './held-back.ts'

const mib = 2 ** 20

test('while the index is behind, a host with more than its share waiting is held back until it has caught up by half', async () => {
  const { look, waits, state } = openTest(['busy', 'quiet', 'idle'])
  waits('busy', 100)
  waits('quiet', 9)
  state.behindMs = 15_000
  expect(await look()).toEqual([])

  state.behindMs = 21_000
  expect(await look()).toEqual(['busy'])
  expect(state.said).toEqual([
    'busy: The index is 21 s behind, and 100.0 MB of 109.0 MB that wait for it are of this host.',
  ])
  state.behindMs = 15_000
  expect(await look()).toEqual(['busy'])
  state.behindMs = 9_000
  expect(await look()).toEqual([])
  expect(state.said.at(-1)).toBe('busy: goes on')
})

test('nobody is held back for being behind alone, for as much as the others have, or for little', async () => {
  const alone = openTest(['busy'])
  alone.waits('busy', 1000)
  alone.state.behindMs = 3_600_000
  const equal = openTest(['one', 'two', 'three'])
  for (const host of ['one', 'two', 'three']) equal.waits(host, 1000)
  equal.state.behindMs = 3_600_000
  const little = openTest(['one', 'two'])
  little.waits('one', 7)
  little.state.behindMs = 3_600_000

  expect([await alone.look(), await equal.look(), await little.look()]).toEqual([[], [], []])
})

test('an index that stays behind for hours leaves every host a turn', async () => {
  const { look, waits, state } = openTest(['busy', 'quiet'])
  waits('busy', 100)
  state.behindMs = 3_600_000
  let held = 0
  for (let i = 0; i < 110; i++) {
    held += (await look()).length
    state.steadyMs += 5_000
  }

  expect(held).toBe(99)
})

test('a host that goes on sending is not read any more; what was on its way when it was told is no reason', async () => {
  const { look, waits, takes, state } = openTest(['busy', 'quiet'])
  waits('busy', 100)
  state.behindMs = 30_000
  await look()
  takes('busy', 8)
  await look()
  await look()
  expect(state.deaf).toEqual([])

  takes('busy', 1)
  await look()
  expect(state.deaf).toEqual(['busy'])
})

test('where the disk runs short each host may take an equal part, and one that went away has had its own', async () => {
  const { look, takes, state } = openTest(['greedy', 'modest', 'idle', 'new'])
  takes('greedy', 5000)
  state.freeBytes = 2000 * mib
  expect(await look()).toEqual([])

  takes('greedy', 501)
  takes('modest', 500)
  state.freeBytes = 1000 * mib
  expect(await look()).toEqual(['greedy'])
  expect(state.said).toEqual([
    'greedy: 2000.0 MB were left on the disk of the console when it began to run short, and 1000.0 MB are now: this host took its part, 500.0 MB.',
  ])
  state.hosts.shift()
  state.steadyMs += 3_600_000
  state.freeBytes = 2100 * mib
  expect(await look()).toEqual(['greedy'])
  state.freeBytes = 3000 * mib
  expect(await look()).toEqual([])
})

test('a host that fills the disk is held back long before that is scarce, and the others go on', async () => {
  const { look, takes, state } = openTest(['greedy', 'modest', 'idle', 'new'])
  takes('greedy', 500_000)
  state.freeBytes = 21_000 * mib
  expect(await look()).toEqual([])
  state.freeBytes = 20_000 * mib
  expect(await look()).toEqual([])

  takes('modest', 9_000)
  takes('greedy', 10_001)
  state.freeBytes = 1_000 * mib
  expect(await look()).toEqual(['greedy'])
  state.freeBytes = 24_000 * mib
  expect(await look()).toEqual(['greedy'])
  state.freeBytes = 26_000 * mib
  expect(await look()).toEqual([])
})

test('a small disk is short with a quarter of it free; of two hosts none takes more than half of that, and one alone takes what there is', async () => {
  const two = openTest(['greedy', 'modest'])
  const alone = openTest(['greedy'])
  for (const { look, state } of [two, alone]) {
    state.volumeBytes = 40_000 * mib
    state.freeBytes = 10_000 * mib
    expect(await look()).toEqual([])
  }

  for (const { takes } of [two, alone]) takes('greedy', 5_001)

  expect([await two.look(), await alone.look()]).toEqual([['greedy'], []])
})

test('a disk that does not say what is free holds nobody back', async () => {
  const { look, takes, state } = openTest(['greedy', 'modest'])
  state.freeBytes = 2000 * mib
  await look()
  takes('greedy', 1500)
  expect(await look()).toEqual(['greedy'])

  state.freeBytes = undefined
  expect(await look()).toEqual([])
})

/** Megabytes that wait and were taken, by host. */
function openTest(hosts: string[]) {
  const loads = new Map<string, Load>()
  const loadOf = (host: string): Load => {
    const load = loads.get(host) ?? { waitingBatches: 0, waitingBytes: 0, takenBytes: 0 }
    loads.set(host, load)
    return load
  }
  const state = {
    ...{ hosts, behindMs: 0, steadyMs: 0, freeBytes: 1e15 as number | undefined, volumeBytes: 1e15 },
    ...{ said: [] as string[], deaf: [] as string[] },
  }
  const heldBack = openHeldBack({
    ledger: {
      async space() {
        if (state.freeBytes === undefined) throw new Error('input/output error')
        return { bytes: 0, freeBytes: state.freeBytes, volumeBytes: state.volumeBytes }
      },
    },
    backlog: { loads: () => loads, oldestMs: () => 1e12 - state.behindMs },
    bounds: { behindMs: 20_000, shareBytes: 8 * mib, holdMs: 45_000, lowBytes: 20_480 * mib, scarceBytes: 2048 * mib },
    connected: () => state.hosts,
    now: () => 1e12,
    steady: () => state.steadyMs,
    changed: (host, why) => state.said.push(`${host}: ${why ?? 'goes on'}`),
    goesOn: (host) => state.deaf.push(host),
  })
  return {
    state,
    waits(host: string, megabytes: number) {
      loadOf(host).waitingBytes += megabytes * mib
    },
    takes(host: string, megabytes: number) {
      loadOf(host).takenBytes += megabytes * mib
    },
    /** Looks, and gives who is held back. */
    async look() {
      await heldBack.look()
      return ['greedy', 'busy', 'one', 'two', 'three', 'modest', 'quiet', 'idle', 'new'].filter(
        (host) => heldBack.why(host) !== undefined,
      )
    },
  }
}
