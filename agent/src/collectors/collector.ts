import type { Chunk, DatabaseServer, Position } from '@tidewaiter/protocol'
import type { BackfillPlace } from '../backfill.ts'
import type { Predecessor } from '../follow/predecessor.ts'
import type { Host } from '../host.ts'
import type { Row } from './pass.ts'

/** What a collector hands over. */
export type Taken = Records | Standing | Gone | Missed

/** Records of one source; no chunk means alive and silent. All chunks of one hand-over are sealed into one batch. */
export interface Records {
  source: string
  /** The bytes are only valid until the collector is asked for more. Together at most 3.5 MiB and 50,000 records. */
  chunks: readonly Chunk[]
  /** Position after the records: where to go on after a restart. */
  next: Position
  /** Where to go on in the file before, while a program may still write to that. */
  predecessor?: Predecessor
  /** How far it has come with what was there before it was first read; left out: as it was. */
  backfill?: BackfillPlace
}

/** A source that gives nothing now: why, and what would change it. */
export interface Standing {
  source: string
  state: 'not-enabled' | 'failed'
  why: string
  fix: string
}

/** There is no such source any more, and nothing is missing of it. */
export interface Gone {
  source: string
  state: 'gone'
}

/** Evidence of the source that is gone. `count` null where it cannot be known. */
export interface Missed {
  source: string
  lost: { count: number | null; cause: string }
}

export interface BackfilledPlace {
  position: Position
  backfill: BackfillPlace
}

/** How collectors may read what was there before them. */
export interface History {
  /** What changed last before then is not read, milliseconds since 1970. */
  sinceMs: number
  /** As it was last handed over; undefined for a source that had nothing before it was first read. */
  placeOf(source: string): BackfilledPlace | undefined
  /** True while it takes no turn from what is new: snapshots come first, and the live end of every log. */
  mayGoOn(): boolean
}

/** Nobody goes on from here: what is there now is read, and then the collector ends. */
export interface Once {
  /** Of a log that is longer only so many of its newest bytes are read; left out: all. */
  newestBytes?: number
}

/** Where a collector goes on from. */
export interface From {
  /** Position after the last record handed over; undefined for a source never seen. */
  position(source: string): Position | undefined
  /** Position after the last record that is sealed and in the spool; left out: as `position`, which counts what waits for that. */
  sealed?(source: string): Position | undefined
  /** As it came with that position. */
  predecessor?(source: string): Predecessor | undefined
  /** When the source was last heard, milliseconds since 1970: until then nothing is missing. */
  seenAtMs?(source: string): number
  /** What was there before a source was first read; left out: it is not read. */
  history?: History
  /** Left out: a stream is followed until its signal aborts. */
  once?: Once | undefined
  /** Files that were configured or named on the command line. */
  files: readonly string[]
  /** Files and folders that are compared with what they were, as configured; left out: the list of the collector. */
  integrity?: readonly string[] | undefined
  /** A folder of the agent's own, where a collector may keep a file under its id; undefined where nothing outlives the run. */
  folder?: string | undefined
  /** Servers that were configured; left out: none. */
  databases?: readonly DatabaseServer[]
  /** Snapshots: true once at start, every 15 minutes (or `fullEvery`), on request, and after a pass that failed: hand over every row. */
  takeFull(): boolean
  /** Snapshots: rows of the pass before, by method and identity. The collector writes it, the scheduler keeps it. */
  before: Map<string, ReadonlyMap<string, Row>>
}

/** Of CBP Pub. 3526-0124, Section 2, those that an agent can answer. */
export type Resource =
  | 'System logs (including event logs)'
  | 'Operating System files'
  | 'Memory information'
  | 'Network traffic captures'

/**
 * One kind of evidence on a host. The scheduler owns time limits, pauses and failures: a collector has no `try`, and
 * what it opened ends with the signal.
 */
export interface Collector {
  /** Same word as the folder, the config key and the beginning of its source ids. */
  id: string
  /** The investigative resource of CBP Pub. 3526-0124, Section 2, that this answers. */
  resource: Resource
  platforms: readonly NodeJS.Platform[]
  /** Milliseconds between passes; left out for a collector that follows a stream until the signal aborts. */
  every?: number
  /** Milliseconds between passes that hand over every row; left out: 15 minutes. */
  fullEvery?: number
  /** Milliseconds until a pass must hand over, where two minutes are too few: then no history waits for its first one. */
  mayTakeMs?: number
  /** What a human must know: what is read, what must be switched on (with the command), what it cannot see. */
  reads: string
  needs: string
  cannotSee: string
  /** On which systems somebody has seen it work, and how; one that was only tested on fixtures says so. */
  provenOn: string
  /** Waits until a pass of it may begin, or the signal aborts; what it resolves with is called when the pass has ended. */
  turn?(signal: AbortSignal): Promise<() => void>
  /** Yields in the order of the source; ends when `signal` aborts; throws when a pass fails. */
  collect(host: Host, signal: AbortSignal, from: From): AsyncIterable<Taken>
}
