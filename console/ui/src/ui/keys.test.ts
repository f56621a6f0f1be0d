import { expect, test } from 'vitest'
import { findKey, isSingle, isStart, type Key, nameOf } from './keys.ts'

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

test('Ctrl and the command key are the same', () => {
  expect(nameOf({ ...plain, key: 'k', ctrlKey: true })).toBe('Ctrl+k')
  expect(nameOf({ ...plain, key: 'K', metaKey: true })).toBe('Ctrl+k')
})

test('Shift shows in the character, and in front of keys without one', () => {
  expect(nameOf({ ...plain, key: '?', shiftKey: true })).toBe('?')
  expect(nameOf({ ...plain, key: 'Enter', shiftKey: true })).toBe('Shift+Enter')
})

test('what a person could be typing is single, the rest is not', () => {
  expect([isSingle('.'), isSingle('g h'), isSingle('Ctrl+k'), isSingle('Escape')]).toEqual([true, true, false, false])
})

test('the newest registration of a key wins', () => {
  const layers = [[key('c', 'old')], [key('c', 'new')]]

  expect(findKey(layers, 'c')?.label).toBe('new')
})

test('g waits for what follows it only where something can follow', () => {
  expect(isStart([[key('g h', 'Hosts')]], 'g')).toBe(true)
  expect(isStart([[key('x', 'Select')]], 'g')).toBe(false)
})

function key(keys: string, label: string): Key {
  return { keys, label, group: 'Test', run: () => undefined }
}
