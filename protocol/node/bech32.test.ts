import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ageKeyPair, parseRecipient } from './age.ts'
import { fromBech32, toBech32 } from './bech32.ts'

test('what is written is read again, in either case and in no mixture of both', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const text = toBech32('age', bytes)
      expect(fromBech32('age', text)).toEqual(bytes)
      expect(fromBech32('age', text.toUpperCase())).toEqual(bytes)
      expect(fromBech32('ag', text)).toBeUndefined()
      expect(fromBech32('age', `A${text.slice(1)}`)).toBeUndefined()
    }),
  )
})

test('the test vectors of BIP 173 are told as they are there', () => {
  expect(fromBech32('a', 'A12UEL5L')).toEqual(new Uint8Array(0))
  expect(toBech32('a', new Uint8Array(0))).toBe('a12uel5l')
  for (const wrong of ['A1G7SGD8', '10a06t8', '1qzzfhee', 'x1b4n0q5v', 'li1dgmt3', 'de1lg7wt\u00ff'])
    expect(fromBech32('a', wrong)).toBeUndefined()
})

test('one mistyped letter of a recipient is found', () => {
  const { recipient } = ageKeyPair(new Uint8Array(32).fill(7))
  expect(parseRecipient(recipient)).toHaveLength(32)
  for (let at = 4; at < recipient.length; at++) {
    const other = recipient[at] === 'q' ? 'p' : 'q'
    expect(parseRecipient(recipient.slice(0, at) + other + recipient.slice(at + 1))).toBeUndefined()
  }
})
