import { expect, test } from 'vitest'
import { toTsv } from './tsv.ts'

test('a cell that would be a formula is made text', () => {
  expect(toTsv([['=HYPERLINK("http://x")', '+1', '-1', '@a', ' =1', '＝1']])).toBe(
    "'=HYPERLINK(\"http://x\")\t'+1\t'-1\t'@a\t' =1\t'＝1",
  )
})

test('a cell cannot start a new cell or row', () => {
  expect(toTsv([['a\tb', 'c\r\n=d']])).toBe('a b\tc =d')
})
