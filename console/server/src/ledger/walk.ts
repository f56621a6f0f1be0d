import { DatabaseSync } from 'node:sqlite'
import { newestSegment, type SegmentRow, segmentFile } from './segment.ts'

/** What the tree of a ledger is made of, and the head that was signed when this entry was the newest. */
export interface WalkedEntry {
  /** Ledger of the segment it stands in. */
  ledger: string
  /** It is the first of its segment. */
  isFirst: boolean
  position: number
  receivedAtMs: number
  branch: string | null
  headerBytes: Uint8Array
  signature: Uint8Array
}

const rowsAtOnce = 2000

interface Row {
  position: number
  received_at: number
  branch: string
  header: Uint8Array
  signature: Uint8Array
}

/**
 * Every entry of a ledger without its payload, in the order of positions, from the files themselves. For a process that
 * is not the console's (`evidence.md` 11); a console may run meanwhile.
 */
export function* walkLedger(dir: string): Generator<WalkedEntry> {
  const newest = newestSegment(dir)
  for (let number = 1; number <= newest; number++) yield* walkSegment(segmentFile(dir, number))
}

function* walkSegment(file: string): Generator<WalkedEntry> {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 10_000 })
  try {
    const { made } = db.prepare("select count(*) as made from sqlite_schema where name = 'segment'").get() ?? {}
    // The columns of `schema`, here and below.
    const segment = (made === 1 ? db.prepare('select * from segment').get() : undefined) as unknown as
      | SegmentRow
      | undefined
    if (segment === undefined) return
    const select = db.prepare(
      'select position, received_at, branch, header, signature from batch where position >= ? order by position limit ?',
    )
    for (let next = segment.first; ; ) {
      const rows = select.all(next, rowsAtOnce) as unknown as Row[]
      for (const { position, received_at: receivedAtMs, branch, header: headerBytes, signature } of rows) {
        const own = {
          ledger: segment.ledger,
          isFirst: position === segment.first,
          branch: branch === '' ? null : branch,
        }
        yield { ...own, position, receivedAtMs, headerBytes, signature }
        next = position + 1
      }
      if (rows.length < rowsAtOnce) return
    }
  } finally {
    db.close()
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html): pages of the file are not what was written. */
export function isSpoiled(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
  return code === 11 || code === 26
}
