import { refuse } from '../error.ts'
import type { Store } from '../store/store.ts'
import { type Field, fields } from './fields.ts'

/** The clock of whoever enters it may be so much ahead of the console's. */
const skewMs = 5 * 60_000

/** Every time that is asked for is of something that happened. Throws `input-malformed` for one that is still to come. */
export function checkHappened(value: string, { label, nowMs }: { label: string; nowMs: number }): void {
  for (const instant of value.split('/'))
    if (Date.parse(instant) > nowMs + skewMs)
      throw refuse(
        'input-malformed',
        `${label}: ${instant} is still to come; it is now ${minute(nowMs)}. Enter when it happened, or choose "not known yet".`,
      )
}

/**
 * No notice of a breach was sent before the breach was discovered: it would stop the clock before it began. Throws
 * `input-malformed`. Part of the transaction of the change.
 */
export async function checkOrder(
  tx: Store,
  incident: string,
  { field, value }: { field: Field; value: string },
): Promise<void> {
  const ms = Date.parse(value)
  if (field.follows !== undefined) {
    const first = await instantOf(tx, incident, field.follows)
    if (first !== undefined && ms < first)
      throw refuse(
        'input-malformed',
        `${field.label}: ${value} is before ${nameOf(field.follows)} (${minute(first)}). Enter when it was sent about this breach, or correct that time first.`,
      )
  }
  for (const { field: name, follows } of fields) {
    const later = follows === field.field ? await instantOf(tx, incident, name) : undefined
    if (later !== undefined && later < ms)
      throw refuse(
        'input-malformed',
        `${field.label}: ${value} is after ${nameOf(name)} (${minute(later)}). Enter the earlier time, or correct that one first.`,
      )
  }
}

async function instantOf(tx: Store, incident: string, field: string): Promise<number | undefined> {
  const row = await tx
    .selectFrom('fact')
    .select(['state', 'value'])
    .where('incident', '=', incident)
    .where('field', '=', field)
    .orderBy('rev', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.state === 'answered' ? Date.parse(row.value) : undefined
}

function nameOf(name: string): string {
  return `"${fields.find(({ field }) => field === name)?.label ?? name}"`
}

/** `2026-11-26T00:43Z` */
function minute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`
}
