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
  /** Records that its host owned up to have lost, and that are missing nowhere yet. */
  ownedUp: number
}

interface Pause {
  before: number
  ms: number
}

export interface ProgressRows {
  of(source: number): Progress | undefined
  /** Begins a covered span, which may lie before the one that the source stood in. */
  begin(source: number, from: Extent & { fromMs: number; periodMs?: number | undefined; pause?: Pause }): void
  /** The span of the source goes on. */
  extend(progress: Progress, by: Extent): void
  /** The span of the source and one before it are one. */
  join(progress: Progress, before: number): void
  /** Its host owned up to have lost so many more; less than none where so many of them are found missing. */
  ownUp(source: number, records: number): void
  /** Writes what changed into the transaction. */
  save(): void
  /** The transaction was given up. */
  forget(): void
}

interface Extent {
  next: Position
  records: number
  toMs: number
  /** Says so where the clock of the host was ahead; the first of a span stays. */
  ahead: string | undefined
}

/** What a span has won. */
interface Won {
  records: number
  ahead: string | undefined
}

/** Sources that are kept in mind from one transaction to the next. */
const mostKnown = 100_000

export function openProgress(db: DatabaseSync): ProgressRows {
  const select = db.prepare('select * from progress where source = ?')
  const upsert = db.prepare(
    `insert or replace into progress (source, next, to_ms, period_ms, span, before, pause_ms, owned_up)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertSpan = db.prepare(
    "insert into span (source, state, from_ms, to_ms, records, why) values (?, 'covered', ?, ?, ?, ?)",
  )
  const extendSpan = db.prepare(
    'update span set to_ms = max(to_ms, ?), records = records + ?, why = coalesce(why, ?) where no = ?',
  )
  const joinSpan = db.prepare(
    `update span set (to_ms, records, why) = (
       select max(span.to_ms, later.to_ms), span.records + later.records, coalesce(span.why, later.why)
     from span as later where later.no = ?) where no = ?`,
  )
  const removeSpan = db.prepare('delete from span where no = ?')
  const known = new Map<number, Progress>()
  /** Sources that changed, and what their spans have won. */
  const changed = new Map<number, Won>()

  const saveOne = (source: number, { records, ahead }: Won) => {
    const progress = known.get(source)
    if (progress === undefined) return
    const { next, toMs, periodMs, span, pause, ownedUp } = progress
    extendSpan.run(toMs, records, ahead ?? null, span)
    upsert.run(source, next, toMs, periodMs ?? null, span, pause?.before ?? null, pause?.ms ?? null, ownedUp)
  }
  const of = (source: number): Progress | undefined => {
    const progress = known.get(source) ?? toProgress(select.get(source))
    if (progress !== undefined) known.set(source, progress)
    return progress
  }
  return {
    of,
    begin(source, { next, records, fromMs, toMs, ahead, periodMs, pause }) {
      saveOne(source, changed.get(source) ?? nothing)
      const span = Number(insertSpan.run(source, fromMs, toMs, records, ahead ?? null).lastInsertRowid)
      const ownedUp = known.get(source)?.ownedUp ?? 0
      known.set(source, { source, next: JSON.stringify(next), toMs, periodMs, span, pause, ownedUp })
      changed.set(source, nothing)
    },
    extend(progress, { next, records, toMs, ahead }) {
      progress.next = JSON.stringify(next)
      progress.toMs = Math.max(progress.toMs, toMs)
      const won = changed.get(progress.source) ?? nothing
      changed.set(progress.source, { records: won.records + records, ahead: won.ahead ?? ahead })
    },
    join(progress, before) {
      saveOne(progress.source, changed.get(progress.source) ?? nothing)
      changed.set(progress.source, nothing)
      joinSpan.run(progress.span, before)
      removeSpan.run(progress.span)
      progress.span = before
    },
    ownUp(source, records) {
      const progress = records === 0 ? undefined : of(source)
      if (progress === undefined) return
      progress.ownedUp = Math.min(progress.ownedUp + records, Number.MAX_SAFE_INTEGER)
      changed.set(source, changed.get(source) ?? nothing)
    },
    save() {
      for (const [source, won] of changed) saveOne(source, won)
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

const nothing: Won = { records: 0, ahead: undefined }

function toProgress(row: Record<string, unknown> | undefined): Progress | undefined {
  if (row === undefined) return undefined
  const { source, next, to_ms, period_ms, span, before, pause_ms, owned_up } = row
  return {
    source: Number(source),
    next: String(next),
    toMs: Number(to_ms),
    periodMs: period_ms === null ? undefined : Number(period_ms),
    span: Number(span),
    pause: before === null ? undefined : { before: Number(before), ms: Number(pause_ms) },
    ownedUp: Number(owned_up),
  }
}
