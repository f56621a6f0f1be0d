import { expect, test } from 'vitest'
import { sharedNames } from './shared-names.ts'

test('a name is shared when two hosts have it, in whatever case; hosts alone in their name are not', () => {
  const hosts = [
    { id: 'a', name: 'HCB-WS11' },
    { id: 'b', name: 'hcb-ws11' },
    { id: 'c', name: 'hcb-abi01' },
  ]

  expect([...sharedNames(hosts)]).toEqual(['hcb-ws11'])
  expect(sharedNames(hosts)).toBe(sharedNames(hosts))
  expect(sharedNames([]).size).toBe(0)
})
