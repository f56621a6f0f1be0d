import { expect, test } from 'vitest'
import { openDeaths } from './deaths.ts'

test('a batch is suspect after one death, and left out after the second that is its own', () => {
  const deaths = openDeaths()

  deaths.note(7, false)
  expect([deaths.suspects(), deaths.leftOut()]).toEqual([[7], []])
  deaths.note(9, false)
  deaths.note(7, false)
  expect([deaths.suspects(), deaths.leftOut()]).toEqual([[7, 9], [7]])
})

test('a writer that somebody kills five times does not cost its batch the place in the index', () => {
  const deaths = openDeaths()
  for (let i = 0; i < 5; i++) deaths.note(7, true)
  expect(deaths.leftOut()).toEqual([])

  deaths.note(7, true)
  expect(deaths.leftOut()).toEqual([7])
})

test('a death between two batches is nobody’s', () => {
  const deaths = openDeaths()
  deaths.note(undefined, false)

  expect(deaths.suspects()).toEqual([])
})
