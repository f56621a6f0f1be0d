import type { Fact } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { clocksOf } from '../incidents/clocks.ts'
import { fieldOf } from '../incidents/fields.ts'
import type { PackageContent } from './content.ts'
import { factBlocks } from './letter-facts.ts'

test('the letter names the business days that were counted, and by whose calendar', () => {
  const noticeSentMs = Date.parse('2026-10-29T21:00-04:00')
  const clocks = clocksOf({ noticeSentMs }, { nowMs: noticeSentMs, zone: 'America/New_York' })
  // Nothing else of a package is asked for.
  const content = { facts: [], clocks, incident: { openedAt: '2026-10-29T10:44:10.000Z' } } as unknown as PackageContent

  const says = factBlocks(content).flatMap((block) => (block.kind === 'paragraph' ? [block.text] : []))

  expect(says[0]).toMatch(/are 2026-10-30, 2026-11-02, .*, 2026-11-12, 2026-11-13, as they are in America\/New_York\./)
})

test('the time of discovery does not stand as if it had always been so', () => {
  const field = 'recordsBreach.discoveredAt'
  const by = 'r.abara@halyard-customs.example'
  const { label = '' } = fieldOf(field) ?? {}
  const about = { field, label, help: '', section: '', source: '', kind: 'time' } as const
  const discovered: Fact = {
    ...about,
    state: 'answered',
    value: '2026-10-29T09:00:00.000Z',
    rev: 4,
    by,
    at: '2026-10-29T10:50:00.000Z',
    earlier: [
      {
        state: 'answered',
        value: '2026-10-29T06:42-04:00',
        rev: 2,
        by,
        at: '2026-10-29T10:45:00.000Z',
        changedBy: by,
        changedAt: '2026-10-29T10:50:00.000Z',
        reason: 'seen earlier by 987-65-4320',
      },
    ],
  }
  // Nothing else of a package is asked for.
  const content = { facts: [discovered], clocks: [], incident: { openedAt: '' } } as unknown as PackageContent

  const [table] = factBlocks(content).flatMap((block) => (block.kind === 'table' ? [block] : []))

  expect(table?.rows[0]?.[2]).toBe(
    '2026-10-29T10:50:00.000Z by r[.]abara[@]halyard-customs[.]example, revision 4\n' +
      'earlier recorded as 2026-10-29T10:42:00.000Z (entered as 2026-10-29T06:42-04:00) at 2026-10-29T10:45:00.000Z, ' +
      'changed at 2026-10-29T10:50:00.000Z by r[.]abara[@]halyard-customs[.]example: seen earlier by ***-**-4320',
  )
})
