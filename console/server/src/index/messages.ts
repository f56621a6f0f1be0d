import type { EventRow, ObservableType } from '@tidewaiter/protocol/api'
import type { DetectorWindows, Judged } from './write/dirty.ts'

/** What a writer is started with. Keys are not in it: it reads them from their folder. */
export interface WriterArgument {
  dir: string
  ledgerDir: string
  keysDir: string
  detectors: readonly DetectorWindows[]
  /** New values a host may add in one day. */
  mostNewValues: number
  /** Batches on which writers died: each is read in a transaction of its own. */
  suspects: readonly number[]
  /** Batches on which writers died again: they are left out. */
  leftOut: readonly number[]
}

/** An indicator as its writer needs it. `until`: what occurs later is no sighting, milliseconds UTC. */
export interface IndicatorRow {
  id: string
  type: ObservableType
  value: string
  until: number | null
}

/** What the console tells a writer. */
export type Order =
  /** There is something to read. */
  | { type: 'wake' }
  /** Ends in order: what is begun is finished. */
  | { type: 'stop' }
  /** Hosts whose rows are wanted. */
  | { type: 'watch'; hosts: readonly string[] }
  | { type: 'judged'; windows: readonly Judged[]; ask: number }
  /** Answered by `done` when they are on disk. */
  | { type: 'indicators'; rows: readonly IndicatorRow[]; ask: number }
  /** Answered by `done` when every indicator has met every observable held. */
  | { type: 'match'; ask: number }

/** A row without the name of its host, which the store knows. */
export type BareRow = Omit<EventRow, 'host'> & { host: string }

/** What a writer tells the console. */
export type News =
  | { type: 'ready'; cursor: number; indicators: number; ended: number }
  /** After each transaction. */
  | {
      type: 'indexed'
      cursor: number
      events: number
      hosts: readonly string[]
      rows: readonly BareRow[]
      sightings: number
      /** Some batches were left out. */
      marks: boolean
    }
  | { type: 'done'; ask: number; indicators: number; ended: number }
