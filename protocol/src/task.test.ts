import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refusal } from './error.ts'
import type { PrivateKind } from './policy.ts'
import { allowancesFor } from './private-path.ts'
import { type Ask, admitTask, parseTask, type Task } from './task.ts'

const runs = { seed: 7 }
const host = '00112233445566778899aabbccddeeff'
const nowMs = Date.parse('2026-11-24T10:00:00.000Z')
const kinds: PrivateKind[] = ['process-memory', 'mail', 'home', 'history', 'capture']

const path = fc.oneof(
  fc.constantFrom('/var/log/auth.log', '/home/mo/x', '/var/mail/mo', 'C:\\Users\\mo', '/proc/1/mem', '/home', '/'),
  fc.string({ minLength: 1, maxLength: 60 }),
  fc
    .array(fc.constantFrom('home', 'HOME', 'var', 'mail', '..', '.', '', 'x', 'Users. ', 'root'), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => `/${parts.join('/')}`),
)
const ask: fc.Arbitrary<Ask> = fc.oneof(
  fc.record({ kind: fc.constant('snapshot' as const), collector: fc.constantFrom('login', 'network') }),
  fc.record({ kind: fc.constant('file' as const), path }),
  fc.record({ kind: fc.constant('folder' as const), path }),
  fc.record({ kind: fc.constant('process-memory' as const), pid: fc.integer({ min: 1, max: 4_194_304 }) }),
  fc.record({ kind: fc.constant('capture' as const), seconds: fc.integer({ min: 1, max: 3600 }) }),
)
const task: fc.Arbitrary<Task> = fc.record({
  id: fc.constant('018f2c6e-7b1a-7000-8000-0000000000aa'),
  host: fc.constantFrom(host, 'f'.repeat(32)),
  counter: fc.integer({ min: 1, max: 9 }),
  expiresAt: fc.integer({ min: -2, max: 2 }).map((ms) => new Date(nowMs + ms).toISOString()),
  ask,
})

function codeOf(act: () => unknown): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

describe('a task', () => {
  test('is admitted only by the host it is for, in its time, once, and where IT allows it', () => {
    fc.assert(
      fc.property(task, fc.nat(9), fc.subarray(kinds), (one, counter, allow) => {
        expect(parseTask(JSON.parse(JSON.stringify(one)))).toEqual(one)

        const code = codeOf(() => admitTask(one, { host, counter, nowMs, policy: { allow } }))

        const expected =
          one.host !== host
            ? 'task-foreign'
            : Date.parse(one.expiresAt) <= nowMs
              ? 'task-expired'
              : one.counter <= counter
                ? 'task-replayed'
                : needs(one.ask).some((kind) => !allow.includes(kind))
                  ? 'task-not-allowed'
                  : undefined
        expect(code).toBe(expected)
      }),
      { ...runs, numRuns: 500 },
    )
  })

  test('that asks for anything beyond the list is refused, whatever it is', () => {
    const values = fc.oneof(
      fc.jsonValue(),
      fc
        .tuple(task, fc.constantFrom('id', 'host', 'counter', 'expiresAt', 'ask', 'more'), fc.jsonValue())
        .filter(([, , value]) => value !== host && !Number.isInteger(value))
        .map(([one, name, value]) => ({ ...one, [name]: value })),
      fc
        .tuple(task, fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }))
        .map(([one, more]) => ({ ...one, ask: { ...one.ask, ...more, more: 1 } })),
    )
    fc.assert(
      fc.property(values, (value) => {
        expect(codeOf(() => parseTask(value))).toBe('task-malformed')
      }),
      { ...runs, numRuns: 500 },
    )
  })
})

function needs(one: Ask): readonly PrivateKind[] {
  if (one.kind === 'process-memory' || one.kind === 'capture') return [one.kind]
  return 'path' in one ? allowancesFor(one.path, { isFolder: one.kind === 'folder' }) : []
}

describe('a path', () => {
  test('needs the same or more when it is written in another way, and a folder as much as all that is in it', () => {
    fc.assert(
      fc.property(
        path,
        fc.array(fc.constantFrom('mo', 'x.zip', 'mail'), { minLength: 1, maxLength: 3 }),
        (one, parts) => {
          const file = allowancesFor(one, { isFolder: false })
          const folder = allowancesFor(one, { isFolder: true })
          const inside = allowancesFor(`${one.replace(/\/$/, '')}/${parts.join('/')}`, { isFolder: false })

          expect(folder).toEqual(expect.arrayContaining([...file]))
          expect(folder).toEqual(expect.arrayContaining([...inside]))
          for (const other of [one.toUpperCase(), one.replaceAll('/', '\\'), `${one} `, `${one}.`])
            if (!one.endsWith('/') && !one.endsWith('\\'))
              expect(allowancesFor(other, { isFolder: false })).toEqual(expect.arrayContaining([...file]))
        },
      ),
      { ...runs, numRuns: 500 },
    )
  })

  test('that leads up or nowhere plain needs every allowance', () => {
    for (const one of [
      '',
      'x',
      '../x',
      '/a/../b',
      '/a//b',
      '//a',
      '/./a',
      'C:x',
      '\\\\server\\share',
      '\\\\?\\C:\\x',
      'file:///x',
    ])
      expect([one, allowancesFor(one, { isFolder: false })]).toEqual([one, kinds.filter((kind) => kind !== 'capture')])
  })
})
