import type { DatabaseSync } from 'node:sqlite'
import { type Header, Position } from '@tidewaiter/protocol'
import { Predecessor } from '../follow/predecessor.ts'
import { parsed } from './database.ts'

/** Where a source goes on. */
export interface Place {
  position: Position
  predecessor: Predecessor | undefined
}

/** A source as it was last sealed. */
export interface SealedSource extends Place {
  id: string
  /** Records sealed since this spool was made. */
  records: number
  /** When its newest row was sealed. */
  at: string
}

type Row = Omit<SealedSource, keyof Place> & { position: string; predecessor: string | null }

/** @param predecessors of the rows in the header that have one */
export function moveSources(
  db: DatabaseSync,
  { sources, sealedAt }: Header,
  predecessors: ReadonlyMap<string, Predecessor>,
): void {
  const upsert = db.prepare(`INSERT INTO source (id, position, predecessor, records, at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET position = excluded.position, predecessor = excluded.predecessor,
    records = records + excluded.records, at = excluded.at`)
  for (const { id, next, count } of sources) {
    const predecessor = predecessors.get(id)
    upsert.run(id, JSON.stringify(next), predecessor ? JSON.stringify(predecessor) : null, count, sealedAt)
  }
}

export function sealedSource(db: DatabaseSync, id: string): SealedSource | undefined {
  const row = db.prepare('SELECT * FROM source WHERE id = ?').get(id)
  // Written by moveSources alone.
  return row === undefined ? undefined : toSource(row as unknown as Row)
}

export function sealedSources(db: DatabaseSync): SealedSource[] {
  // Written by moveSources alone.
  return (db.prepare('SELECT * FROM source ORDER BY id').all() as unknown as Row[]).map(toSource)
}

function toSource(row: Row): SealedSource {
  const predecessor = row.predecessor === null ? undefined : parsed(Predecessor, row.predecessor)
  return { ...row, position: parsed(Position, row.position), predecessor }
}
