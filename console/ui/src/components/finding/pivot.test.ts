import { expect, test } from 'vitest'
import { parseQuery } from '../query/grammar.ts'
import { pivotQuery } from './pivot.ts'

test('a subject is searched by its field, whatever its value holds', () => {
  expect(pivotQuery({ type: 'address', value: '203.0.113.201' })).toBe('ip:203.0.113.201')
  expect(pivotQuery({ type: 'account', value: 'or "x" (' })).toBe('user.name:"or \\"x\\" ("')
})

test.each(['a b', '"', '\\', ')', 'not', '=cmd|x', 'https://x.example/?q=1'])('%j stays one value', (value) => {
  for (const type of ['address', 'account', 'process', 'file', 'url', 'host'] as const) {
    const parsed = parseQuery(pivotQuery({ type, value }))

    expect(parsed.ok && parsed.root?.kind === 'term' && parsed.root.values).toEqual([value])
  }
})
