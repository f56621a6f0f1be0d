import fc from 'fast-check'
import { expect, test } from 'vitest'
import { episodesOf, type Noted } from './episodes.ts'

const hour = 3_600_000
const at = (hours: number, context = false): Noted => ({ fromMs: hours * hour, toMs: (hours + 1) * hour, context })

test('windows no further apart than the quiet time are one episode', () => {
  const episodes = episodesOf([at(0), at(1), at(4), at(8)], 2 * hour)

  expect(episodes.map(({ windows }) => windows.length)).toEqual([3, 1])
  expect(episodes[0]).toMatchObject({ fromMs: 0, toMs: 5 * hour })
})

test('context neither begins nor prolongs an episode, but is part of those it lies near', () => {
  const episodes = episodesOf([at(0, true), at(2), at(3, true), at(5, true), at(7), at(20, true)], 2 * hour)

  expect(episodes.map(({ windows }) => windows.map(({ fromMs }) => fromMs / hour))).toEqual([
    [0, 2, 3, 5],
    [5, 7],
  ])
})

test('context alone is no episode', () => {
  expect(episodesOf([at(0, true), at(1, true)], hour)).toEqual([])
})

test('an episode without an end is divided, so that what is judged at once stays bounded', () => {
  const episodes = episodesOf(
    Array.from({ length: 2000 }, (_, hours) => at(hours)),
    hour,
  )

  expect(episodes.map(({ windows }) => windows.length)).toEqual([720, 720, 560])
})

test('every window that counts for itself is in one episode, and episodes are further apart than the quiet time', () => {
  const hours = fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 60 })
  fc.assert(
    fc.property(hours, fc.integer({ min: 0, max: 10 }), (marks, quiet) => {
      const noted = marks.toSorted((a, b) => a - b).map((mark) => at(mark, mark % 3 === 0))

      const episodes = episodesOf(noted, quiet * hour)

      const own = episodes.flatMap(({ windows }) => windows.filter(({ context }) => !context))
      expect(own).toEqual(noted.filter(({ context }) => !context))
      for (const [i, episode] of episodes.entries()) {
        const before = episodes[i - 1]
        if (before !== undefined) expect(episode.fromMs - before.toMs).toBeGreaterThan(quiet * hour)
      }
    }),
  )
})
