import type { Fact } from '@tidewaiter/protocol/api'
import { describe, expect, test } from 'vitest'
import { checkAnswer } from './check.ts'

const answered = (value: string) => ({ state: 'answered' as const, value })

test('an honest "not known yet" needs no value', () => {
  expect(checkAnswer(fact('cause'), { state: 'not-known-yet', value: '' })).toEqual({ kind: 'fine' })
  expect(checkAnswer(fact('cause'), { state: 'does-not-apply', value: '' })).toEqual({ kind: 'fine' })
})

test('an answer without a value is not kept yet', () => {
  expect(checkAnswer(fact('cause'), answered(' '))).toEqual({ kind: 'incomplete' })
})

test('a text that is longer than can be saved is not cut but refused', () => {
  expect(checkAnswer(fact('impact'), answered('x'.repeat(20_000)))).toEqual({ kind: 'fine' })
  expect(checkAnswer(fact('impact'), answered('x'.repeat(200_000)))).toEqual({
    kind: 'problem',
    says: 'This has 200,000 characters, and 20,000 can be saved. Shorten it.',
  })
})

describe('importer numbers', () => {
  test('every form that CBP takes is taken', () => {
    const all = ['00-0000123', '00-0000124AB', '987-65-4320', '260000-00001', ''].join('\n')

    expect(checkAnswer(fact('importerNumbers'), answered(all))).toEqual({ kind: 'fine' })
  })

  test.each([
    ['00-0000123\n00-00001', 'Line 2 has 7 digits'],
    ['000000123', 'Line 1 has 9 digits but not the form'],
    ['Globex', 'Line 1 has 0 digits'],
  ])('%j is refused with its line and the fix', (text, says) => {
    expect(checkAnswer(fact('importerNumbers'), answered(text))).toEqual({
      kind: 'problem',
      says: expect.stringContaining(says),
    })
  })
})

test('a time of incident may be a span, in its order', () => {
  const span = '2026-10-26T13:12Z/2026-10-29T10:55Z'

  expect(checkAnswer(fact('incident.occurredAt'), answered(span)).kind).toBe('fine')
  expect(checkAnswer(fact('incident.occurredAt'), answered(span.split('/').reverse().join('/'))).kind).toBe('problem')
})

function fact(field: string): Fact {
  return {
    field,
    label: field,
    help: '',
    kind: 'text',
    section: '',
    source: '',
    state: 'unanswered',
    value: '',
    rev: 0,
  }
}
