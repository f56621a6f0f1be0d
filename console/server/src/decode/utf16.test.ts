import { expect, test } from 'vitest'
import { toWideText } from './utf16.ts'

/** Cut at the byte of the line feed, as any file is. */
function cutLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let at = 0; at <= bytes.length; ) {
    const end = bytes.indexOf(10, at) < 0 ? bytes.length : bytes.indexOf(10, at)
    lines.push(bytes.subarray(at, end))
    at = end + 1
  }
  return lines
}

test('lines of UTF-16 are read whichever half of a line feed they begin with', () => {
  const text = '2026-11-26 Zoll: Müller\r\n\r\nzweite Zeile €\r\n'
  const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])

  expect(cutLines(bytes).map(toWideText)).toEqual(['2026-11-26 Zoll: Müller\r', '\r', 'zweite Zeile €\r', ''])
})

test('lines of UTF-8 are read as they are', () => {
  expect(toWideText(Buffer.from('Müller'))).toBe('Müller')
  expect(toWideText(Buffer.from(''))).toBe('')
})
