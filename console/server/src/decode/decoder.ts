import type { ChunkHead } from '@tidewaiter/protocol'
import type { Cut, Cutter } from './cut.ts'

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
  /**
   * IANA name and offset (minutes east of UTC) sealed with the batch, or one of them given by hand; absent when nothing
   * is known. The offset decides where the name leaves a choice, and stands alone where the name is not known here.
   */
  zone?: { name?: string; offsetMinutes?: number; basis: string }
  /** The year of a year-less time follows from this instant (time read, or a rotated file's modification time). */
  latest?: { ms: number; basis: string }
  /** When a host read the records, RFC 3339: the time of what a snapshot saw. Absent for a bare file. */
  readAt?: string
  /** A year given by hand. */
  year?: number
  /** The line before them that says how they are written, as the event kept it (`tidewaiter.header`), where they are read alone. */
  header?: string
  /** What lies beside the file and belongs to it (`Decoder.beside`). Absent where nobody looked: in batches and streams. */
  beside?: readonly Beside[]
}

/** A whole file that completes another one, such as the write-ahead log of a database or the log of a registry hive. */
export interface Beside {
  name: string
  /** Its records are named `<prefix>:<byte>`. */
  prefix: string
  bytes: Uint8Array
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
    category?: readonly string[]
    type?: readonly string[]
    outcome?: 'success' | 'failure' | 'unknown'
    action?: string
    original?: string
    [field: string]: unknown
  }
  message?: string
  host?: { name?: string; [field: string]: unknown }
  /** What could not be read: for people, and where one is given a code for programs. */
  error?: { message: string; code?: string }
  tidewaiter: {
    /** First of the records this event was made of. */
    record: string
    /** All of them, where there are several. */
    records?: readonly string[]
    time?: EventTime
    /** A line before the record that says how it is written: without it, it cannot be read alone. */
    header?: string
    [field: string]: unknown
  }
  [field: string]: unknown
}

/** A decoder at work on one source of one host. */
export interface Decoding {
  push(record: DecodeRecord): Event[]
  /** Closes what is still open. One by one: a file that is only understood as a whole gives all its events here. */
  end(): Iterable<Event>
  /**
   * What is still open, as plain JSON of at most 64 KiB: `start` with it goes on where this one stopped. Undefined
   * where nothing is open.
   */
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
  /** True where a file is only understood as a whole. What is sealed of it is one file, in one record or in parts. */
  isWholeFile?: true
  /** How a bare file is cut into records. */
  cut: Cut | Cutter
  /** Names of files that may lie beside one of this name and belong to it; their case does not matter. */
  beside?(name: string): readonly string[]
  /** Says of the last record of a bare file that nothing ends it, where no record is whole without its end. */
  openEnd?: string
  start(context: DecodeContext, state?: unknown): Decoding
}

/** ECS fields below one name. */
type Fields = object

/**
 * The part of an event that the text of a program's message gives, whatever envelope (syslog, journald) carried it.
 * All but the first two are the ECS fields of that name.
 */
export interface Message {
  event: Pick<Event['event'], 'category' | 'type' | 'outcome' | 'action'> & {
    reason?: string
    code?: string
    severity?: number
    /** Nanoseconds. */
    duration?: number
    /** RFC 3339. */
    start?: string
    end?: string
  }
  /** A process that the speaker started; the speaker becomes its parent. */
  started?: Fields
  user?: Fields
  source?: Fields
  destination?: Fields
  server?: Fields
  network?: Fields
  group?: Fields
  email?: Fields
  file?: Fields
  url?: Fields
  http?: Fields
  package?: Fields
  service: { name: string }
  /** ECS fields that few messages have, by their names: `rule`, `dns`, `tls`. */
  more?: Readonly<Record<string, Fields>>
  /** What ECS has no field for. */
  tidewaiter?: Record<string, unknown>
}

/** Reads the messages of one family of programs. The envelope decoders hand it the text; it never sees the envelope. */
export interface MessageDecoder {
  /** Same word as the folder; becomes `event.dataset`. */
  id: string
  title: string
  /** Program names as syslog tags them; `any` for a library that speaks through many programs, asked last. */
  programs: readonly string[] | 'any'
  /** True where each connection has a process of its own: what it says without an address is of that connection. */
  isPerConnection?: true
  /** Undefined for a message it has nothing to say about; the envelope's event then stands alone. */
  decode(text: string, program: string): Message | undefined
}

/** What envelopes hand messages to: the decoder that knows the message, and what it made of it. */
export type ReadMessage = (
  text: string,
  program: string,
) => { id: string; message: Message; isPerConnection?: true | undefined } | undefined
