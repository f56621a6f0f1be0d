import type { Finding, Severity, Verdict } from '@tidewaiter/protocol/api'
import { sql } from 'kysely'
import type { Store } from '../store/store.ts'

/** Findings that are held and no part of the incident: as many as there are of one row of CBP, severity and verdict. */
export interface Beside {
  /** Null for those that belong to no row. */
  row: string | null
  severity: Severity
  verdict: Verdict
  count: number
  /** How many of them lie in the time of the incident. */
  inTime: number
}

/** From and until, RFC 3339 in UTC. */
export interface TimeOfIncident {
  from: string
  to: string
}

/** Of all hosts; at any time where that of the incident is not known. */
export async function findingsBeside(
  store: Store,
  { incident, rev, time }: { incident: string; rev: number; time: TimeOfIncident | undefined },
): Promise<Beside[]> {
  const isIn = sql<boolean>`exists (select 1 from incident_item where incident = ${incident} and kind = 'finding'
    and added_rev <= ${rev} and (removed_rev is null or removed_rev > ${rev})
    and (ref = finding.id or finding.aliases <> '[]' and finding.aliases like '%"' || ref || '"%'))`
  const inTime =
    time === undefined ? sql`1` : sql`case when last_at >= ${time.from} and first_at <= ${time.to} then 1 else 0 end`
  const rows = await store
    .selectFrom('finding')
    .select(['row', 'severity', 'verdict'])
    .select((eb) => [eb.fn.countAll<number>().as('count'), sql<number>`sum(${inTime})`.as('inTime')])
    .where((eb) => eb.not(isIn))
    .groupBy(['row', 'severity', 'verdict'])
    .orderBy('row')
    .orderBy('severity')
    .orderBy('verdict')
    .execute()
  return rows.map((row) => ({
    row: row.row,
    // These columns were written from values of these types.
    severity: row.severity as Severity,
    verdict: row.verdict as Verdict,
    count: Number(row.count),
    inTime: Number(row.inTime),
  }))
}

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']

/** `32 not decided (1 high, 31 low); 2 benign (2 low)`; empty where there is none. */
export function besideText(counts: readonly Pick<Beside, 'severity' | 'verdict' | 'count'>[]): string {
  const verdicts = Map.groupBy(counts, ({ verdict }) => verdict)
  const open = verdicts.get('open') ?? []
  verdicts.delete('open')
  return [['not decided', open] as const, ...verdicts].flatMap(([verdict, own]) => textOf(verdict, own)).join('; ')
}

function textOf(verdict: string, counts: readonly Pick<Beside, 'severity' | 'count'>[]): string[] {
  const sum = (of: typeof counts) => of.reduce((total, { count }) => total + count, 0)
  const parts = severities
    .map((name) => ({ name, count: sum(counts.filter(({ severity }) => severity === name)) }))
    .filter(({ count }) => count > 0)
  const severity = parts.map(({ name, count }) => `${count} ${name}`).join(', ')
  return parts.length === 0 ? [] : [`${sum(counts)} ${verdict} (${severity})`]
}

/** Findings of an incident that nobody decided on, counted in the same way. */
export function undecided(findings: readonly Finding[]): Pick<Beside, 'severity' | 'verdict' | 'count'>[] {
  return findings
    .filter(({ verdict }) => verdict === 'open')
    .map(({ severity, verdict }) => ({ severity, verdict, count: 1 }))
}

/** Those that lie in the time of the incident, and the others. */
export function byTime(counts: readonly Beside[]): { inside: Beside[]; outside: number } {
  return {
    inside: counts.filter(({ inTime }) => inTime > 0).map((each) => ({ ...each, count: each.inTime })),
    outside: counts.reduce((sum, { count, inTime }) => sum + count - inTime, 0),
  }
}
