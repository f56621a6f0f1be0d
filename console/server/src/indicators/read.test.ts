import { expect, test } from 'vitest'
import { isRefusal } from '../error.ts'
import { readIndicators } from './read.ts'

test.each([
  ['', undefined],
  ['\uFEFF\r\n \n', undefined],
  ['', 'csv'],
  ['', 'text'],
  ['', 'stix'],
] as const)('%j is refused as empty, whatever format was named', (text, format) => {
  expect(refusalOf(() => readIndicators(text, format))).toMatch(/^indicator-file-refused: .*empty/)
})

test('columns without names are taken when a cell says what another is, also of one row alone', () => {
  expect(readIndicators('ipv4,198.51.100.7,seen in May').recognised).toMatchObject([
    { type: 'ip', value: '198.51.100.7', note: 'seen in May' },
  ])
})

test('columns that cannot be told are refused with words about their names', () => {
  expect(refusalOf(() => readIndicators('198.51.100.7,high,note'))).toMatch(/columns .* header/)
  expect(readIndicators('ipv4,198.51.100.7,note', 'text').refused).toMatchObject([
    { line: 1, why: expect.stringContaining('header') },
  ])
})

function refusalOf(act: () => unknown): string {
  try {
    act()
    return 'taken'
  } catch (error) {
    return isRefusal(error) ? `${error.code}: ${error.says}` : String(error)
  }
}
