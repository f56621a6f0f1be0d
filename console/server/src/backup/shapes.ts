import { Hash, SignedHead, Time } from '@tidewaiter/protocol'
import Type, { type Static, type TSchema } from 'typebox'
import Value from 'typebox/value'
import { refuse } from '../error.ts'

/** What stands in a backup (`protocol/backup-format.md`). */

const closed = { additionalProperties: false }
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const LedgerId = Type.String({ pattern: '^[0-9a-f]{32}$' })

/** First member, `backup.json`: what it is a backup of, and how much. */
export const BackupHeader = Type.Object(
  {
    tw: Type.Literal('backup/1'),
    madeAt: Time,
    software: Type.String({ maxLength: 100 }),
    /** Fingerprint of the console's CA: the pin in its tokens. */
    console: Hash,
    ledger: LedgerId,
    /** Entries of the ledger, and the root over them. */
    size: Count,
    root: Hash,
    /** The head that says so, signed; null for a ledger without entries. */
    head: Type.Union([SignedHead, Type.Null()]),
    /** Name of the newest change of the tables. */
    migration: Type.String({ pattern: '^[0-9]{3}-[a-z-]{1,60}$' }),
    /** Rows of each table. */
    tables: Type.Record(Type.String({ pattern: '^[a-z_]{1,40}$' }), Count),
    /** Files of the packages that are kept. */
    packages: Count,
    /** Artifacts that are held; left out by versions that had none. */
    artifacts: Type.Optional(Count),
  },
  closed,
)
export type BackupHeader = Static<typeof BackupHeader>

/** Last member, `end.json`: it is there when all before it was written. */
export const BackupEnd = Type.Object(
  { tw: Type.Literal('backup-end/1'), entries: Count, rows: Count, packages: Count, artifacts: Type.Optional(Count) },
  closed,
)
export type BackupEnd = Static<typeof BackupEnd>

/** `ledger/<number>/segment.json` */
export const BackupSegment = Type.Object(
  {
    number: Type.Integer({ minimum: 1, maximum: 99_999_999 }),
    ledger: LedgerId,
    first: Count,
    /** Roots of the tree of all entries before it, hex. */
    frontier: Type.Array(Hash, { maxItems: 53 }),
    /** Key of its payloads, wrapped by the master key. */
    key: Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$', maxLength: 200 }),
    createdAt: Type.String({ maxLength: 40 }),
  },
  closed,
)
export type BackupSegment = Static<typeof BackupSegment>

/** What stands before the payload of an entry. */
export const BackupEntry = Type.Object(
  {
    position: Count,
    receivedAtMs: Count,
    branch: Type.Union([Type.String({ pattern: '^[0-9a-f]{8}$' }), Type.Null()]),
    header: Type.String(),
    signature: Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$', maxLength: 200 }),
    /** The head that was signed when this entry was the newest. */
    head: Type.Optional(SignedHead),
  },
  closed,
)
export type BackupEntry = Static<typeof BackupEntry>

/** Throws `backup-malformed`. */
export function readJson<T extends TSchema>(shape: T, bytes: Uint8Array, name: string): Static<T> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (Value.Check(shape, value)) return value as Static<T>
  } catch {
    // Said below.
  }
  throw refuse('backup-malformed', `${name} in the backup is not of the known shape.`)
}
