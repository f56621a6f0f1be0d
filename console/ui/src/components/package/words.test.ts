import type { PackageRow } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { packageStateText } from './words.ts'

test('of two rows with one number the later one says that it was built again', () => {
  const first = row({ id: 'a', builtAt: '2026-11-24T12:00:00.000Z' })
  const again = row({ id: 'b', builtAt: '2026-11-24T13:00:00.000Z' })
  const failed = row({ id: 'c', state: 'failed', builtAt: null })
  const other = row({ id: 'd', number: 2, builtAt: '2026-11-24T14:00:00.000Z' })
  const rows = [other, again, first, failed]

  expect(rows.map((one) => packageStateText(one, rows))).toEqual([
    'Built',
    'Built again, as of the same cut',
    'Built',
    'Failed',
  ])
})

function row(part: Partial<PackageRow>): PackageRow {
  return {
    id: 'a',
    incident: 'INC-1',
    number: 1,
    profile: 'soc',
    disclose: 'records',
    tlp: 'AMBER',
    state: 'built',
    step: 'built',
    done: 1,
    of: 1,
    fileName: 'INC-1_soc_v1.zip',
    bytes: 1,
    sha256: null,
    signerFingerprint: null,
    cut: '',
    builtAt: null,
    builtBy: 'r.abara@halyard-customs.example',
    warnings: [],
    ...part,
  }
}
