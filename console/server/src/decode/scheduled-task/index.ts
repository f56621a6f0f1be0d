import { whole } from '../cut.ts'
import { readOr } from '../damaged.ts'
import { damagedEvent } from '../damaged-event.ts'
import type { DecodeContext, DecodeRecord, Decoder, Event } from '../decoder.ts'
import { textIn } from '../encoded-text.ts'
import { isJob, taskOfJob } from './from-job.ts'
import { isTaskXml, taskOfXml } from './from-xml.ts'
import { dataset, toEvents } from './to-event.ts'

/** What Windows runs by itself, when and as whom: `C:\Windows\System32\Tasks`, and `C:\Windows\Tasks\*.job`. */
export const scheduledTask: Decoder = {
  id: dataset,
  title: 'Windows scheduled task (XML, .job)',
  reads: ({ source }) => source === dataset || source.startsWith(`${dataset}:`),
  detects: (sample) => isTaskXml(textIn(sample)) || isJob(sample),
  cut: whole,
  start: (context) => ({ push: (record) => eventsOf(record, context), end: () => [], state: () => undefined }),
}

function eventsOf(record: DecodeRecord, context: DecodeContext): Event[] {
  return readOr(
    () => toEvents(record, isJob(record.bytes) ? taskOfJob(record.bytes) : taskOfXml(textIn(record.bytes)), context),
    (damage) => [damagedEvent(record, dataset, damage)],
  )
}
