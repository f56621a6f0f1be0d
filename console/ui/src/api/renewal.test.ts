import { expect, test } from 'vitest'
import { createRenewal } from './renewal.ts'

test('the first change is answered at once, those soon after it once', () => {
  const world = fakeWorld()

  for (let at = 0; at < 5; at += 1) world.changed(['overview'])
  world.runTimers()
  world.runTimers()

  expect(world.renewed).toEqual(['overview', 'overview'])
})

test('what is being asked is asked again afterwards, not cut off', () => {
  const world = fakeWorld()
  world.asking = true

  world.changed(['overview'])
  world.asking = false
  world.runTimers()

  expect(world.renewed).toEqual(['overview'])
})

test('keys do not wait for one another', () => {
  const world = fakeWorld()

  world.changed(['overview'])
  world.changed(['host', 'ab12'])

  expect(world.renewed).toEqual(['overview', 'host ab12'])
})

function fakeWorld() {
  let timers: (() => void)[] = []
  const state = { asking: false, renewed: [] as string[] }
  const changed = createRenewal({
    after: (_ms, act) => timers.push(act),
    isAsking: () => state.asking,
    renew: (key) => state.renewed.push(key.join(' ')),
  })
  const runTimers = () => {
    const dueNow = timers
    timers = []
    for (const act of dueNow) act()
  }
  return Object.assign(state, { changed, runTimers })
}
