import type { DatabaseSync } from 'node:sqlite'
import { Hash, HostId, Lineage, type Tip } from '@tidewaiter/protocol'
import { Type } from 'typebox'
import { parsed, prepared, whole } from './database.ts'

/** The chain that is sealed now. */
export interface Chain {
  no: number
  host: string
  /** Null before its first batch. */
  tip: Tip | null
  lineage?: Lineage
}

/** Whose batches those of a new chain are. */
export interface ChainOf {
  host: string
  lineage?: Lineage | undefined
  /** Of its key, PEM: shown to a console that no longer knows the host, when its chain has ended. */
  certificate?: string
}

/** A chain that has ended, of which batches are in the spool. */
export interface EndedChain {
  no: number
  host: string
  tip: Tip
  /** Null in a spool of before certificates were kept: no console could tell whose the batches are. */
  certificate: string | null
  oldestSeq: number
}

/** The table `chain`. Nothing here opens a transaction. */
export class Chains {
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  current(): Chain | undefined {
    const row = prepared(this.#db, 'SELECT * FROM chain ORDER BY no DESC LIMIT 1').get()
    if (row === undefined) return undefined
    const { no, host, lineage, seq, header_hash: headerHash } = whole(Row, { ...row })
    const tip = headerHash === null ? null : { seq, headerHash }
    const from = lineage === null ? undefined : parsed(Lineage, lineage)
    return { no, host, tip, ...(from !== undefined && { lineage: from }) }
  }

  begin({ host, lineage, certificate }: ChainOf): void {
    const insert = 'INSERT INTO chain (host, lineage, seq, certificate) VALUES (?, ?, 0, ?)'
    prepared(this.#db, insert).run(host, lineage === undefined ? null : JSON.stringify(lineage), certificate ?? null)
  }

  grow(no: number, { seq, headerHash }: Tip): void {
    prepared(this.#db, 'UPDATE chain SET seq = ?, header_hash = ? WHERE no = ?').run(seq, headerHash, no)
  }

  /** The newest first. */
  ended(): EndedChain[] {
    const sql = `SELECT chain.*, min(batch.seq) AS oldest FROM chain JOIN batch ON batch.chain = chain.no
      WHERE chain.no < (SELECT max(no) FROM chain) GROUP BY chain.no ORDER BY chain.no DESC`
    return prepared(this.#db, sql)
      .all()
      .map((row) => whole(EndedRow, { ...row }))
      .map(({ no, host, seq, header_hash: headerHash, certificate, oldest: oldestSeq }) => ({
        no,
        host,
        tip: { seq, headerHash },
        certificate,
        oldestSeq,
      }))
  }
}

const Count = Type.Integer({ minimum: 0 })
const Text = Type.Union([Type.String(), Type.Null()])
const Row = Type.Object({
  no: Count,
  host: HostId,
  lineage: Text,
  seq: Count,
  header_hash: Type.Union([Hash, Type.Null()]),
  certificate: Text,
})
const EndedRow = Type.Object({ ...Row.properties, header_hash: Hash, oldest: Count })
