import { Type } from 'typebox'
import { Compile } from 'typebox/schema'
import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { Header } from './batch.ts'
import { check, compileChecks } from './check.ts'
import { ChunkHead, Position } from './record.ts'

const head = {
  source: 'log-file:/var/log/auth.log',
  start: { offset: 0, file: { dev: '1', ino: '2', headSha256: 'a'.repeat(64) } },
  readAt: '2026-11-27T00:00:00.000Z',
  method: 'file',
  unit: 'byte',
  lf: true,
}
const others: unknown[] = [
  { ...head, lf: 'true' },
  { ...head, more: 1 },
  JSON.parse(`{"__proto__":1,${JSON.stringify(head).slice(1)}`),
  JSON.parse(`{"constructor":1,${JSON.stringify(head).slice(1)}`),
  { ...head, start: { offset: -1, file: head.start.file } },
  { ...head, start: { offset: 2 ** 53, file: head.start.file } },
  { ...head, readAt: '2026-13-27T00:00:00.000Z' },
  { ...head, source: `a:${'x'.repeat(1024)}` },
  [head],
  null,
  undefined,
  'x',
]

describe('a check', () => {
  test('says the same compiled and not, whatever is checked', () => {
    const values = [head, head.start, ...others]
    const plain = [ChunkHead, Position, Header].map((schema) => values.map((value) => Value.Check(schema, value)))

    compileChecks(Compile)

    expect([ChunkHead, Position, Header].map((schema) => values.map((value) => check(schema, value)))).toEqual(plain)
    expect(plain[0]?.filter((isGood) => isGood)).toEqual([true])
  })

  test('compiles each schema once', () => {
    let times = 0
    compileChecks((schema) => {
      times += 1
      return Compile(schema)
    })
    const schema = Type.Object({ a: Type.Integer() })

    expect([check(schema, { a: 1 }), check(schema, { a: 'b' }), check(schema, { a: 2 })]).toEqual([true, false, true])
    expect(times).toBe(1)
  })
})
