import { describe, expect, test } from 'vitest'
import { codeOf } from '../refusal.fixture.ts'
import { parseQuery } from './grammar.ts'
import { type Known, meaningOf } from './meaning.ts'

describe('what a search means', () => {
  test('a field that nobody knows is refused with the ones that were meant', () => {
    expect(codeOf(() => mean('a user.nmae:root'))).toBe('query-malformed')
    expect(() => mean('a user.nmae:root')).toThrow('Column 3: There is no field “user.nmae”. Did you mean user.name')
    expect(() => mean('hots:desk-1')).toThrow('host')
    expect(() => mean('zzzzzzzzzzzz:1')).toThrow('Put the text in quotes')
  })

  test('a value that its field cannot have is refused at its place', () => {
    for (const [query, column] of [
      ['process.pid:abc', 13],
      ['process.pid>*', 13],
      ['user.name>5', 1],
      ['@timestamp:2026-11-22', 12],
      ['ip:desk-1', 4],
      ['a:b:c', 1],
      ['source.ip:[1', 11],
      ['source.ip:1..5,7', 11],
      ['a*b', 1],
      ['--', 1],
      ['winlog.event_id:4*5', 17],
      [`user.name:${'a*'.repeat(20)}`, 11],
    ] as const)
      expect(() => mean(query), query).toThrow(`Column ${column}:`)
  })

  test('an address is asked for by its key, a network by the range of its keys', () => {
    expect(mean('source.ip:203.0.113.7')).toEqual({
      kind: 'keys',
      column: 'source_key',
      from: '4cb007107',
      to: '4cb007107',
      words: { kind: 'phrase', phrase: { column: 'marks', words: ['4cb007107'], isPrefix: false } },
    })
    expect(mean('source.ip:203.0.112.0/20')).toMatchObject({ from: '4cb007000', to: '4cb007fff' })
    expect(mean('source.ip:203.0.113.*')).toMatchObject({ from: '4cb007100', to: '4cb0071ff' })
    expect(mean('source.ip:2001:DB8:0:0::1')).toMatchObject({ from: '620010db8000000000000000000000001' })
  })

  test('a network wherever it stands is the beginnings of its keys', () => {
    expect(words('203.0.113.0/24')).toEqual(['4cb0071*'])
    expect(words('203.0.112.0/22')).toEqual(['4cb0070*', '4cb0071*', '4cb0072*', '4cb0073*'])
    expect(words('ip:203.0.113.8/29')).toEqual([
      '4cb007108',
      '4cb007109',
      '4cb00710a',
      '4cb00710b',
      '4cb00710c',
      '4cb00710d',
      '4cb00710e',
      '4cb00710f',
    ])
    expect(words('203.0.113.7')).toEqual(['4cb007107'])
  })

  test('a private number is asked for as it is and as its token', () => {
    expect(words('"123-45-6789"')).toEqual(['token of 123 45 6789'])
    expect(words('123456789')).toEqual(['123456789', 'token of 123456789'])
  })

  test('times are instants or durations back from now', () => {
    expect(mean('@timestamp>-2h')).toEqual({ kind: 'number', column: 'at', op: '>', value: nowMs - 7_200_000 })
    expect(mean('@timestamp<2026-11-22')).toMatchObject({ value: Date.parse('2026-11-22T00:00:00Z') })
  })
})

const nowMs = Date.parse('2026-11-24T12:00:00Z')
const known: Known = {
  spellings: (text) =>
    text === '123-45-6789' ? [`token of ${text}`] : /^\d{9}$/.test(text) ? [text, `token of ${text}`] : [text],
  hosts: () => [1],
  sources: () => [],
  nowMs,
}

function mean(text: string) {
  return meaningOf(parseQuery(text), known)
}

/** Words of a search that is one phrase or several to choose from. */
function words(text: string): string[] {
  const condition = mean(text)
  const all = condition.kind === 'or' ? condition.of : [condition]
  return all.flatMap((one) =>
    one.kind === 'phrase' ? [`${one.phrase.words.join(' ')}${one.phrase.isPrefix === true ? '*' : ''}`] : [],
  )
}
