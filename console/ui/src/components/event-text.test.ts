import { expect, test } from 'vitest'
import { fieldOf, fieldsOf, pivotField, summaryOf, typeOf } from './event-text.ts'

const document = {
  '@timestamp': '2026-10-28T03:05:22.000Z',
  event: { category: ['authentication'], outcome: 'success', original: 'the line' },
  user: { name: 'abiadmin' },
  source: { ip: '192.0.2.112', port: 51514 },
}

test('a field is found nested and dotted', () => {
  expect(fieldOf(document, 'user.name')).toBe('abiadmin')
  expect(fieldOf({ 'user.name': 'x' }, 'user.name')).toBe('x')
  expect(fieldOf(document, 'user.name.more')).toBeUndefined()
  expect(fieldOf(document, 'constructor.name')).toBeUndefined()
})

test('an event has one word for its kind', () => {
  expect(typeOf(document)).toBe('sign-in')
  expect(typeOf({ event: { dataset: 'sshd' } })).toBe('sshd')
  expect(typeOf({})).toBe('record')
})

test('an event that nobody could read says so instead of nothing', () => {
  expect(summaryOf({ error: { message: 'not a line of sshd' } })).toBe('not a line of sshd')
  expect(summaryOf(document)).toBe('the line')
})

test('fields are listed by name without the raw text', () => {
  expect(fieldsOf(document).map(([name]) => name)).toEqual([
    '@timestamp',
    'event.category',
    'event.outcome',
    'source.ip',
    'source.port',
    'user.name',
  ])
})

test('an address is looked for wherever it stands', () => {
  expect(pivotField('source.ip', '192.0.2.112')).toBe('ip')
  expect(pivotField('user.name', 'abiadmin')).toBe('user.name')
})
