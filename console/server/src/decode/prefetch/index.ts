import { whole } from '../cut.ts'
import { readOr } from '../damaged.ts'
import { damagedEvent } from '../damaged-event.ts'
import type { DecodeRecord, Decoder, Event } from '../decoder.ts'
import { readPrefetch } from './read.ts'
import { dataset, toEvents } from './to-event.ts'
import { isPrefetch, unpack } from './unpack.ts'

/** What Windows started, and when: `C:\Windows\Prefetch\*.pf`, a file for each program. */
export const prefetch: Decoder = {
  id: dataset,
  title: 'Windows prefetch file (SCCA, MAM)',
  reads: ({ source }) => source === dataset || source.startsWith(`${dataset}:`),
  detects: isPrefetch,
  cut: whole,
  start: () => ({ push: eventsOf, end: () => [], state: () => undefined }),
}

function eventsOf(record: DecodeRecord): Event[] {
  return readOr(
    () => toEvents(record, readPrefetch(unpack(record.bytes))),
    (damage) => [damagedEvent(record, dataset, damage)],
  )
}
