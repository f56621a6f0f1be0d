import type { Indicator, Sighting } from '@tidewaiter/protocol/api'
import { counted } from '@tidewaiter/protocol/counted'
import type { PackageContent } from './content.ts'
import { coverageRank } from './coverage-rank.ts'
import { type Cell, csvLines } from './csv.ts'
import { masked } from './shown.ts'

/** The tables of a package that a person opens in a spreadsheet. Times are UTC. */

/** `30_iocs.csv`: indicators with what was seen of them, also those that were looked for and not found. */
export function* indicatorTable(content: PackageContent): Generator<string> {
  const { state } = content
  yield csvLines([
    [
      'type',
      'value',
      'state',
      'source',
      'confidence',
      'tlp',
      'valid_from',
      'valid_until',
      'first_seen',
      'last_seen',
      'count',
      'hosts',
      'note',
    ],
  ])
  for (const indicator of state.indicators) {
    const seen = state.sightings.filter((sighting) => sighting.indicator.id === indicator.id)
    if (seen.length > 0 || !indicator.expired) yield csvLines([indicatorRow(indicator, seen)])
  }
}

function indicatorRow(indicator: Indicator, seen: readonly Sighting[]): Cell[] {
  const { type, value, source, confidence, tlp, validFrom, validUntil, note } = indicator
  const about = [type, value, stateOf(indicator, seen), source, confidence, tlp, validFrom, validUntil]
  // Elsewhere it was met: how often, when and where belongs to what is not in this package.
  const isElsewhere = seen.length === 0 && indicator.sightings > 0
  const times = [...seen.flatMap(({ firstAt, lastAt }) => [firstAt, lastAt])].sort()
  const hosts = [...new Set(seen.map(({ host }) => host.name))].sort().join('; ')
  const count = seen.reduce((sum, sighting) => sum + sighting.count, 0)
  return [...about, times[0] ?? '', times.at(-1) ?? '', isElsewhere ? null : count, hosts, note]
}

function stateOf({ sightings }: Indicator, seen: readonly Sighting[]): string {
  if (seen.length > 0) return 'sighted in this incident'
  return sightings > 0 ? 'sighted, not part of this incident' : 'looked for, not found (see 75_coverage.csv)'
}

/** What the clock of a host is ahead of the console's, as last measured: times of its events plus this are what it showed. */
function offsetOf(hosts: PackageContent['state']['hosts'], id: string | undefined): Cell {
  return hosts.find((host) => host.id === id)?.clockOffsetMs ?? ''
}

/** `40_timeline.csv`: what happened when, as far as it is known from facts, findings, sightings and disclosed records. */
export function* timelineTable(content: PackageContent): Generator<string> {
  yield csvLines([['time_utc', 'until_utc', 'kind', 'host', 'host_clock_offset_ms', 'what', 'records']])
  const rows = [...factTimes(content), ...findingTimes(content), ...sightingTimes(content), ...recordTimes(content)]
  rows.sort((a, b) => compare(a.map(String), b.map(String)))
  for (const row of rows) yield csvLines([row])
}

function compare(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((cell, i) => cell !== b[i])
  return at < 0 ? 0 : (a[at] ?? '') < (b[at] ?? '') ? -1 : 1
}

function* factTimes({ facts }: PackageContent): Generator<Cell[]> {
  for (const { kind, state, value, label } of facts) {
    if (kind !== 'time' || state !== 'answered') continue
    const [from, to] = value.split('/').map((text) => new Date(text).toISOString())
    yield [from ?? '', to ?? '', 'fact', '', '', label, '']
  }
}

function* findingTimes({ state }: PackageContent): Generator<Cell[]> {
  for (const { firstAt, lastAt, host, title, verdict, records } of state.findings)
    yield [
      firstAt,
      lastAt,
      'finding',
      host?.name ?? '',
      offsetOf(state.hosts, host?.id),
      masked(`${title} (${verdict})`),
      records.join(' '),
    ]
}

function* sightingTimes({ state }: PackageContent): Generator<Cell[]> {
  for (const { firstAt, lastAt, host, observable, count, firstRecord, lastRecord } of state.sightings)
    yield [
      firstAt,
      lastAt,
      'sighting',
      host.name,
      offsetOf(state.hosts, host.id),
      `${observable.type} ${masked(observable.value)}, ${counted(count, 'time')}`,
      [...new Set([firstRecord, lastRecord])].join(' '),
    ]
}

function* recordTimes({ state, disclosure }: PackageContent): Generator<Cell[]> {
  for (const { id, host, source, readAt } of disclosure.records)
    yield [
      readAt,
      '',
      'record read (clock of the host)',
      nameOf(state.hosts, host),
      offsetOf(state.hosts, host),
      source,
      id,
    ]
}

/** `70_custody.csv`: who held each batch and what was done with it; machines sign by their keys (domain.md D.2). */
export function* custodyTable({ state, disclosure, incident, number }: PackageContent): Generator<string> {
  yield csvLines([['item', 'host', 'step', 'time_utc', 'by', 'method', 'sha256_of_header', 'records', 'note']])
  for (const batch of disclosure.batches) {
    const { id, host, headerHash, count, disclosed, sealedAt, receivedAtMs, position } = batch
    const about = (step: string, at: string, by: string, method: string, note: string): Cell[] => [
      id,
      nameOf(state.hosts, host),
      step,
      at,
      by,
      method,
      headerHash,
      step === 'copied' ? disclosed : count,
      note,
    ]
    yield csvLines([
      about(
        'acquired',
        sealedAt,
        `agent ${batch.agent} with key ${host}`,
        'sealed on the host, live system',
        clockNote(batch),
      ),
      about(
        'transferred and stored',
        new Date(receivedAtMs).toISOString(),
        `console, ledger ${state.cut.ledger}`,
        'mutual TLS; append-only, encrypted at rest (AES-256-GCM)',
        `entry ${position} of the ledger`,
      ),
      about('copied', state.at, state.software, 'disclosed with proof', `package ${incident.id} / P-${number}`),
    ])
  }
}

function clockNote({ zone, clockOffsetMs }: PackageContent['disclosure']['batches'][number]): string {
  const offset = clockOffsetMs === null ? 'not measured' : `${clockOffsetMs} ms against the console`
  return `zone ${zone}; clock of the host ${offset}`
}

/** `75_coverage.csv`: what was looked at, and what was not, losses first. */
export function* coverageTable({ state }: PackageContent): Generator<string> {
  yield csvLines([['host', 'host_id', 'source', 'state', 'from_utc', 'to_utc', 'records', 'lost', 'why', 'fix']])
  for (const { id, name, coverage } of state.hosts)
    if (coverage.length === 0) yield csvLines([[name, id, '', '', '', '', 0, '', 'nothing was received from it', '']])
  const spans = state.hosts.flatMap((host) => host.coverage.map((span) => ({ host, span })))
  for (const { host, span } of spans.sort((a, b) => coverageRank(a.span) - coverageRank(b.span)))
    yield csvLines([
      [
        host.name,
        host.id,
        span.id,
        span.state,
        span.from,
        span.to,
        span.records,
        span.lost,
        span.why ?? '',
        span.fix ?? '',
      ],
    ])
}

/**
 * `76_resources.csv`: what the agent of each host takes of CBP's investigative resources, what it needs for it and what
 * it cannot see, in its own words.
 */
export function* resourceTable({ state }: PackageContent): Generator<string> {
  yield csvLines([
    [
      'host',
      'host_id',
      'resource',
      'collector',
      'state',
      'sources_ok',
      'sources',
      'fix',
      'reads',
      'needs',
      'cannot_see',
      'proven_on',
    ],
  ])
  for (const { id, name, matrix = [] } of state.hosts)
    for (const { resource, collector, state, sources, fixes, reads, needs, cannotSee, provenOn } of matrix)
      yield csvLines([
        [
          name,
          id,
          resource,
          collector,
          state,
          sources.ok,
          sources.of,
          fixes.join(' '),
          reads,
          needs,
          cannotSee,
          provenOn,
        ],
      ])
}

function nameOf(hosts: PackageContent['state']['hosts'], id: string): string {
  return hosts.find((host) => host.id === id)?.name ?? id
}
