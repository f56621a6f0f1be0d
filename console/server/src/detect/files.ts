import type { ObservableType, Severity, Subject } from '@tidewaiter/protocol/api'
import type { Event } from '../decode/decoder.ts'
import { type Detector, isReadBy, mostRecords, type Verdict } from './detector.ts'
import { type Counted, countedOf, episodesOf, judgeEpisode } from './episodes.ts'
import { type EventTable, openEventTable } from './event-table.ts'
import { detectors } from './index.ts'
import { type FileHost, type Intake, openIntake } from './intake.ts'
import { type IndicatorList, openSightings } from './sightings.ts'

/** A finding over files, as `contract.md` prints it. */
export interface FileFinding {
  kind: 'finding'
  detector: string
  row?: string
  host?: string
  severity: Severity
  title: string
  subject: Subject
  /** RFC 3339; the time as it is written where the files say neither year nor zone. */
  firstAt: string
  lastAt: string
  count: number
  records: string[]
  why: readonly string[]
}

export interface FileSighting {
  kind: 'sighting'
  indicator: { type: ObservableType; value: string; source: string }
  observable: { type: ObservableType; value: string }
  count: number
}

/**
 * Findings and sightings over events, without any console. Memory stays bounded however many events there are: those
 * that detectors read wait in a temporary file.
 */
export async function* detectFiles(
  events: AsyncIterable<Event>,
  { indicators }: { indicators?: IndicatorList } = {},
): AsyncGenerator<FileFinding | FileSighting> {
  const sightings = openSightings(indicators)
  const table = openEventTable()
  try {
    const intake = openIntake(table, ({ event: { dataset, category = [] } }) =>
      detectors.some((detector) => isReadBy(detector, dataset, ` ${category.join(' ')} `)),
    )
    for await (const event of events) {
      intake.take(event)
      yield* sightings.take(event)
    }
    for (const detector of detectors)
      for (const host of intake.hosts()) yield* findingsOn(host, { detector, table, intake })
    yield* sightings.rest()
  } finally {
    table.close()
  }
}

interface Run {
  detector: Detector
  table: EventTable
  intake: Intake
}

/** Goes through the windows of a host once; what a subject did is judged when it has been quiet. */
function* findingsOn(host: FileHost, run: Run): Generator<FileFinding> {
  const { detector, table } = run
  const open = new Map<string, Counted[]>()
  for (const fromMs of table.windowsOf(host.no, detector.windowMs)) {
    for (const [subject, windows] of open) {
      if (isOpen(windows, fromMs, detector)) continue
      yield* judged(windows, host, run)
      const rest = windows.filter(({ context, toMs }) => context && fromMs - toMs <= detector.quietMs)
      if (rest.length > 0) open.set(subject, rest)
      else open.delete(subject)
    }
    const span = { host: host.no, fromMs, toMs: fromMs + detector.windowMs }
    for (const [subject, counted] of countedOf(table.measure(detector.measure, span), span))
      open.set(subject, [...(open.get(subject) ?? []), counted])
  }
  for (const windows of open.values()) yield* judged(windows, host, run)
}

/** True while a window that begins now would belong to the same episode. */
function isOpen(windows: readonly Counted[], nowMs: number, { quietMs }: Detector): boolean {
  const last = windows.findLast(({ context }) => !context)
  return last !== undefined && nowMs - last.toMs <= quietMs
}

function* judged(windows: readonly Counted[], host: FileHost, run: Run): Generator<FileFinding> {
  for (const episode of episodesOf(windows, run.detector.quietMs)) {
    const verdict = judgeEpisode(run.detector, episode.windows, host.name)
    if (verdict !== undefined) yield toFinding(verdict, host, run)
  }
}

function toFinding(verdict: Verdict, host: FileHost, { detector, table, intake }: Run): FileFinding {
  const { severity, title, subject, firstMs, lastMs, count, places, why } = verdict
  const timeOf = (ms: number) => (host.isOpen ? (table.rawOf(host.no, ms) ?? '') : new Date(ms).toISOString())
  return {
    kind: 'finding',
    detector: detector.id,
    ...(detector.row !== undefined && { row: detector.row }),
    ...(host.name !== undefined && { host: host.name }),
    severity,
    title,
    subject,
    firstAt: timeOf(firstMs),
    lastAt: timeOf(lastMs),
    count,
    records: places.slice(0, mostRecords).map(intake.recordOf),
    why,
  }
}
