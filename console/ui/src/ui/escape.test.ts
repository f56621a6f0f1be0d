import { describe, expect, test } from 'vitest'
import { escapeText, hexDump, looksBinary, segmentsOf, textOfBytes } from './escape.ts'

describe('text from hosts', () => {
  test('a bidi override is shown as its code point', () => {
    expect(escapeText('invoice\u202Efdp.exe')).toBe('invoice⟨U+202E⟩fdp.exe')
  })

  test('an ANSI escape is shown as a picture and does not reach the terminal of whoever copies it', () => {
    expect(escapeText('\u001b[31mred')).toBe('␛[31mred')
  })

  test('a forged line break is visible in one-line places and a real one in boxes', () => {
    expect(escapeText('a\nb')).toBe('a␊b')
    expect(segmentsOf('a\nb', { lines: true })).toEqual([{ text: 'a\nb' }])
  })

  test('zero-width characters, tags and lone surrogates are shown', () => {
    expect(escapeText('a\u200Bb')).toBe('a⟨U+200B⟩b')
    expect(escapeText('\u{E0041}')).toBe('⟨U+E0041⟩')
    expect(escapeText('\uD800')).toBe('⟨U+D800⟩')
  })

  test('ordinary text of any script stays one segment', () => {
    expect(segmentsOf('Größe 大きさ مرحبا 👍')).toEqual([{ text: 'Größe 大きさ مرحبا 👍' }])
  })

  test('markup stays text', () => {
    expect(segmentsOf('<script>alert(1)</script>')).toEqual([{ text: '<script>alert(1)</script>' }])
  })
})

describe('bytes of a record', () => {
  test('a byte that is not UTF-8 is marked and its neighbours are kept', () => {
    expect(textOfBytes(Uint8Array.from([0x61, 0xff, 0xc3, 0xa9, 0xc3]))).toBe('a⟨0xFF⟩é⟨0xC3⟩')
  })

  test('an overlong sequence is not read as the character it stands for', () => {
    expect(textOfBytes(Uint8Array.from([0xc0, 0xaf]))).toBe('⟨0xC0⟩⟨0xAF⟩')
  })

  test('a utmp record is binary and a log line is not', () => {
    expect(looksBinary(new Uint8Array(384))).toBe(true)
    expect(looksBinary(new TextEncoder().encode('Oct 28 03:05:22 hcb-abi01 sshd[21844]: ok'))).toBe(false)
  })

  test('a hex dump has an offset, sixteen bytes and their text on each line', () => {
    expect(hexDump(new TextEncoder().encode('0123456789abcdefX'))).toBe(
      '00000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef\n' +
        `00000010  58${' '.repeat(45)}  X`,
    )
  })
})
