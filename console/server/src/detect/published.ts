import type { Store } from '../store/store.ts'
import type { FindingTable } from '../store/tables.ts'
import type { Published } from './match.ts'
import type { Judged } from './tallies.ts'

/** What becomes of the findings of a subject. */
export interface Change {
  set: { row: FindingTable; kept: Published | undefined }[]
  /** Taken in by another, which has their ids as aliases. */
  drop: Published[]
  /** Shown by nothing any more. */
  withdraw: Published[]
}

/** All findings that were ever published of a subject (`<type> <value>`). */
export async function publishedOf(tx: Store, { detector, host }: Judged, subject: string): Promise<Published[]> {
  const blank = subject.indexOf(' ')
  const [type, value] = [subject.slice(0, blank), subject.slice(blank + 1)]
  const standing = await tx
    .selectFrom('finding')
    .selectAll()
    .where('detector', '=', detector)
    .where('host', '=', host)
    .where('subject_type', '=', type)
    .where('subject_value', '=', value)
    .execute()
  const withdrawn = await tx
    .selectFrom('withdrawn_finding')
    .selectAll()
    .where('detector', '=', detector)
    .where('host', '=', host)
    .where('subject_type', '=', type)
    .where('subject_value', '=', value)
    .execute()
  return [
    ...standing.map((row) => ({ ...row, aliases: idsIn(row.aliases), row })),
    ...withdrawn.map((row) => ({ ...row, aliases: idsIn(row.aliases) })),
  ]
}

function idsIn(json: string): string[] {
  // Our own text, as `toRow` made it.
  return JSON.parse(json) as string[]
}

/** True when anything is other than before. */
export async function applyChange(tx: Store, { set, drop, withdraw }: Change): Promise<boolean> {
  let changed = false
  await remove(tx, drop)
  for (const { row, kept } of set) {
    if (kept?.row !== undefined && isSame(kept.row, row)) continue
    if (kept !== undefined && kept.row === undefined) await remove(tx, [kept])
    const { id, found_at: _, ...columns } = row
    await tx
      .insertInto('finding')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
      .execute()
    changed = true
  }
  for (const { row } of withdraw) if (row !== undefined && (await withdrawOne(tx, row))) changed = true
  return changed || drop.length > 0
}

function isSame(a: FindingTable, b: FindingTable): boolean {
  return Object.entries(b).every(([name, value]) => Reflect.get(a, name) === value)
}

async function remove(tx: Store, findings: readonly Published[]): Promise<void> {
  if (findings.length === 0) return
  const ids = findings.map(({ id }) => id)
  await tx.deleteFrom('finding').where('id', 'in', ids).execute()
  await tx.deleteFrom('withdrawn_finding').where('id', 'in', ids).execute()
}

const says = 'The evidence held now does not show this: it was judged again and stays below the thresholds.'

/** What people decided on or put into an incident stays, and says that it is no longer shown. The rest goes out of sight. */
async function withdrawOne(tx: Store, row: FindingTable): Promise<boolean> {
  const { id, detector, subject_type, subject_value, first_at, last_at, found_at, aliases } = row
  if (row.verdict !== 'open' || (await isInIncident(tx, [id, ...idsIn(aliases)]))) {
    // Our own text, as `toRow` made it.
    const why = JSON.parse(row.why) as string[]
    if (why[0] === says) return false
    const marked = JSON.stringify([says, ...why])
    await tx.updateTable('finding').set({ why: marked }).where('id', '=', id).execute()
    return true
  }
  await tx.deleteFrom('finding').where('id', '=', id).execute()
  const host = row.host ?? ''
  await tx
    .insertInto('withdrawn_finding')
    .values({ id, detector, host, subject_type, subject_value, first_at, last_at, found_at, aliases })
    .execute()
  return true
}

async function isInIncident(tx: Store, ids: readonly string[]): Promise<boolean> {
  const item = await tx
    .selectFrom('incident_item')
    .select('id')
    .where('kind', '=', 'finding')
    .where('ref', 'in', ids)
    .limit(1)
    .executeTakeFirst()
  return item !== undefined
}
