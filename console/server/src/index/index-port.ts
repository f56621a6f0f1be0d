import type {
  CoverageSpan,
  EventPage,
  EventQuery,
  EventRow,
  Histogram,
  Sighting,
  Sweep,
} from '@tidewaiter/protocol/api'

/** The searchable reading of the ledger: rebuildable, always behind it by a visible lag, never evidence itself. */
export interface Index {
  /** Events that match, newest first unless asked otherwise; keyset pages that keep the first page's `asOf`. */
  search(query: EventQuery): Promise<EventPage>
  histogram(query: EventQuery): Promise<Histogram>
  /** The event(s) of one record as the index made them; empty when not indexed (yet). */
  eventsOf(record: string): Promise<EventRow[]>
  /** Ledger position (exclusive) up to which every writer has read. */
  asOf(): number
  /** What is known of each source of a host, oldest span first. Open ends reach to `until` (ISO). */
  coverage(host: string, span?: { from?: string; until?: string }): Promise<CoverageSpan[]>
  datasets(host: string): Promise<{ dataset: string; count: number; lastAt: string }[]>
  counts(): Promise<{ events: number; perSecond: number }>
  sightings(query: {
    indicator?: string
    host?: string
    after?: string
    limit?: number
  }): Promise<{ rows: Sighting[]; next?: string; total: number }>
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
