import type {
  Absence,
  CoverageSpan,
  EventPage,
  EventQuery,
  EventRow,
  Histogram,
  SearchCoverage,
  Sighting,
  Sweep,
} from '@tidewaiter/protocol/api'
import type { ReadBack } from './first-look.ts'
import type { HostStanding } from './host-coverage.ts'
import type { LeftOut } from './left-out.ts'

/** The searchable reading of the ledger: rebuildable, always behind it by a visible lag, never evidence itself. */
export interface Index {
  /** Events that match, newest first unless asked otherwise; keyset pages that keep the first page's `asOf`. */
  search(query: EventQuery): Promise<EventPage>
  histogram(query: EventQuery): Promise<Histogram>
  /** What the answer to a search is worth: on how many hosts every source was covered over its time. */
  scope(query: EventQuery): Promise<SearchCoverage>
  /** The event(s) of one record as the index made them; empty when not indexed (yet). */
  eventsOf(record: string): Promise<EventRow[]>
  /** Ledger position (exclusive) up to which every writer has read. */
  asOf(): number
  /**
   * What is known of each source of a host that stands like this, up to now, oldest span first: covered, lost, not
   * enabled, not asked, not reachable, and what the index left out.
   */
  coverage(host: string, standing: HostStanding): Promise<CoverageSpan[]>
  /** The same of every host by its id, in the order of their names, by what was written down last of how they stand. */
  coverageOfAll(): Promise<ReadonlyMap<string, CoverageSpan[]>>
  /** What is held of a time before the sources of a host were first looked at, by its coverage. */
  readBack(host: string, of: { coverage: readonly CoverageSpan[]; fromMs?: number; toMs: number }): Promise<ReadBack>
  /** What a host sealed of its own runs and clocks, newest first. */
  absences(host: string): Promise<Absence[]>
  datasets(host: string): Promise<{ dataset: string; count: number; lastAt: string }[]>
  /** Batches of the ledger that no record of was read: they do not open, or are not what they say. */
  leftOut(): Promise<LeftOut>
  counts(): Promise<{ events: number; perSecond: number }>
  sightings(query: {
    indicator?: string
    host?: string
    after?: string
    limit?: number
  }): Promise<{ rows: Sighting[]; next?: string; total: number }>
  /** Those of these ids, in their order, as far as they are still met. */
  sightingsById(ids: readonly string[]): Promise<Sighting[]>
  sightingsByIndicator(): Promise<Map<string, { count: number; lastAt: string }>>
  /** The indicators in the store changed: writers load them, and match new ones against every observable held. Resolves when that is done. */
  indicatorsChanged(): Promise<void>
  /** All (or the named) indicators over stored history, with what could not be examined. */
  sweep(indicators?: readonly string[]): Promise<Sweep>
  windows: Windows
  /** Called after each index transaction. Rows only for the hosts that `watch` names. */
  onIndexed(
    listener: (news: { asOf: number; hosts: string[]; rows: EventRow[]; sightings: number }) => void,
  ): () => void
  /** Hosts whose new rows should be passed to `onIndexed`. */
  watch(hosts: readonly string[]): void
  /** Forget the index and read the whole ledger again. */
  reindex(): Promise<void>
  close(): Promise<void>
}

/** A span of one host's events in which something changed: to be judged again by one detector. */
export interface DirtyWindow {
  host: string
  detector: string
  /** UTC milliseconds, aligned to the detector's window. */
  fromMs: number
  toMs: number
}

/** How the detector engine sees the index. */
export interface Windows {
  /** Dirty windows, oldest first, at most `limit`. */
  dirty(limit: number): Promise<DirtyWindow[]>
  /** Runs `measure` (SQL) with a view `event` that holds only the events of that host and span. Columns: `columns.ts`. */
  measure(window: DirtyWindow, sql: string): Promise<Record<string, unknown>[]>
  /** The window was judged as of this state; it stays dirty when something came in since. */
  judged(window: DirtyWindow): Promise<void>
  /** Datasets that ever arrived from a host. */
  datasetsOf(host: string): Promise<string[]>
}
