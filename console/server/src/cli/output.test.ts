import { expect, onTestFinished, test } from 'vitest'
import { onOneLine, table } from './output.ts'

test.each([
  [undefined, 'LINE  WHY\n1     it is longer than this'],
  [16, 'LINE  WHY\n1     it is lon…'],
])('the rows of a table are cut to a terminal of %s columns', (columns, shown) => {
  const before = process.stdout.columns
  onTestFinished(() => {
    process.stdout.columns = before
  })
  Object.assign(process.stdout, { columns })

  expect(onOneLine(table(['LINE', 'WHY'], [['1', 'it is longer than this']]))).toBe(shown)
})
