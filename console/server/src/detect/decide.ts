import type { Decision, Finding, FindingPage, FindingQuery, Severity, Subject, Verdict } from '@tidewaiter/protocol/api'
import { type Selectable, sql } from 'kysely'
import { refuse } from '../error.ts'
import { record } from '../people/audit.ts'
import type { Store } from '../store/store.ts'
import type { FindingTable } from '../store/tables.ts'

const idsAtOnce = 400

type Row = Selectable<FindingTable> & { host_name: string | null }

/** Findings, newest first. Throws `input-malformed` for an `after` that no page gave. */
export async function listFindings(
  store: Store,
  { detector, host, verdict, after, limit = 100 }: FindingQuery,
): Promise<FindingPage> {
  const from = after === undefined ? undefined : placeOf(after)
  let all = withHost(store)
  if (detector !== undefined) all = all.where('finding.detector', '=', detector)
  if (host !== undefined) all = all.where('finding.host', '=', host)
  if (verdict !== undefined) all = all.where('finding.verdict', '=', verdict)
  const { total } = await all
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  let page = all.orderBy('finding.last_at', 'desc').orderBy('finding.id', 'desc')
  if (from !== undefined)
    page = page.where((eb) => eb(eb.refTuple('finding.last_at', 'finding.id'), '<', eb.tuple(from.lastAt, from.id)))
  const rows = await page.limit(limit + 1).execute()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: shown.map(toFinding),
    total: Number(total),
    totalExact: true,
    ...(rows.length > limit && last !== undefined && { next: `${last.last_at}~${last.id}` }),
  }
}

/** What nobody has decided on, the worst first and the newest of those. */
export async function worstOpenFindings(store: Store, limit: number): Promise<{ rows: Finding[]; total: number }> {
  const open = withHost(store).where('finding.verdict', '=', 'open')
  const { total } = await open
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rank = sql`case finding.severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 when 'low' then 3 else 4 end`
  const rows = await open.orderBy(rank).orderBy('finding.last_at', 'desc').limit(limit).execute()
  return { rows: rows.map(toFinding), total: Number(total) }
}

function withHost(store: Store) {
  return store
    .selectFrom('finding')
    .leftJoin('host', 'host.id', 'finding.host')
    .selectAll('finding')
    .select('host.name as host_name')
}

function placeOf(after: string): { lastAt: string; id: string } {
  const [, lastAt, id] = /^(\d{4}-[0-9T:.-]{1,20}Z)~(\S{1,128})$/.exec(after) ?? []
  if (lastAt === undefined || id === undefined)
    throw refuse('input-malformed', 'This is no place in the list of findings. Start at its beginning.')
  return { lastAt, id }
}

/** The finding of this id, or the one that it became part of. Throws `not-found`. */
export async function getFinding(store: Store, id: string): Promise<Finding> {
  const [finding] = await findingsOf(store, [id])
  if (finding === undefined) throw refuse('not-found', `There is no finding ${id}.`)
  return finding
}

/** The findings of these ids, in their order; one that became part of another is that one. Unknown ids give nothing. */
export async function findingsOf(store: Store, ids: readonly string[]): Promise<Finding[]> {
  const rows = new Map<string, Row>()
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    const part = ids.slice(at, at + idsAtOnce)
    for (const row of await withHost(store).where('finding.id', 'in', part).execute()) rows.set(row.id, row)
  }
  const found = new Map<string, Finding>()
  for (const id of ids) {
    const row = rows.get(id) ?? (await byAlias(store, id))
    if (row !== undefined && !found.has(row.id)) found.set(row.id, toFinding(row))
  }
  return [...found.values()]
}

function byAlias(store: Store, id: string): Promise<Row | undefined> {
  if (!/^[0-9a-f]{32}$/.test(id)) return Promise.resolve(undefined)
  return withHost(store).where('finding.aliases', 'like', `%"${id}"%`).limit(1).executeTakeFirst()
}

/** Records what a person concludes. Throws `not-found`, and `input-malformed` when "benign" comes without a reason. */
export async function decide(
  store: Store,
  id: string,
  decision: Decision,
  { who, at }: { who: string; at: string },
): Promise<Finding> {
  const reason = decision.reason.trim()
  if (decision.verdict === 'benign' && reason === '')
    throw refuse('input-malformed', 'Say why this is benign: the reason is read when it happens again.')
  return store.transaction().execute(async (tx) => {
    const before = await getFinding(tx, id)
    const { verdict } = decision
    await tx
      .updateTable('finding')
      .set({ verdict, reason: reason === '' ? null : reason, decided_by: who, decided_at: at })
      .where('id', '=', before.id)
      .execute()
    const data = { id: before.id, verdict, before: before.verdict, reason, title: before.title, count: before.count }
    await record(tx, { who, at, act: 'finding.decide', data })
    return getFinding(tx, before.id)
  })
}

function toFinding(row: Row): Finding {
  return {
    id: row.id,
    detector: row.detector,
    ...(row.row !== null && { row: row.row }),
    host: row.host === null ? null : { id: row.host, name: row.host_name ?? row.host },
    // These columns were written from values of these types.
    severity: row.severity as Severity,
    title: row.title,
    subject: { type: row.subject_type as Subject['type'], value: row.subject_value },
    firstAt: row.first_at,
    lastAt: row.last_at,
    count: row.count,
    records: JSON.parse(row.records) as string[],
    why: JSON.parse(row.why) as string[],
    verdict: row.verdict as Verdict,
    ...(row.decided_by !== null && { decidedBy: row.decided_by }),
    ...(row.decided_at !== null && { decidedAt: row.decided_at }),
    ...(row.reason !== null && { reason: row.reason }),
  }
}
