import fc from 'fast-check'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { text } from './text.ts'

test('text is measured in code points, whatever they are and however they are seen', () => {
  const points = fc.array(
    fc.constantFrom('a', 'é', '𝛼', '\u0301', '\u200d', '\ufe0f', '🇬', '\ud800', '\n', '\u2028', '\0'),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(points, fc.nat(20), fc.nat(20), (all, least, most) => {
      const joined = all.join('')
      expect(Value.Check(text(most, { least: Math.min(least, most) }), joined)).toBe(
        [...joined].length <= most && [...joined].length >= Math.min(least, most),
      )
    }),
    { seed: 10646 },
  )
})
