import { expect, test } from 'vitest'
import type { BatchEvent } from '../../decode/batch.ts'
import { corrected, timesReader } from './row.ts'

test.each([
  ['2026-11-25T23:00:01Z', 2, '2026-11-25T23:00:01.000Z', 'a stamp of seconds stays where it is'],
  ['2026-11-25T23:00:01Z', -999, '2026-11-25T23:00:01.000Z', 'and on a slow clock too'],
  ['2026-11-25T23:00:01Z', 1002, '2026-11-25T23:00:00.000Z', 'whole seconds are corrected'],
  ['2026-11-25T23:00:01Z', -700_250, '2026-11-25T23:11:41.000Z', 'and so is a clock that is far off'],
  ['2026-11-25T23:00:01.5Z', 250, '2026-11-25T23:00:01.300Z', 'tenths by tenths'],
  ['2026-11-25T23:00:01.500Z', 2, '2026-11-25T23:00:01.498Z', 'milliseconds by milliseconds'],
  ['2026-11-25T23:00:01.123456Z', 2, '2026-11-25T23:00:01.121Z', 'finer ones too'],
  [undefined, 2, '2026-11-25T23:00:02.015Z', 'without a time of its own, the time it was read'],
])('%s on a clock that is off by %i ms is %s: %s', (text, offsetMs, expected, _why) => {
  const made = { event: { '@timestamp': text }, readAt: '2026-11-25T23:00:02.017Z' }

  // Nothing else of an event is asked for.
  const { hostAtMs, precisionMs } = timesReader()(made as unknown as BatchEvent, 0)

  expect(new Date(corrected(hostAtMs, offsetMs, precisionMs)).toISOString()).toBe(expected)
})
