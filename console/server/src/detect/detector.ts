import type { Severity, Subject } from '@tidewaiter/protocol/api'
import type { CbpRow } from '../cbp.ts'

/**
 * One row of what `measure` counted in one window. Its other columns are the detector's own; rows of one subject are
 * judged together.
 */
export interface Tally {
  subject_type: Subject['type']
  subject: string
  /** 1 for a row that matters only beside others: it neither begins nor prolongs an episode. */
  context?: 0 | 1
  /** Beginning of its window, UTC milliseconds: the engine adds it. */
  window: number
}

/** A threshold. `#` in its words stands for the value. */
export interface Setting {
  value: number
  words: string
}
export type Settings = Readonly<Record<string, Setting>>

export function inWords({ value, words }: Setting): string {
  return words.replace('#', String(value))
}

/** Records a finding cites; its `count` says how many there are. */
export const mostRecords = 200

/** What is concluded about one subject from one episode. */
export interface Verdict {
  subject: Subject
  severity: Severity
  /** One sentence, numbers first. */
  title: string
  firstMs: number
  lastMs: number
  count: number
  /** Records that show it, the telling ones first, as `measure` named them: `<position>:<record>` of their events. */
  places: readonly string[]
  /** The numbers against the thresholds. */
  why: readonly string[]
}

/**
 * Finds one kind of sign in the events of a host: SQL makes many rows few, a pure function judges the few. What a person
 * must know about it is part of it.
 */
export interface Detector<Row extends Tally = Tally, Known extends Settings = Settings> {
  /** Same word as the file and its fixtures. */
  id: string
  /** The words of the row of CBP's table (Pub. 3526-0124, Section 2) that it answers. */
  row?: CbpRow
  title: string
  /** Datasets that hold what it looks for. A host from which none of them arrived is not clear: the detector is blind there. */
  reads: readonly string[]
  /** Events of this category are read too, whatever their dataset. */
  readsCategory?: string
  /** Windows are aligned to UTC. */
  windowMs: number
  /** Windows of one subject that are no further apart are one episode, and one finding. */
  quietMs: number
  /**
   * SQL over the view `event` (columns of `index/columns.ts`), which holds the events of one host and window. Gives
   * columns `subject_type` and `subject`, a bounded number of rows, and the same rows for the same events. Written so
   * that SQLite and PostgreSQL both read it.
   */
  measure: string
  settings: Known
  /** All rows of one subject in one episode, oldest window first. Undefined when they say nothing. */
  judge(rows: readonly Row[], about: { settings: Known; host?: string }): Verdict | undefined
  falsePositives: readonly [string, ...string[]]
  nextSteps: readonly [string, ...string[]]
  knownGap: string
}

/** True when a detector looks at events of this dataset and these categories (` authentication session `). */
export function isReadBy({ reads, readsCategory }: Detector, dataset: string, category: string): boolean {
  return reads.includes(dataset) || (readsCategory !== undefined && category.includes(` ${readsCategory} `))
}

/** Beginning of the window in which an instant lies. */
export function windowOf({ windowMs }: Pick<Detector, 'windowMs'>, ms: number): number {
  return Math.floor(ms / windowMs) * windowMs
}
