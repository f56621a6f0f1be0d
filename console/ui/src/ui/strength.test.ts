import { expect, test } from 'vitest'
import { strengthOf } from './strength.ts'

test('a password the console would refuse says what is missing', () => {
  expect(strengthOf('short', 'a@b.example')).toEqual({ fits: false, words: 'Too short: 7 more' })
  expect(strengthOf('', '').fits).toBe(false)
})

test('a long password of few characters, or with the e-mail in it, is called weak', () => {
  expect(strengthOf('abababababababab', '').words).toContain('repeats')
  expect(strengthOf('reyes-and-more-2026', 'Reyes@halyard-customs.example').words).toContain('e-mail')
})

test('length makes the difference between good and strong', () => {
  expect(strengthOf('harbour-tide7', '')).toEqual({ fits: true, words: 'Good' })
  expect(strengthOf('harbour tide lantern', '')).toEqual({ fits: true, words: 'Strong' })
})
