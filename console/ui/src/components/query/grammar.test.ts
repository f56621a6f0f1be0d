import { describe, expect, test } from 'vitest'
import { chipsOf, guessField, quoted, withoutChip, withTerm } from './chips.ts'
import { parseQuery } from './grammar.ts'

describe('reading a query', () => {
  test('space means and, and or binds looser', () => {
    expect(shape('a b or c')).toBe('((a & b) | c)')
    expect(shape('a and not b')).toBe('(a & !b)')
    expect(shape('a (b or c)')).toBe('(a & (b | c))')
  })

  test('a field takes a value, a list, a range, or is asked to be there', () => {
    expect(shape('user:abiadmin')).toBe('user:abiadmin')
    expect(shape('type:(process or net)')).toBe('type:process/net')
    expect(shape('source.bytes>=1000')).toBe('source.bytes>=1000')
    expect(shape('user:*')).toBe('user:*')
  })

  test('a quoted value keeps spaces, quotes and backslashes', () => {
    expect(shape('file.path:"C:\\\\a \\"b\\""')).toBe('file.path:C:\\a "b"')
  })

  test('addresses, drives and URLs are text and no fields', () => {
    for (const text of ['2001:db8::1', 'fe80::1', 'C:\\Users\\x', 'http://cdn.example/u', '203.0.113.0/24'])
      expect(shape(text)).toBe(text)
  })

  test('hex digits between colons are an address only where there are enough of them', () => {
    expect(shape('52:54:00:ab:cd:ef')).toBe('52:54:00:ab:cd:ef')
    expect(parseQuery('a:b:c')).toMatchObject({ root: { field: 'a', values: ['b:c'] } })
  })

  test('a field whose value is an address is a field', () => {
    expect(shape('ip:2001:db8:bad::77')).toBe('ip:2001:db8:bad::77')
  })

  test('an empty query is no mistake', () => {
    expect(parseQuery('  ')).toEqual({ ok: true, root: undefined })
  })

  test.each([
    ['(a or b', 0, 'This bracket is not closed.'],
    ['a)', 1, 'This bracket closes nothing.'],
    ['a and ', 6, 'Something is missing here: a field, a value or a bracket.'],
    ['or a', 0, '“or” stands between two things, or before one.'],
    ['user:"abi', 5, 'This quote is not closed.'],
    ['user:', 5, 'A value is missing here.'],
    ['source.ip:[1 TO', 10, 'A range is written with > and <, for example source.port>=1024 and source.port<2048.'],
    ['type:(a b)', 8, 'Values in brackets are joined by “or” and closed by “)”.'],
  ])('%s is pointed at in its column', (text, at, says) => {
    expect(parseQuery(text)).toEqual({ ok: false, at, says })
  })

  test('ten thousand brackets are refused and not followed', () => {
    expect(parseQuery('('.repeat(10_000))).toMatchObject({ ok: false, at: 32 })
  })
})

describe('chips', () => {
  const query = 'host:hcb-abi01 and (user:abiadmin or 203.0.113.201) not type:dns'

  test('say what is joined by and', () => {
    expect(chipsOf(query).map(({ label, text }) => [label, text])).toEqual([
      ['host', 'hcb-abi01'],
      ['any of', 'user abiadmin, 203.0.113.201'],
      ['not', 'type dns'],
    ])
  })

  test('taking one away leaves the others as they were written', () => {
    const [first] = chipsOf(query)

    expect(first && withoutChip(query, first)).toBe('(user:abiadmin or 203.0.113.201) and not type:dns')
  })

  test('a query that cannot be read has none', () => {
    expect(chipsOf('a and (')).toEqual([])
  })
})

describe('narrowing by a value', () => {
  test('an open or is put in brackets', () => {
    expect(withTerm('a or b', { field: 'user', value: 'x' })).toBe('(a or b) and user:x')
    expect(withTerm('(a or b)', { field: 'user', value: 'x' })).toBe('(a or b) and user:x')
    expect(withTerm('', { field: 'user', value: 'x', not: true })).toBe('not user:x')
  })

  test('a hostile value stays one value', () => {
    const query = withTerm('', { field: 'process.name', value: 'a" or host:* "' })

    expect(shape(query)).toBe('process.name:a" or host:* "')
  })

  test('a star in a value means a star', () => {
    expect(quoted('a*')).toBe('"a*"')
    expect(quoted('or')).toBe('"or"')
  })

  test('bare values are recognised', () => {
    expect(['203.0.113.0/24', '2001:db8::1', 'a'.repeat(64), 'b@mailer.example', 'abiadmin'].map(guessField)).toEqual([
      'ip',
      'ip',
      'hash',
      'email',
      undefined,
    ])
  })
})

function shape(text: string): string {
  const parsed = parseQuery(text)
  return parsed.ok && parsed.root ? draw(parsed.root) : 'mistake'
}

function draw(node: import('./grammar.ts').Node): string {
  if (node.kind === 'term') return `${node.field}${node.op}${node.values.join('/')}`
  if (node.kind === 'not') return `!${draw(node.of)}`
  return `(${node.of.map(draw).join(node.kind === 'and' ? ' & ' : ' | ')})`
}
