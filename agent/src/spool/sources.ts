import type { DatabaseSync } from 'node:sqlite'
import { type Header, Position, SourceId, Time } from '@tidewaiter/protocol'
import { type Static, Type } from 'typebox'
import { BackfillPlace } from '../backfill.ts'
import { Predecessor } from '../follow/predecessor.ts'
import { parsed, prepared, whole } from './database.ts'

/** Where a source goes on. */
export interface Place {
  position: Position
  predecessor: Predecessor | undefined
  backfill: BackfillPlace | undefined
}

/** What is kept of sources beside their positions, by id. */
export interface Beside {
  predecessors: ReadonlyMap<string, Predecessor>
  backfills: ReadonlyMap<string, BackfillPlace>
}

/** A source as it was last sealed. */
export interface SealedSource extends Place {
  id: string
  /** Records sealed since this spool was made. */
  records: number
  /** When its newest row was sealed. */
  at: string
}

const Text = Type.Union([Type.String(), Type.Null()])
const Row = Type.Object({
  id: SourceId,
  position: Type.String(),
  predecessor: Text,
  backfill: Text,
  records: Type.Integer({ minimum: 0 }),
  at: Time,
})

/** Every source of a spool. It is asked for with every hand-over, so its table is read once and kept here. */
export class Sources {
  readonly #db: DatabaseSync
  #kept: Map<string, SealedSource>

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#kept = readAll(db)
  }

  get(id: string): SealedSource | undefined {
    return this.#kept.get(id)
  }

  all(): SealedSource[] {
    return [...this.#kept.values()]
  }

  /**
   * Writes where the sources of a batch go on. Its transaction may still fail: what is kept moves with `moved`.
   * @param beside of the rows in the header: without one the predecessor is gone, and the back-fill stays as it was
   */
  move({ sources, sealedAt }: Header, { predecessors, backfills }: Beside): void {
    const upsert = prepared(
      this.#db,
      `INSERT INTO source (id, position, predecessor, backfill, records, at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET position = excluded.position, predecessor = excluded.predecessor,
      backfill = coalesce(excluded.backfill, backfill), records = records + excluded.records, at = excluded.at`,
    )
    for (const { id, next, count } of sources)
      upsert.run(id, JSON.stringify(next), toColumn(predecessors.get(id)), toColumn(backfills.get(id)), count, sealedAt)
  }

  /** The transaction of `move` is durable. */
  moved({ sources, sealedAt: at }: Header, { predecessors, backfills }: Beside): void {
    for (const { id, next, count } of sources) {
      const before = this.#kept.get(id)
      this.#kept.set(id, {
        id,
        position: next,
        predecessor: predecessors.get(id),
        backfill: backfills.get(id) ?? before?.backfill,
        records: (before?.records ?? 0) + count,
        at,
      })
    }
  }

  /** Whether a transaction became durable is not known: what is kept comes from the table again. */
  readAgain(): void {
    this.#kept = readAll(this.#db)
  }
}

function toColumn(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

function readAll(db: DatabaseSync): Map<string, SealedSource> {
  const rows = prepared(db, 'SELECT * FROM source').all()
  return new Map(rows.map((row) => toSource(whole(Row, { ...row }))).map((source) => [source.id, source]))
}

function toSource({ id, records, at, ...row }: Static<typeof Row>): SealedSource {
  const predecessor = row.predecessor === null ? undefined : parsed(Predecessor, row.predecessor)
  const backfill = row.backfill === null ? undefined : parsed(BackfillPlace, row.backfill)
  return { id, position: parsed(Position, row.position), predecessor, backfill, records, at }
}
