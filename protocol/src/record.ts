import { type Static, Type } from 'typebox'
import { text } from './text.ts'

/**
 * RFC 3339 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. Month, day and clock are in their
 * range, so that `Date.parse` always gives a number.
 */
export const Time = Type.String({
  pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$',
})
/** SHA-256 in lower-case hex. */
export const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
/** First 16 bytes of the SHA-256 of the host's public key (SPKI) in hex: whoever has the key can check the id. */
export const HostId = Type.String({ pattern: '^[0-9a-f]{32}$' })
/** `<collector>` or `<collector>:<instance>`, stable over restarts: `log-file:/var/log/auth.log`, `login:btmp`. */
export const SourceId = Type.String({ pattern: '^(?=.{1,1024}$)[a-z][a-z0-9-]*(:.+)?$' })

const history = ':history:'

/**
 * The source of what a host held of this one before it was first read, such as rotated log files:
 * `log-file:history:/var/log/auth.log`. It has a chain of positions of its own, and ends when all of it was read.
 */
export function historyOf(source: string): string {
  return source.replace(':', () => history)
}

export function isHistory(source: string): boolean {
  return source.includes(history) && source.indexOf(history) === source.indexOf(':')
}

const sixHours = 6 * 3_600_000

/**
 * How often each snapshot is taken, milliseconds, by its collector. It may rest for twice as long and still say what
 * there was (`evidence.md` 2): of one that rests for hours nobody could tell from its batches alone.
 */
export const snapshotMs = {
  ...{ process: 10_000, socket: 10_000, interface: 60_000 },
  ...{ inventory: sixHours, account: sixHours, autorun: sixHours, software: sixHours, kernel: sixHours },
  'network-setting': sixHours,
  protection: sixHours,
  suid: sixHours,
} as const

/** How long a source may give nothing, milliseconds; undefined for one that is no snapshot this version knows. */
export function mostPauseMs(source: string): number | undefined {
  const [collector = ''] = source.split(':', 1)
  return Object.hasOwn(snapshotMs, collector) ? 2 * snapshotMs[collector as keyof typeof snapshotMs] : undefined
}

/** What the agent writes of itself: it speaks when it has something to say, and is no source of evidence of its host. */
export function isOfAgent(source: string): boolean {
  return source.startsWith('agent:')
}

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** A file as the source of an offset: device, inode and the SHA-256 of its first min(1024, size) bytes when it was opened. */
export const FileMark = Type.Object({ dev: text(32), ino: text(32), headSha256: Hash }, { additionalProperties: false })
export type FileMark = Static<typeof FileMark>

/** Where in its source a record stands. `bootId` where the count restarts with the boot. */
export const Position = Type.Union([
  Type.Object({ offset: Count, file: FileMark }, { additionalProperties: false }),
  Type.Object({ cursor: text(1024) }, { additionalProperties: false }),
  Type.Object({ number: Count, bootId: Type.Optional(text(64)) }, { additionalProperties: false }),
])
export type Position = Static<typeof Position>

/**
 * The line that stands before the records of one chunk and is hashed into every leaf: what they are and where they
 * come from. Fields beyond these are not allowed, so that a proof of one record means the same everywhere.
 */
export const ChunkHead = Type.Object(
  {
    source: SourceId,
    /** Position of the first record. */
    start: Position,
    /** When the first record was read, host clock. */
    readAt: Time,
    /** How it was read: `file`, `journalctl -o export`, `/proc/net/tcp`. */
    method: text(200, { least: 1 }),
    /** What positions count: bytes of the source, or rows. */
    unit: Type.Union([Type.Literal('byte'), Type.Literal('row')]),
    /** True when each record is followed by its LF, which belongs to no record. */
    lf: Type.Boolean(),
    /** Number of this part, from 1, where a record is longer than the limit; the one marked `last` ends it. */
    part: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    last: Type.Optional(Type.Literal(true)),
    /** The record is a last line that had no LF yet. */
    open: Type.Optional(Type.Literal(true)),
    /** Snapshots: the pass, how many rows it saw in all, and which of them this chunk holds. */
    pass: Type.Optional(
      Type.Object(
        {
          number: Count,
          rows: Count,
          holds: Type.Union([Type.Literal('all'), Type.Literal('appeared'), Type.Literal('ended')]),
        },
        { additionalProperties: false },
      ),
    ),
    /** Modification time of a rotated file, from which year-less times in it follow. */
    fileModifiedAt: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type ChunkHead = Static<typeof ChunkHead>

/** Records of one source that were read together, as the collector hands them over to be sealed. */
export interface Chunk {
  head: ChunkHead
  /** Length of each record in bytes. */
  lengths: readonly number[]
  /**
   * Positions where they do not simply follow one another: record index -> position. Bytes follow by length (plus the
   * LF), rows by one. The first record stands at `start.offset`, or at row 0.
   */
  jumps?: ReadonlyMap<number, number>
  /** The records one after the other, each followed by its LF when `head.lf`. */
  bytes: Uint8Array
}

/** The id a record is cited by everywhere. A branch of a fork has `~` and 8 hex digits of its header hash after the host. */
export function recordId(host: string, seq: number, index: number): string {
  return `${host}/${seq}/${index}`
}

export function hostIdOf(publicKeySha256: Uint8Array): string {
  let id = ''
  for (const byte of publicKeySha256.subarray(0, 16)) id += byte.toString(16).padStart(2, '0')
  return id
}
