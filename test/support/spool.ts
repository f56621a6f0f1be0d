import { copyFileSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** What stands in the spool of an agent. */
export interface Spooled {
  /** Records sealed, by source. */
  records: Map<string, number>
  /** Batches that the console has acknowledged. */
  acked: number
}

/**
 * Reads the spool of an agent at work from a copy in `folder`: opened beside the agent, it could be locked, or mended
 * after a death, by who only wants to look. A copy that was taken while the agent wrote may say nothing.
 */
export function spoolReader(agentData: string, folder: string): () => Spooled {
  const spool = join(agentData, 'spool.db')
  const copy = join(folder, 'spool.db')
  mkdirSync(folder)
  let newest: { mark: string; spooled: Spooled } | undefined
  return () => {
    const { mtimeNs, size } = statSync(`${spool}-wal`, { bigint: true })
    const mark = `${mtimeNs} ${size}`
    if (newest?.mark === mark) return newest.spooled
    for (const part of ['', '-wal']) copyFileSync(`${spool}${part}`, `${copy}${part}`)
    newest = { mark, spooled: read(copy) }
    return newest.spooled
  }
}

function read(file: string): Spooled {
  const db = new DatabaseSync(file)
  try {
    const rows = db.prepare('SELECT id, records FROM source').all()
    const acked = db.prepare('SELECT ifnull(sum(acked), 0) AS acked FROM batch').get()?.acked
    return { records: new Map(rows.map(({ id, records }) => [String(id), Number(records)])), acked: Number(acked) }
  } finally {
    db.close()
  }
}
