import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toUtf8 } from '../bytes.ts'
import { formatBagInfo, formatManifest, parseBagInfo, parseManifest } from './bag.ts'
import { type Content, linesOf, wholeOf } from './content.ts'
import { firstNameBreak, isSafeName } from './layout.ts'

const hash = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 64, maxLength: 64 })
  .map((digits) => digits.join(''))
const path = fc.stringMatching(/^data\/[a-z0-9_.-]{1,20}$/)

describe('a manifest', () => {
  test('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.dictionary(path, hash), (files) => {
        const listed = new Map(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)))
        if (listed.size > 0) expect(parseManifest(toUtf8(formatManifest(listed)), 'm')).toEqual(listed)
      }),
    )
  })

  test.each([
    '',
    '\n',
    'x\n',
    `${'0'.repeat(64)} data/a\n`,
    `${'0'.repeat(64)}  data/a`,
    `${'A'.repeat(64)}  data/a\n`,
    `${'0'.repeat(64)}  data/a\r\n`,
  ])('of the text %j is none', (text) => {
    expect(() => parseManifest(toUtf8(text), 'm')).toThrow(expect.objectContaining({ code: 'package-malformed' }))
  })

  test('with a path twice, or out of order, is none', () => {
    const line = (name: string) => `${'0'.repeat(64)}  data/${name}\n`

    for (const text of [line('a') + line('a'), line('b') + line('a')])
      expect(() => parseManifest(toUtf8(text), 'm')).toThrow(expect.objectContaining({ code: 'package-malformed' }))
  })
})

test('labels of a bag come back as they were written, and none may stand twice', () => {
  const info = [
    ['Source-Organization', 'Halyard: Customs, "Brokers"'],
    ['Payload-Oxum', '5.1'],
  ] as const

  expect(parseBagInfo(toUtf8(formatBagInfo(info)), 'i')).toEqual(new Map(info))
  for (const text of ['A: 1\nA: 2\n', 'A 1\n', ': 1\n', 'A: 1'])
    expect(() => parseBagInfo(toUtf8(text), 'i')).toThrow(expect.objectContaining({ code: 'package-malformed' }))
})

describe('a name', () => {
  test.each(['bag/a', 'INC-1_soc_v1/data/60_hosts/00ff/host.json', 'a-b_c.d/e'])('%s is safe', (name) => {
    expect(isSafeName(name)).toBe(true)
  })

  test.each([
    '',
    '/',
    'a/',
    '/a',
    'a//b',
    '.',
    '..',
    'a/../b',
    'a/.b',
    'a b',
    'a\\b',
    'a:b',
    'con',
    'a/NUL.txt',
    'com1.x',
    'a.',
    'ä',
    '-a',
    '~a',
    'a\n',
    'x'.repeat(101),
  ])('%j is not safe', (name) => {
    expect(isSafeName(name)).toBe(false)
  })

  test('in a list stands once, in order, and not beside one that differs in case only', () => {
    expect(firstNameBreak(['a/a', 'a/b'])).toBeUndefined()
    expect(firstNameBreak(['a/b', 'a/a'])).toContain('out of order')
    expect(firstNameBreak(['a/a', 'a/a'])).toContain('twice')
    expect(firstNameBreak(['a/A', 'a/a'])).toContain('case only')
    expect(firstNameBreak(['a/..', 'a/a'])).toContain('not a name')
  })
})

describe('lines', () => {
  const contentOf = (bytes: Uint8Array, cut: number): Content => ({
    bytes: bytes.length,
    async *pieces() {
      for (let at = 0; at < bytes.length; at += cut) yield bytes.subarray(at, at + cut)
    },
    digests: async () => ({ crc32: 0, sha256: new Uint8Array(32) }),
  })
  const read = async (bytes: Uint8Array, cut: number) => {
    const lines: string[] = []
    for await (const line of linesOf(contentOf(bytes, cut)))
      lines.push(new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(line))
    return lines
  }

  test('are the same however the bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-z ]{0,12}$/)),
        fc.integer({ min: 1, max: 40 }),
        async (lines, cut) => {
          expect(await read(toUtf8(lines.map((line) => `${line}\n`).join('')), cut)).toEqual(lines)
        },
      ),
    )
  })

  test('that do not end, and files that are too large to be kept, are refused', async () => {
    await expect(read(toUtf8('a\nb'), 2)).rejects.toMatchObject({ code: 'package-malformed' })
    await expect(wholeOf(contentOf(toUtf8('12345'), 2), 4)).rejects.toMatchObject({ code: 'package-too-large' })
    await expect(read(new Uint8Array(5_000_000).fill(0x20), 1_000_000)).rejects.toMatchObject({
      code: 'package-too-large',
    })
  })
})
