import type { DatabaseSync } from 'node:sqlite'
import type { Position } from '@tidewaiter/protocol'

/** How far a source has come: the covered span it stands in, and what would go on from there. */
export interface Progress {
  source: number
  /** Position, as the header wrote it. */
  next: string
  toMs: number
  /** Its last interval between two batches that name it. */
  periodMs: number | undefined
  span: number
  /** It was away for this long before its span began, and was in another one until then. */
  pause: Pause | undefined
}

interface Pause {
  before: number
  ms: number
}

export interface ProgressRows {
  of(source: number): Progress | undefined
  /** Begins a covered span. */
  begin(source: number, from: Extent & { fromMs: number; periodMs?: number | undefined; pause?: Pause }): void
  /** The span of the source goes on. */
  extend(progress: Progress, by: Extent): void
  /** The span of the source and one before it are one. */
  join(progress: Progress, before: number): void
  /** Writes what changed into the transaction. */
  save(): void
  /** The transaction was given up. */
  forget(): void
}

interface Extent {
  next: Position
  records: number
  toMs: number
}

/** Sources that are kept in mind from one transaction to the next. */
const mostKnown = 100_000

export function openProgress(db: DatabaseSync): ProgressRows {
  const select = db.prepare('select * from progress where source = ?')
  const upsert = db.prepare(
    'insert or replace into progress (source, next, to_ms, period_ms, span, before, pause_ms) values (?, ?, ?, ?, ?, ?, ?)',
  )
  const insertSpan = db.prepare(
    "insert into span (source, state, from_ms, to_ms, records) values (?, 'covered', ?, ?, ?)",
  )
  const extendSpan = db.prepare('update span set to_ms = max(to_ms, ?), records = records + ? where no = ?')
  const joinSpan = db.prepare(
    `update span set (to_ms, records) = (select max(span.to_ms, later.to_ms), span.records + later.records
     from span as later where later.no = ?) where no = ?`,
  )
  const removeSpan = db.prepare('delete from span where no = ?')
  const known = new Map<number, Progress>()
  /** Sources that changed, and records that their spans have won. */
  const changed = new Map<number, number>()

  const saveOne = (source: number, records: number) => {
    const progress = known.get(source)
    if (progress === undefined) return
    const { next, toMs, periodMs, span, pause } = progress
    extendSpan.run(toMs, records, span)
    upsert.run(source, next, toMs, periodMs ?? null, span, pause?.before ?? null, pause?.ms ?? null)
  }
  return {
    of(source) {
      const progress = known.get(source) ?? toProgress(select.get(source))
      if (progress !== undefined) known.set(source, progress)
      return progress
    },
    begin(source, { next, records, fromMs, toMs, periodMs, pause }) {
      saveOne(source, changed.get(source) ?? 0)
      const span = Number(insertSpan.run(source, fromMs, toMs, records).lastInsertRowid)
      const latestMs = Math.max(toMs, known.get(source)?.toMs ?? toMs)
      known.set(source, { source, next: JSON.stringify(next), toMs: latestMs, periodMs, span, pause })
      changed.set(source, 0)
    },
    extend(progress, { next, records, toMs }) {
      progress.next = JSON.stringify(next)
      progress.toMs = Math.max(progress.toMs, toMs)
      changed.set(progress.source, (changed.get(progress.source) ?? 0) + records)
    },
    join(progress, before) {
      saveOne(progress.source, changed.get(progress.source) ?? 0)
      changed.set(progress.source, 0)
      joinSpan.run(progress.span, before)
      removeSpan.run(progress.span)
      progress.span = before
    },
    save() {
      for (const [source, records] of changed) saveOne(source, records)
      changed.clear()
      // Of the others is asked again: their number has no bound.
      if (known.size > mostKnown) known.clear()
    },
    forget() {
      known.clear()
      changed.clear()
    },
  }
}

function toProgress(row: Record<string, unknown> | undefined): Progress | undefined {
  if (row === undefined) return undefined
  const { source, next, to_ms, period_ms, span, before, pause_ms } = row
  return {
    source: Number(source),
    next: String(next),
    toMs: Number(to_ms),
    periodMs: period_ms === null ? undefined : Number(period_ms),
    span: Number(span),
    pause: before === null ? undefined : { before: Number(before), ms: Number(pause_ms) },
  }
}
