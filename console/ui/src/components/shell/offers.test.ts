import type { Host } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { offersFor } from './offers.ts'

const known = { hosts: [{ id: 'ab', name: 'hcb-abi01' } as Host], incidents: [] }

test('a word leads to the hosts that have it in their name, and to a search', () => {
  expect(offersFor('ABI', known).map(({ text }) => text)).toEqual(['hcb-abi01', 'Search events for ABI'])
})

test('an address is searched as an address before anything else', () => {
  expect(offersFor('203.0.113.201', known).map(({ id, to }) => [id, String(to)])).toEqual([
    ['search', '/search?q=ip%3A203.0.113.201'],
    ['indicator', '/indicators/import?value=203.0.113.201'],
  ])
})

test('without words it offers the places', () => {
  expect(offersFor('', known)[0]?.text).toBe('Overview')
  expect(offersFor('', known).every(({ kind }) => kind === 'Page')).toBe(true)
})

test('a name that hides characters shows them', () => {
  const hosts = [{ id: 'x', name: 'a\u202etxt.exe' } as Host]

  expect(offersFor('exe', { hosts, incidents: [] })[0]?.text).toBe('a⟨U+202E⟩txt.exe')
})
