import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hideBytes, privateNumbersIn } from './hide-bytes.ts'
import { openPrivacy } from './private-numbers.ts'

const privacy = openPrivacy(randomBytes(32))

test('a private number is hidden in bytes under the token it has in the index, beside text and bytes that are none', () => {
  const bytes = Buffer.concat([
    Buffer.from('Zürich importer 12-3456789AB '),
    Buffer.from([0xff, 0x00]),
    Buffer.from('end'),
  ])

  const hidden = Buffer.from(hideBytes(bytes, privacy))

  expect(hidden.toString('latin1')).toBe(privacy.hide(bytes.toString('latin1')))
  expect(hidden.includes('3456789')).toBe(false)
  expect(hidden.subarray(-5)).toEqual(bytes.subarray(-5))
  expect(hidden.includes(Buffer.from('Zürich'))).toBe(true)
  expect([privateNumbersIn(bytes), privateNumbersIn(hidden)]).toEqual([1, 0])
})

test('bytes without a private number come back as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      fc.pre(privateNumbersIn(bytes) === 0)
      expect(new Uint8Array(hideBytes(bytes, privacy))).toEqual(bytes)
    }),
  )
})
