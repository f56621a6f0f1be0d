import type { EarlierAnswer, Fact, SetFact } from '@tidewaiter/protocol/api'
import { refuse } from '../error.ts'
import { record } from '../people/audit.ts'
import type { Store } from '../store/store.ts'
import type { FactTable } from '../store/tables.ts'
import type { Vault } from '../store/vault.ts'
import { type Field, fieldOf, fields } from './fields.ts'
import { checkHappened, checkOrder } from './happened.ts'
import { mask, parseImporterNumbers } from './importer-numbers.ts'
import { raiseRevision } from './revision.ts'
import { parseInstant, parseInterval } from './time.ts'

interface By {
  who: string
  at: string
}

/** Of a fact that keeps itself while it is typed; of one that moves a clock, none is left out. */
const mostEarlier = 10

/** The newest revision of every fact as of a revision of the incident, in CBP's order; unanswered ones included. */
export async function factsOf(
  store: Store,
  incident: string,
  vault: Vault,
  asOfRev = Number.MAX_SAFE_INTEGER,
): Promise<Fact[]> {
  const rows = await store
    .selectFrom('fact')
    .selectAll()
    .where('incident', '=', incident)
    .where('rev', '<=', asOfRev)
    .orderBy('rev')
    .execute()
  const byField = Map.groupBy(rows, ({ field }) => field)
  return fields.map((field) => toFact(field, byField.get(field.field) ?? [], vault))
}

/** @param rows its revisions, oldest first */
function toFact(field: Field, rows: readonly FactTable[], vault: Vault): Fact {
  const row = rows.at(-1)
  const { field: name, label, help, section, source, choices } = field
  return {
    field: name,
    label,
    help,
    section,
    source,
    kind: kindShown(field),
    ...(choices !== undefined && { choices: [...choices] }),
    state: (row?.state ?? 'unanswered') as Fact['state'],
    value: row === undefined ? '' : valueShown(field, row, vault),
    rev: row?.rev ?? 0,
    ...(row !== undefined && { by: row.by, at: row.at }),
    ...(row?.reason !== null && row?.reason !== undefined && { reason: row.reason }),
    ...(rows.length > 1 && { earlier: earlierOf(field, rows, vault) }),
  }
}

function earlierOf(field: Field, rows: readonly FactTable[], vault: Vault): EarlierAnswer[] {
  const shown = field.movesClock === true ? rows : rows.slice(-mostEarlier - 1)
  return shown
    .slice(1)
    .map((next, i) => toEarlier(field, { row: shown[i] ?? next, next }, vault))
    .toReversed()
}

function toEarlier(field: Field, { row, next }: { row: FactTable; next: FactTable }, vault: Vault): EarlierAnswer {
  return {
    state: row.state as Fact['state'],
    value: valueShown(field, row, vault),
    rev: row.rev,
    by: row.by,
    at: row.at,
    changedBy: next.by,
    changedAt: next.at,
    ...(next.reason !== null && { reason: next.reason }),
  }
}

function kindShown({ kind }: Field): Fact['kind'] {
  if (kind === 'interval') return 'time'
  return kind === 'importer-numbers' ? 'list' : kind
}

function valueShown(field: Field, row: FactTable, vault: Vault): string {
  if (field.secret !== true || row.value === '') return row.value
  return openNumbers(row, vault).map(mask).join('\n')
}

/** The importer numbers in clear: for the protected attachment and for counting by kind, never for a page. */
export function openNumbers({ incident, value }: Pick<FactTable, 'incident' | 'value'>, vault: Vault): string[] {
  return value === '' ? [] : vault.open(value, `fact ${incident} importerNumbers`).split('\n')
}

/**
 * Records a new revision of a fact. Throws `input-malformed` with the fix, `revision-stale` when another revision came
 * in between.
 */
export async function setFact(
  store: Store,
  incident: string,
  change: SetFact,
  { who, at, vault }: By & { vault: Vault },
): Promise<void> {
  const field = fieldOf(change.field)
  if (field === undefined)
    throw refuse(
      'input-malformed',
      `There is no fact called ${change.field}. Known: ${fields.map((known) => known.field).join(', ')}.`,
    )
  const value = change.state === 'answered' ? normal(field, change.value) : ''
  const isTime = value !== '' && (field.kind === 'time' || field.kind === 'interval')
  if (isTime) checkHappened(value, { label: field.label, nowMs: Date.parse(at) })
  const stored = field.secret === true && value !== '' ? vault.seal(value, `fact ${incident} ${field.field}`) : value
  await store.transaction().execute(async (tx) => {
    const rev = await raiseRevision(tx, incident)
    const before = await tx
      .selectFrom('fact')
      .selectAll()
      .where('incident', '=', incident)
      .where('field', '=', field.field)
      .orderBy('rev', 'desc')
      .limit(1)
      .executeTakeFirst()
    if ((before?.rev ?? 0) !== change.rev)
      throw refuse(
        'revision-stale',
        `${field.label} was changed by ${before?.by ?? 'someone'} meanwhile. Compare both and save again.`,
      )
    const reason = change.reason?.trim() ?? ''
    if (field.movesClock === true && before !== undefined && before.state !== 'unanswered' && reason === '')
      throw refuse(
        'input-malformed',
        `A clock follows from "${field.label}". Say why it changes; the earlier time is kept.`,
      )
    if (isTime) await checkOrder(tx, incident, { field, value })
    await tx
      .insertInto('fact')
      .values({
        incident,
        field: field.field,
        rev,
        state: change.state,
        value: stored,
        by: who,
        at,
        reason: reason === '' ? null : reason,
      })
      .execute()
    await record(tx, { who, at, act: 'fact.set', data: { incident, field: field.field, rev, state: change.state } })
  })
}

/** The value as it is kept. Throws `input-malformed` with the fix. */
function normal(field: Field, text: string): string {
  const value = text.trim()
  if (value === '')
    throw refuse('input-malformed', `${field.label}: enter a value, or choose "not known yet" or "does not apply".`)
  switch (field.kind) {
    case 'time':
      return parseInstant(value, field.label)
    case 'interval':
      return parseInterval(value, field.label)
    case 'importer-numbers':
      return parseImporterNumbers(value).join('\n')
    case 'choice':
      if (field.choices?.includes(value) !== true)
        throw refuse('input-malformed', `${field.label}: choose one of ${field.choices?.join(', ')}.`)
      return value
    default:
      return value
  }
}
