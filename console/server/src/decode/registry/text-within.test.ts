import { expect, test } from 'vitest'
import { textWithin } from './text-within.ts'

test('text in both widths is found among other bytes, in its order', () => {
  const data = Buffer.concat([
    Buffer.from([1, 2, 0xff]),
    Buffer.from('C:\\tools\\nc.exe'),
    Buffer.from([0, 0x80]),
    Buffer.from('invoice.xlsm', 'utf16le'),
    Buffer.from([0xfe]),
  ])

  expect(textWithin(data)).toBe('C:\\tools\\nc.exe invoice.xlsm')
})

test('what is only there by chance is left out', () => {
  expect(textWithin(Buffer.from('short\0no\0w\0e\0'))).toBeUndefined()
  expect(textWithin(Buffer.alloc(4096))).toBeUndefined()
})

test('of long text as much is taken as is wanted', () => {
  expect(textWithin(Buffer.alloc(4096, 'a'))).toHaveLength(512)
})
