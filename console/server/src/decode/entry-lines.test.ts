import { expect, test } from 'vitest'
import { type EntryLines, entryGatherer, type Part } from './entry-lines.ts'

const partOf = (text: string): Part =>
  text.startsWith('+') ? 'next' : text.startsWith('.') ? 'last' : text.startsWith('!') ? 'only' : 'first'
const gather = (lines: readonly string[], before?: EntryLines) => {
  const gatherer = entryGatherer(partOf, before)
  const done = lines.flatMap((line, i) => gatherer.push(String(i), line))
  return { done: done.map(({ texts }) => texts.join(' ')), open: gatherer.open() }
}

test('lines that go on belong to the one before them, until one begins, ends or stands alone', () => {
  expect(gather(['a', '+b', '+c', 'd', '.e', '!f', 'g']).done).toEqual(['a +b +c', 'd .e', '!f'])
})

test('a line that goes on from nothing is an entry by itself', () => {
  expect(gather(['+b', '.c', 'a']).done).toEqual(['+b', '.c'])
})

test('what is open goes on where it stopped', () => {
  const { open } = gather(['a', '+b'])

  expect(gather(['.c'], JSON.parse(JSON.stringify(open))).done).toEqual(['a +b .c'])
})

test('an entry has no more lines and characters than a state may hold; what comes after is not lost', () => {
  const many = gather(['a', ...new Array(200).fill('+b')])
  const long = gather(['a', ...new Array(200).fill(`+${'\0'.repeat(500)}`)])

  for (const { done, open } of [many, long]) {
    expect(JSON.stringify(open ?? null).length).toBeLessThan(45_000)
    expect(done.join(' ').match(/[+a]/g)).toHaveLength(201)
  }
  expect(gather(['a', `+${'b'.repeat(100_000)}`, 'c']).done).toEqual(['a', `+${'b'.repeat(100_000)}`])
})
