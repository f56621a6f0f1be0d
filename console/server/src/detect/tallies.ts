import { sql } from 'kysely'
import type { Store } from '../store/store.ts'
import type { Tally } from './detector.ts'
import type { Counted, Noted } from './episodes.ts'

/** A window of one host, as one detector judges it. */
export interface Judged {
  detector: string
  host: string
  fromMs: number
  toMs: number
}

/** What is new of a subject in a window; without `of` it is no longer counted there. */
export interface NewTally {
  subject: string
  of?: Counted
}

/** Subjects for which the window now counts something else than before. */
export async function newTallies(
  store: Store,
  { detector, host, fromMs }: Judged,
  counted: ReadonlyMap<string, Counted>,
): Promise<NewTally[]> {
  const held = await store
    .selectFrom('tally')
    .select(['subject', 'rows'])
    .where('detector', '=', detector)
    .where('host', '=', host)
    .where('from_ms', '=', fromMs)
    .execute()
  const before = new Map(held.map(({ subject, rows }) => [subject, rows]))
  const gone = held.filter(({ subject }) => !counted.has(subject)).map(({ subject }) => ({ subject }))
  const fresh = Array.from(counted, ([subject, of]) => ({ subject, of }))
  return [...gone, ...fresh.filter(({ subject, of }) => before.get(subject) !== JSON.stringify(of.rows))]
}

/** @param tallies a bounded number of them */
export async function writeTallies(
  tx: Store,
  { detector, host, fromMs, toMs }: Judged,
  { tallies, nowMs }: { tallies: readonly NewTally[]; nowMs: number },
): Promise<void> {
  await tx
    .deleteFrom('tally')
    .where('detector', '=', detector)
    .where('host', '=', host)
    .where('from_ms', '=', fromMs)
    .where(
      'subject',
      'in',
      tallies.map(({ subject }) => subject),
    )
    .execute()
  const window = { detector, host, from_ms: fromMs, to_ms: toMs, judged_ms: nowMs }
  const rows = tallies.flatMap(({ subject, of }) =>
    of === undefined ? [] : [{ ...window, subject, context: of.context ? 1 : 0, rows: JSON.stringify(of.rows) }],
  )
  if (rows.length > 0) await tx.insertInto('tally').values(rows).execute()
}

/** Windows in which something was counted of a subject, oldest first. */
export async function notedOf(tx: Store, { detector, host }: Judged, subject: string): Promise<Noted[]> {
  const rows = await tx
    .selectFrom('tally')
    .select(['from_ms', 'to_ms', 'context'])
    .where('detector', '=', detector)
    .where('host', '=', host)
    .where('subject', '=', subject)
    .orderBy('from_ms')
    .execute()
  return rows.map(({ from_ms, to_ms, context }) => ({ fromMs: from_ms, toMs: to_ms, context: context === 1 }))
}

/** What was counted in these windows of a subject. */
export async function countedIn<N extends Noted>(
  tx: Store,
  { detector, host }: Judged,
  { subject, windows }: { subject: string; windows: readonly N[] },
): Promise<Counted[]> {
  const [first, last] = [windows[0], windows.at(-1)]
  if (first === undefined || last === undefined) return []
  const rows = await tx
    .selectFrom('tally')
    .select(['from_ms', 'rows'])
    .where('detector', '=', detector)
    .where('host', '=', host)
    .where('subject', '=', subject)
    .where('from_ms', '>=', first.fromMs)
    .where('from_ms', '<=', last.fromMs)
    .execute()
  // Our own text, as `writeTallies` made it.
  const held = new Map(rows.map((row) => [row.from_ms, JSON.parse(row.rows) as Tally[]]))
  return windows.map(({ fromMs, toMs, context }) => ({ fromMs, toMs, context, rows: held.get(fromMs) ?? [] }))
}

/** Forgets what was counted long ago and is part of no finding. */
export async function forgetTallies(store: Store, beforeMs: number): Promise<void> {
  await store
    .deleteFrom('tally')
    .where('judged_ms', '<', beforeMs)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('finding')
            .select('finding.id')
            .whereRef('finding.detector', '=', 'tally.detector')
            .whereRef('finding.host', '=', 'tally.host')
            .where(sql<boolean>`finding.subject_type || ' ' || finding.subject_value = tally.subject`),
        ),
      ),
    )
    .execute()
}
