import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nodePrimitives } from '../../node/primitives.ts'
import { toUtf8 } from '../bytes.ts'
import { readDer, tags, writeDer } from './der.ts'
import { fingerprintOf, fromPem, parseFingerprint, readCertificate, toPem } from './signer.ts'

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))

describe('PEM', () => {
  test('is written as OpenSSL writes it and read back', () => {
    expect(toPem('PUBLIC KEY', spki)).toBe(publicKey.export({ format: 'pem', type: 'spki' }))
    expect(fromPem('PUBLIC KEY', toUtf8(toPem('PUBLIC KEY', spki)))).toEqual(spki)
  })

  test('with another label, another width or anything beside it is refused', () => {
    const pem = toPem('PUBLIC KEY', spki)
    for (const text of [
      pem.replaceAll('PUBLIC', 'PRIVATE'),
      `${pem}\n`,
      ` ${pem}`,
      pem.replace(/\n(?=[A-Za-z0-9+/]{10})/, ''),
      pem.slice(0, -1),
      '',
    ])
      expect(() => fromPem('PUBLIC KEY', toUtf8(text))).toThrow(expect.objectContaining({ code: 'package-malformed' }))
  })
})

describe('DER', () => {
  test('comes back as it was written, nested as deep as it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const written = writeDer(tags.sequence, writeDer(tags.octetString, bytes), writeDer(tags.null))
        const [outer] = readDer(written)
        expect(outer?.whole).toEqual(written)
        expect(readDer(outer?.content ?? new Uint8Array())[0]).toMatchObject({ tag: tags.octetString, content: bytes })
      }),
    )
  })

  test('of random bytes is read or refused, and never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          const values = readDer(bytes)
          expect(values.reduce((sum, { whole }) => sum + whole.length, 0)).toBe(bytes.length)
        } catch (error) {
          expect(error).toMatchObject({ code: 'package-malformed' })
        }
      }),
    )
  })

  test.each([
    [[0x30, 0x81, 0x05, 0, 0, 0, 0, 0]],
    [[0x30, 0x80, 0, 0]],
    [[0x30, 0x83, 0, 0, 1, 0]],
    [[0x30, 5, 0]],
    [[0x30]],
  ])('with a length that is not the shortest, open or beyond the end is refused', (bytes) => {
    expect(() => readDer(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: 'package-malformed' }))
  })
})

test('random bytes are no certificate', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => readCertificate(nodePrimitives, bytes)).toThrow(expect.objectContaining({ name: 'Refusal' }))
    }),
  )
})

test('a fingerprint is that of a P-256 key in its one form, and is read as people write it', () => {
  const fingerprint = fingerprintOf(nodePrimitives, spki) ?? ''

  expect(fingerprint).toMatch(/^[0-9a-f]{64}$/)
  expect(fingerprintOf(nodePrimitives, spki.subarray(1))).toBeUndefined()
  for (const text of [
    fingerprint,
    fingerprint.toUpperCase(),
    fingerprint.replaceAll(/(..)(?=.)/g, '$1:'),
    ` ${fingerprint.replaceAll(/(.{4})/g, '$1 ')}`,
  ])
    expect(parseFingerprint(text)).toBe(fingerprint)
  for (const text of ['', fingerprint.slice(1), `${fingerprint}0`, 'g'.repeat(64)])
    expect(parseFingerprint(text)).toBeUndefined()
})
