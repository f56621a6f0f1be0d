import { expect, test } from 'vitest'
import { fieldOffers } from './fields.ts'

test('the last word offers the fields that have it in their name', () => {
  expect(fieldOffers('event.outcome:failure and user').map(({ query }) => query)).toEqual([
    'event.outcome:failure and user.name:',
    'event.outcome:failure and user.target.name:',
  ])
})

test('a bare address or hash is offered as what it is', () => {
  expect(fieldOffers('203.0.113.201')[0]?.query).toBe('ip:203.0.113.201')
  expect(fieldOffers('2001:db8:bad::77')[0]?.query).toBe('ip:2001:db8:bad::77')
})

test('nothing is offered after a finished term or inside quotes', () => {
  expect(fieldOffers('user.name:abiadmin ')).toEqual([])
  expect(fieldOffers('"user')).toEqual([])
  expect(fieldOffers('')).toEqual([])
})
