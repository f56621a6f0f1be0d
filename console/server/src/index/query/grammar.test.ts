import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeOf } from '../refusal.fixture.ts'
import { type Node, parseQuery } from './grammar.ts'

describe('reading a search', () => {
  test('a space means and, or binds looser, and brackets bind first', () => {
    expect(shape('a b or c')).toBe('((a & b) | c)')
    expect(shape('a and not b')).toBe('(a & !b)')
    expect(shape('a (b or c)')).toBe('(a & (b | c))')
    expect(shape('NOT not a OR b')).toBe('(a | b)')
  })

  test('a field takes a value, a list, a comparison, or a star', () => {
    expect(shape('user.name:root')).toBe('user.name:root')
    expect(shape('event.category:(process or network)')).toBe('event.category:process/network')
    expect(shape('source.port>=1024')).toBe('source.port>=1024')
    expect(shape('user.name:*')).toBe('user.name:*')
  })

  test('quotes keep blanks, quotes, backslashes and stars, and are remembered', () => {
    expect(parseQuery('file.path:"C:\\\\a \\"b\\" *"')).toMatchObject({
      values: [{ text: 'C:\\a "b" *', isQuoted: true, at: 10 }],
    })
  })

  test('addresses, drives and URLs are text and no fields', () => {
    for (const text of ['2001:db8::1', 'C:\\Users\\x', 'http://cdn.example/u', '203.0.113.0/24', '10:42:11'])
      expect(parseQuery(text)).toMatchObject({ field: undefined, values: [{ text }] })
    expect(shape('ip:2001:db8:bad::77')).toBe('ip:2001:db8:bad::77')
  })

  test('hex digits between colons are an address only where there are enough of them', () => {
    for (const text of ['fe80::1', 'fe80:0:0:0:0:0:0:1', '52:54:00:ab:cd:ef', 'ab:cd:ef:ab:cd:ef'])
      expect(shape(text)).toBe(text)
    expect(parseQuery('a:b:c')).toMatchObject({ field: 'a', values: [{ text: 'b:c' }] })
  })

  test('nothing but blanks asks for everything', () => {
    expect(parseQuery('  ')).toBeUndefined()
  })

  test.each([
    ['(a or b', 1],
    ['a)', 2],
    ['a and ', 7],
    ['or a', 1],
    ['user.name:"abi', 11],
    ['user.name:', 11],
    ['event.type:(a b)', 15],
    ['source.ip:[1 TO', 11],
    ['source.port:{1 to 5}', 13],
    ['('.repeat(10_000), 33],
    ['a '.repeat(200), 201],
  ])('%.20s is refused with the column of the mistake', (text, column) => {
    expect(codeOf(() => parseQuery(text))).toBe('query-malformed')
    expect(() => parseQuery(text)).toThrow(`Column ${column}:`)
  })

  test('whatever is typed is read or refused by name', () => {
    const typed = fc.string({ unit: fc.constantFrom(...'ab:*()"\\ >=<.-@', ' and ', ' or ', ' not ', 'ü', '\0') })
    fc.assert(
      fc.property(typed, (text) => {
        expect([undefined, 'query-malformed']).toContain(codeOf(() => parseQuery(text)))
      }),
    )
  })
})

function shape(text: string): string {
  const node = parseQuery(text)
  return node === undefined ? '' : draw(node)
}

function draw(node: Node): string {
  if (node.kind === 'not') return `!${draw(node.of)}`
  if (node.kind !== 'term') return `(${node.of.map(draw).join(node.kind === 'and' ? ' & ' : ' | ')})`
  const values = node.values.map(({ text }) => text).join('/')
  return node.field === undefined ? values : `${node.field}${node.op}${values}`
}
