import { historyText } from '@tidewaiter/protocol'
import type { HostDetail, HostPage } from '@tidewaiter/protocol/api'
import type { Command } from 'commander'
import { type Common, withApi, withData } from './command.ts'
import { hostLabels } from './host-label.ts'
import { printJson, table } from './output.ts'

interface Options extends Common {
  from?: string
  to?: string
  check?: true
}

const help = `
SOURCES counts those of the machine that work, of all it has: records of the agent about
itself are in neither.

With --from or --to, what is covered of each source in that time alone follows: covered,
lost (how many, why), not-enabled, not-asked, not-reachable. --json always has it.

Coverage speaks of when a source was looked at. A log, journal or list of sign-ins that was there
before is read back at first contact: of a time before that it is not-asked, with how many of its
events have a time in it, and with what of its history was lost. What had been removed, or was
left out by backfillDays, before the first look cannot be known.

Exit codes: 0 done, 1 no console at that folder, and with --check also: a host is silent
that was not shut down, 4 the console does not answer, 5 refused.`

export function hosts(program: Command): void {
  withData(program.command('hosts').description('hosts, their status, and what is covered on each'))
    .option('--from <time>', 'coverage from then on: RFC 3339, or back from now: -2h, -7d')
    .option('--to <time>', 'coverage until then')
    .option('--check', 'exit 1 when a host is silent that was not shut down')
    .addHelpText('after', help)
    .action(async (options: Options) => {
      const span = new URLSearchParams({
        ...(options.from !== undefined && { from: options.from }),
        ...(options.to !== undefined && { to: options.to }),
      })
      const details = await withApi(options, async (api) => {
        const { rows } = await api.call<HostPage>('GET', '/hosts')
        return Promise.all(rows.map(({ id }) => api.call<HostDetail>('GET', `/hosts/${id}?${span}`)))
      })
      if (options.check === true && details.some(isAlarming)) process.exitCode = 1
      if (options.json === true) return printJson(details.map(toRow))
      const labelOf = hostLabels(details)
      const rows = details.map((host) => [
        labelOf(host.id),
        host.status,
        `${host.sourcesOk}/${host.sourcesTotal}`,
        host.lastSeenAt ?? 'never',
        host.clockOffsetMs === null ? 'not measured' : `${host.clockOffsetMs} ms`,
        [host.why, historyOfHost(host)].filter((text) => text !== undefined).join(' '),
      ])
      console.log(
        rows.length === 0
          ? 'No hosts yet. "tidewaiter token create" makes a token to enrol one.'
          : table(['NAME', 'STATUS', 'SOURCES', 'LAST SEEN', 'CLOCK', ''], rows),
      )
      if (span.size > 0) for (const host of details) console.log(coverageOf(host, labelOf(host.id)))
    })
}

/** Spans of one host on a terminal; a host that came and went without end has more. */
const mostSpans = 500

function coverageOf({ sources }: HostDetail, label: string): string {
  const rows = sources
    .toSorted((a, b) => (a.id === b.id ? 0 : a.id < b.id ? -1 : 1))
    .slice(0, mostSpans)
    .map(({ id, state, from, to, records, lost, why, fix }) => {
      const count =
        state === 'lost' ? (lost ?? 'not known') : state === 'covered' || records !== 0 ? (records ?? '') : ''
      return [id, state, from, to, String(count), [why, fix].filter((text) => text !== undefined).join(' ')]
    })
  const more = sources.length > mostSpans ? `\n${sources.length - mostSpans} more: see --json.` : ''
  if (rows.length === 0) return `\n${label}: nothing is known of that time.`
  return `\n${label}\n${table(['SOURCE', 'COVERAGE', 'FROM', 'TO', 'RECORDS', ''], rows)}${more}`
}

function isAlarming({ silence, status }: HostDetail): boolean {
  return status === 'silent' && silence?.isExpected === false
}

/** Times are those of the console; the clock of the host showed `lastSeenHostAt` then. */
function toRow(host: HostDetail) {
  const { id, name, os, status, why, lastSeenAt, clockOffsetMs, caps, silence, silences, absences, sources } = host
  const lastSeenHostAt = byHost(lastSeenAt, clockOffsetMs)
  const words = { ...(why !== undefined && { why }), ...(silence !== undefined && { silence }) }
  return {
    id,
    name,
    os,
    status,
    ...words,
    lastSeenAt,
    lastSeenHostAt,
    clockOffsetMs,
    caps,
    sources,
    silences,
    absences,
  }
}

/** A time of the console as the clock of the host showed it; null where either is not known. */
function byHost(at: string | null, offsetMs: number | null): string | null {
  return at === null || offsetMs === null ? null : new Date(Date.parse(at) + offsetMs).toISOString()
}

/** How far its histories are read, while they are: all of them as one. */
function historyOfHost({ now }: HostDetail): string | undefined {
  const all = now.flatMap(({ backfill }) => (backfill === undefined ? [] : [backfill]))
  const open = all.filter(({ finishedAt }) => finishedAt === null)
  if (open.length === 0) return undefined
  const bytes = all.filter(({ unit }) => unit === 'byte')
  const sum = (of: (each: (typeof all)[number]) => number) => bytes.reduce((total, each) => total + of(each), 0)
  const files = { done: sum((each) => each.files?.done ?? 0), total: sum((each) => each.files?.total ?? 0) }
  const [journal] = open
  const whole =
    sum(({ total }) => total) > 0
      ? {
          unit: 'byte' as const,
          done: sum(({ done }) => done),
          total: sum(({ total }) => total),
          finishedAt: null,
          ...(files.total > 0 && { files }),
        }
      : journal
  return whole && historyText(whole)
}
