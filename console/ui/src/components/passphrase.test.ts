import { expect, test } from 'vitest'
import { mistakesOf } from './passphrase.tsx'

test('a passphrase is used when it is long enough and was entered twice alike', () => {
  expect(mistakesOf({ passphrase: 'harbour tide lantern', again: 'harbour tide lantern' })).toEqual({})
  expect(mistakesOf({ passphrase: 'short', again: 'short' }).passphrase).toContain('12 characters')
  expect(mistakesOf({ passphrase: 'harbour tide lantern', again: 'harbour tide lanten' }).again).toContain(
    'not the same',
  )
})
