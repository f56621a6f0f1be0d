import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex } from './bytes.ts'
import { Refusal } from './error.ts'
import { formatToken, parseToken, serverNameOf, type Token } from './token.ts'

const runs = { seed: 4648 }
const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`))
const token: fc.Arbitrary<Token> = fc.record({
  a: fc.array(fc.stringMatching(/^wss:\/\/[a-z0-9.:[\]-]{1,40}$/), { minLength: 1, maxLength: 16 }),
  c: hex(64),
  i: hex(16),
  s: hex(32),
})

function read(text: string): Token | Refusal {
  try {
    return parseToken(text)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

test('a token comes back as it was written, in letters that any shell and any URL take', () => {
  fc.assert(
    fc.property(token, (one) => {
      const text = formatToken(one)
      expect(text).toMatch(/^tw1\.[A-Za-z0-9_-]+$/)
      expect(parseToken(text)).toEqual(one)
    }),
    runs,
  )
})

test('a token that was cut off or mistyped is refused, or names another console or another secret', () => {
  fc.assert(
    fc.property(token, fc.nat(), fc.constantFrom(...'Aa0-_=. +/\n'), (one, at, char) => {
      const text = formatToken(one)
      const place = at % text.length
      expect(read(text.slice(0, place))).toBeInstanceOf(Refusal)
      const mistyped = text.slice(0, place) + char + text.slice(place + 1)
      if (mistyped !== text) expect(read(mistyped)).not.toEqual(one)
    }),
    { ...runs, numRuns: 300 },
  )
})

test('any text is a token or refused as none, and no refusal holds a part of it', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `tw1.${text}`),
        fc.base64String().map((text) => `tw1.${text}`),
      ),
      (text) => {
        expect(read(text)).toMatchObject({ code: 'token-malformed' })
      },
    ),
    runs,
  )
  fc.assert(
    fc.property(token, (one) => {
      const refusal = read(`${formatToken(one)}=`) as Refusal
      expect(`${refusal.message} ${refusal.stack}`).not.toContain(formatToken(one).slice(4, 24))
      expect(refusal.cause).toBeUndefined()
    }),
    runs,
  )
})

test('the name of the agent port follows from the pin alone', () => {
  const pin = 'ab'.repeat(32)
  expect(serverNameOf(pin)).toBe(`${'ab'.repeat(8)}.tidewaiter`)
  expect(fromHex(serverNameOf(pin).slice(0, 16))).toBeDefined()
})
