import type { ChunkHead } from '@tidewaiter/protocol'

/** One record as a decoder gets it: the bytes of the source and what was sealed with them. */
export interface DecodeRecord {
  /** `<host>/<seq>/<index>`, or `<sha256 of the file>:<offset>` without a console. */
  id: string
  bytes: Uint8Array
  /** The chunk head; without a console it is made from the file. */
  head: ChunkHead
  position: number
}

/** What is known beside the records and may be used to complete a time (`evidence.md` 10). Nothing else may. */
export interface DecodeContext {
  /** IANA zone and offset (minutes east of UTC) sealed with the batch, or given by hand; absent when neither is. */
  zone?: { name?: string; offsetMinutes: number; basis: string }
  /** The year of a year-less time follows from this instant (time read, or a rotated file's modification time). */
  latest?: { ms: number; basis: string }
  /** A year given by hand. */
  year?: number
}

/** How an incomplete time in a record was completed: kept beside every time that was. */
export interface EventTime {
  raw: string
  basis?: { year?: string; zone?: string }
}

/**
 * An ECS 9 document, nested as `contract.md` prints it. Derived and rebuildable: it always names its records.
 * Fields beyond these are ECS fields.
 */
export interface Event {
  /** RFC 3339 in UTC with the full precision of the source; absent when the source does not give a full instant. */
  '@timestamp'?: string
  event: {
    dataset: string
    category?: string[]
    type?: string[]
    outcome?: 'success' | 'failure' | 'unknown'
    action?: string
    original?: string
    [field: string]: unknown
  }
  message?: string
  host?: { name?: string; [field: string]: unknown }
  error?: { message: string }
  tidewaiter: {
    /** First of the records this event was made of. */
    record: string
    /** All of them, where there are several. */
    records?: string[]
    time?: EventTime
    [field: string]: unknown
  }
  [field: string]: unknown
}

/** A decoder at work on one source of one host. */
export interface Decoding {
  push(record: DecodeRecord): Event[]
  /** Closes what is still open. */
  end(): Event[]
  /** Plain JSON of at most 64 KiB: `start` with it goes on where this one stopped. Undefined where there is nothing to keep. */
  state(): unknown
}

/**
 * Reads one format. Pure: bytes in, events out. Never throws on bad input: an unreadable record becomes an event with
 * `error.message`. Never invents a time, a year or a zone.
 */
export interface Decoder {
  /** Same word as the folder and as `event.dataset` (unless the records name a finer one). */
  id: string
  title: string
  /** True when records under this chunk head are this format. */
  reads(head: ChunkHead): boolean
  /** True when the beginning of a file (up to 64 KiB) is this format. Decides `tidewaiter decode FILE`. */
  detects(sample: Uint8Array): boolean
  /** How a bare file is cut into records: lines, fixed size in bytes, or blocks that end with an empty line. */
  cut: 'line' | 'block' | { bytes: number }
  start(context: DecodeContext, state?: unknown): Decoding
}

/** The part of an event that the text of a program's message gives, whatever envelope (syslog, journald) carried it. */
export interface Message {
  event: Partial<Event['event']>
  [field: string]: unknown
}

/** Reads the messages of one family of programs. The envelope decoders hand it the text; it never sees the envelope. */
export interface MessageDecoder {
  /** Same word as the folder; becomes `event.dataset`. */
  id: string
  title: string
  /** Program names as syslog tags them. */
  programs: readonly string[]
  /** Undefined for a message it has nothing to say about; the envelope's event then stands alone. */
  decode(text: string): Message | undefined
}
