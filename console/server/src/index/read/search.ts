import type { EventPage, EventQuery } from '@tidewaiter/protocol/api'
import type { Ledger } from '../../ledger/ledger.ts'
import { countSql, type PageOptions, pageSql } from '../query/sql.ts'
import { type Asked, ask, questionFor } from './asking.ts'
import { formatCursor, type PageCursor } from './cursor.ts'
import { type Day, daysOf } from './days.ts'
import type { Documents } from './documents.ts'
import { type Handles, isTooBroad, limited } from './handles.ts'
import type { Names } from './names.ts'
import { findRecords, type IndexRow, toEventRow } from './rows.ts'

export interface Searching {
  handles: Handles
  ledger: Pick<Ledger, 'entry' | 'find'>
  documents: Documents
  names: Names
  /** When the answer must be there. */
  endsAtMs: number
}

const mostCounted = 10_000
/** Counting is worth a part of the time only: a page without an exact number is a page. */
const countMs = 2000

/** One page. Further ones are asked with the cursor of the first and see what it saw. */
export async function searchEvents(
  searching: Searching,
  asked: Asked,
  { order = 'newest', limit = 100 }: Pick<EventQuery, 'order' | 'limit'>,
  cursor: PageCursor | undefined,
): Promise<EventPage> {
  const { handles, ledger, documents, names } = searching
  const days = await daysOf(handles, asked)
  const found = await findRows(searching, asked, {
    days,
    page: { order, limit: limit + 1, ...(cursor && { after: cursor.after }) },
  })
  const rows = await findRecords(ledger, found.slice(0, limit))
  const shown = await documents.of(
    rows.map(({ records }) => records),
    false,
  )
  const last = found[limit - 1]
  return {
    rows: rows.map((row, i) => toEventRow(row, shown[i] ?? {}, names)),
    ...(found.length > limit &&
      last !== undefined && { next: formatCursor({ ...asked, after: { at: last.at, id: last.id } }) }),
    ...(await count(searching, asked, { days, seen: found.length })),
    asOf: asked.asOf,
  }
}

interface Days {
  days: readonly Day[]
}

/**
 * The first rows over all days. Days overlap in the times of their events: the one with the nearest end is asked first,
 * until no other can have anything before the last row that is shown.
 */
async function findRows(
  { handles, endsAtMs }: Searching,
  asked: Asked,
  { days, page }: Days & { page: PageOptions },
): Promise<IndexRow[]> {
  const isNewest = page.order === 'newest'
  const near = days.toSorted((a, b) => (isNewest ? b.maxAt - a.maxAt : a.minAt - b.minAt))
  const compare = (a: IndexRow, b: IndexRow) => (isNewest ? b.at - a.at || b.id - a.id : a.at - b.at || a.id - b.id)
  let rows: IndexRow[] = []
  for (const day of near) {
    const last = rows[page.limit - 1]
    if (last !== undefined && (isNewest ? day.maxAt < last.at : day.minAt > last.at)) break
    const more = await handles.day(day.name, (db) =>
      limited(db, endsAtMs, async () =>
        ask<IndexRow>(db, pageSql('sqlite', await questionFor(db, day.name, asked), page)),
      ),
    )
    rows = [...rows, ...more].sort(compare).slice(0, page.limit)
  }
  return rows
}

/** How many there are, exactly up to a bound; a lower bound where that takes too long. */
async function count(
  { handles, endsAtMs }: Searching,
  asked: Asked,
  { days, seen }: Days & { seen: number },
): Promise<Pick<EventPage, 'total' | 'totalExact'>> {
  const until = Math.min(endsAtMs, Date.now() + countMs)
  let total = 0
  try {
    for (const day of days) {
      const [row] = await handles.day(day.name, (db) =>
        limited(db, until, async () =>
          ask<{ count: number }>(
            db,
            countSql('sqlite', await questionFor(db, day.name, asked), mostCounted + 1 - total),
          ),
        ),
      )
      total += row?.count ?? 0
      if (total > mostCounted) return { total: mostCounted, totalExact: false }
    }
    return { total, totalExact: true }
  } catch (error) {
    if (isTooBroad(error)) return { total: Math.max(total, seen), totalExact: false }
    throw error
  }
}
