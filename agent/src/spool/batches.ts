import type { DatabaseSync } from 'node:sqlite'
import { type Batch, splitBatch, toHex } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { refuse } from '../error.ts'
import { prepared } from './database.ts'

export interface Usage {
  batches: number
  bytes: number
  /** What a console can still take. */
  unacked: number
  unackedBytes: number
}

/** One batch that a console holds, or all up to it. */
export interface Mark {
  chain: number
  seq: number
  upTo: boolean
}

interface Row {
  no: number
  bytes: number
  acked: boolean
}

/** A batch that is not read. */
export interface Peeked {
  no: number
  chain: number
  seq: number
  rawBytes: number
  /** As sent. */
  bytes: number
}

/** The tables `batch` and `body`. Nothing here opens a transaction. */
export class Batches {
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  measure(): Usage {
    const sql = `SELECT count(*) AS batches, ifnull(sum(bytes), 0) AS bytes, ifnull(sum(acked = 0), 0) AS unacked,
      ifnull(sum(iif(acked = 0, bytes, 0)), 0) AS unackedBytes FROM batch`
    // An aggregate without GROUP BY is one row of these numbers.
    return { ...(prepared(this.#db, sql).get() as unknown as Usage) }
  }

  /** Returns the number under which it stands. */
  insert(chain: number, { header, headerHash, bytes }: Batch): number {
    const sql = 'INSERT INTO batch (chain, seq, header_hash, raw_bytes, bytes) VALUES (?, ?, ?, ?, ?)'
    const { lastInsertRowid } = prepared(this.#db, sql).run(
      chain,
      header.seq,
      headerHash,
      header.rawBytes,
      bytes.length,
    )
    prepared(this.#db, 'INSERT INTO body VALUES (?, ?)').run(lastInsertRowid, bytes)
    return Number(lastInsertRowid)
  }

  /** Number of the one that was inserted last. */
  newest(): number {
    return Number(prepared(this.#db, 'SELECT max(no) AS no FROM batch').get()?.no ?? 0)
  }

  /** The one to go next: the oldest acknowledged, else the oldest; never `newest` itself. */
  oldestBefore(newest: number): Row | undefined {
    const sql = 'SELECT no, bytes, acked FROM batch WHERE no < ? ORDER BY acked DESC, no LIMIT 1'
    const row = prepared(this.#db, sql).get(newest)
    if (row === undefined) return undefined
    return { no: Number(row.no), bytes: Number(row.bytes), acked: row.acked === 1 }
  }

  remove({ no, bytes, acked }: Row, usage: Usage): Usage {
    prepared(this.#db, 'DELETE FROM batch WHERE no = ?').run(no)
    prepared(this.#db, 'DELETE FROM body WHERE no = ?').run(no)
    return {
      batches: usage.batches - 1,
      bytes: usage.bytes - bytes,
      unacked: usage.unacked - (acked ? 0 : 1),
      unackedBytes: usage.unackedBytes - (acked ? 0 : bytes),
    }
  }

  /** A disk may give back other bytes than it was given: then it throws `spool-broken`. */
  read(no: number): Batch {
    const bytes = prepared(this.#db, 'SELECT bytes FROM body WHERE no = ?').get(no)?.bytes
    const hash = prepared(this.#db, 'SELECT header_hash FROM batch WHERE no = ?').get(no)?.header_hash
    const batch = bytes instanceof Uint8Array ? trySplit(bytes) : undefined
    const digest = batch === undefined ? '' : toHex(nodePrimitives.sha256(batch.payload))
    if (batch?.headerHash !== hash || digest !== batch?.header.payloadSha256)
      throw refuse('spool-broken', 'A batch in the spool is not the one that was sealed.')
    return batch
  }

  next(chain: number, seq: number, unackedOnly: boolean): Batch | undefined {
    const found = this.peek(chain, seq, unackedOnly)
    return found === undefined ? undefined : this.read(found.no)
  }

  /** The same, without reading it. */
  peek(chain: number, seq: number, unackedOnly: boolean): Peeked | undefined {
    const unacked = unackedOnly ? 'AND acked = 0' : ''
    const sql = `SELECT no, chain, seq, raw_bytes, bytes FROM batch WHERE chain = ? AND seq > ? ${unacked}
      ORDER BY seq LIMIT 1`
    return toPeeked(prepared(this.#db, sql).get(chain, seq))
  }

  /** The oldest that waits, of whatever chain: those of a chain that has ended are older than all of the next. */
  peekOldestUnacked(): Peeked | undefined {
    const sql = 'SELECT no, chain, seq, raw_bytes, bytes FROM batch WHERE acked = 0 ORDER BY no LIMIT 1'
    return toPeeked(prepared(this.#db, sql).get())
  }

  isWaiting(chain: number): boolean {
    const sql = 'SELECT EXISTS (SELECT 1 FROM batch WHERE chain = ? AND acked = 0) AS waits'
    return prepared(this.#db, sql).get(chain)?.waits === 1
  }

  hashOf(chain: number, seq: number): string | undefined {
    const row = prepared(this.#db, 'SELECT header_hash FROM batch WHERE chain = ? AND seq = ?').get(chain, seq)
    return row === undefined ? undefined : String(row.header_hash)
  }

  /** Hash of the header before batch `seq`, as that one states it. */
  prevOf(chain: number, seq: number): string | undefined {
    const row = prepared(this.#db, 'SELECT no FROM batch WHERE chain = ? AND seq = ?').get(chain, seq)
    return row === undefined ? undefined : (this.read(Number(row.no)).header.prev ?? undefined)
  }

  oldestSeq(chain: number): number | null {
    const row = prepared(this.#db, 'SELECT min(seq) AS seq FROM batch WHERE chain = ?').get(chain)
    return typeof row?.seq === 'number' ? row.seq : null
  }

  /** The newest that a console acknowledged, unless one before it waits. What had to go for want of room is none. */
  ackedSeq(chain: number): number {
    const sql = `SELECT min(acked, ifnull(
      (SELECT min(batch.seq) - 1 FROM batch WHERE batch.chain = chain.no AND batch.acked = 0), acked)) AS seq
      FROM chain WHERE no = ?`
    return Number(this.#db.prepare(sql).get(chain)?.seq ?? 0)
  }

  unmark(chain: number, after: number): void {
    this.#db.prepare('UPDATE batch SET acked = 0 WHERE chain = ? AND seq > ?').run(chain, after)
    this.#db.prepare('UPDATE chain SET acked = min(acked, ?) WHERE no = ?').run(after, chain)
  }

  /** A console holds it. Returns what was not marked before. */
  acknowledge(mark: Mark): { batches: number; bytes: number } {
    const sql = 'UPDATE chain SET acked = max(acked, min(?, seq)) WHERE no = ?'
    prepared(this.#db, sql).run(mark.seq, mark.chain)
    return this.mark(mark)
  }

  /** It waits for no console any more. Returns what was not marked before. */
  mark({ chain, seq, upTo }: Mark): { batches: number; bytes: number } {
    const which = `chain = ? AND seq ${upTo ? '<=' : '='} ? AND acked = 0`
    const sql = `SELECT count(*) AS batches, ifnull(sum(bytes), 0) AS bytes FROM batch WHERE ${which}`
    const marked = prepared(this.#db, sql).get(chain, seq)
    prepared(this.#db, `UPDATE batch SET acked = 1 WHERE ${which}`).run(chain, seq)
    return { batches: Number(marked?.batches), bytes: Number(marked?.bytes) }
  }
}

function toPeeked(row: Record<string, unknown> | undefined): Peeked | undefined {
  if (row === undefined) return undefined
  const { no, chain, seq, raw_bytes: rawBytes, bytes } = row
  return {
    no: Number(no),
    chain: Number(chain),
    seq: Number(seq),
    rawBytes: Number(rawBytes),
    bytes: Number(bytes),
  }
}

function trySplit(bytes: Uint8Array): Batch | undefined {
  try {
    return splitBatch(nodePrimitives, bytes)
  } catch {
    return undefined
  }
}
