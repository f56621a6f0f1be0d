import { expect, test } from 'vitest'
import type { PackageContent } from './content.ts'
import { warningsOf } from './warnings.ts'

test('batches of the ledger that cannot be read are warned of, with the first positions', () => {
  const says = (leftOut: { batches: number; positions: number[] }) => {
    // Nothing else of a package is asked for.
    const disclosure = { records: [{}], cites: new Map() } as unknown as PackageContent['disclosure']
    const state = { findings: [], leftOut } as unknown as PackageContent['state']
    return warningsOf({ state, disclosure })
  }

  expect(says({ batches: 0, positions: [] })).toEqual([])
  expect(says({ batches: 1, positions: [4] })).toEqual([
    '1 batch of the ledger cannot be read, at position 4: none of its records was looked at.',
  ])
  expect(says({ batches: 99, positions: [1, 2, 3] })).toEqual([
    '99 batches of the ledger cannot be read, at positions 1, 2, 3 and 96 more: none of their records was looked at.',
  ])
})
