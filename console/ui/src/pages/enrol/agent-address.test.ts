import { expect, test } from 'vitest'
import { isThisMachineOnly, placeOf } from './agent-address.ts'

test('an address is said as host and port', () => {
  expect(placeOf('wss://[2001:db8::30]:8444')).toBe('[2001:db8::30]:8444')
})

test('a console that only its own machine reaches is told apart from one that others reach too', () => {
  expect(isThisMachineOnly(['wss://127.0.0.1:8444', 'wss://[::1]:8444', 'wss://localhost:8444'])).toBe(true)
  expect(isThisMachineOnly(['wss://127.0.0.1:8444', 'wss://192.0.2.30:8444'])).toBe(false)
  expect(isThisMachineOnly(['wss://127.0.0.1.example:8444'])).toBe(false)
})
