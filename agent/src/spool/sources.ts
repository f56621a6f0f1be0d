import type { DatabaseSync } from 'node:sqlite'
import { type Header, Position } from '@tidewaiter/protocol'
import { BackfillPlace } from '../backfill.ts'
import { Predecessor } from '../follow/predecessor.ts'
import { parsed, prepared } from './database.ts'

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

type Row = Omit<SealedSource, keyof Place> & { position: string; predecessor: string | null; backfill: string | null }

/** @param beside of the rows in the header: without one the predecessor is gone, and the back-fill stays as it was */
export function moveSources(
  db: DatabaseSync,
  { sources, sealedAt }: Header,
  { predecessors, backfills }: Beside,
): void {
  const upsert = prepared(
    db,
    `INSERT INTO source (id, position, predecessor, backfill, records, at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET position = excluded.position, predecessor = excluded.predecessor,
    backfill = coalesce(excluded.backfill, backfill), records = records + excluded.records, at = excluded.at`,
  )
  for (const { id, next, count } of sources)
    upsert.run(id, JSON.stringify(next), toColumn(predecessors.get(id)), toColumn(backfills.get(id)), count, sealedAt)
}

function toColumn(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

export function sealedSource(db: DatabaseSync, id: string): SealedSource | undefined {
  const row = prepared(db, 'SELECT * FROM source WHERE id = ?').get(id)
  // Written by moveSources alone.
  return row === undefined ? undefined : toSource(row as unknown as Row)
}

export function sealedSources(db: DatabaseSync): SealedSource[] {
  // Written by moveSources alone.
  return (prepared(db, 'SELECT * FROM source ORDER BY id').all() as unknown as Row[]).map(toSource)
}

function toSource(row: Row): SealedSource {
  const predecessor = row.predecessor === null ? undefined : parsed(Predecessor, row.predecessor)
  const backfill = row.backfill === null ? undefined : parsed(BackfillPlace, row.backfill)
  return { ...row, position: parsed(Position, row.position), predecessor, backfill }
}
