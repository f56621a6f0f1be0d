import type { Host, Overview } from '@tidewaiter/protocol/api'
import type { Deps } from '../deps.ts'
import { detectorCards } from '../detect/cards.ts'
import { worstOpenFindings } from '../detect/decide.ts'
import { listIncidents } from '../incidents/incidents.ts'
import { listHosts } from '../receive/hosts.ts'
import { rowTiles } from './row-tiles.ts'
import { warningsOf } from './warnings.ts'

const latest = 8

/** Whether we are blind, whether something burns, whether a deadline runs: one answer for the first page. */
export async function overviewOf(deps: Deps): Promise<Overview> {
  const { store, vault, ledger, index } = deps
  const nowMs = deps.now()
  const [hosts, findings, sightings, incidents, counts, detectors] = await Promise.all([
    listHosts(deps),
    worstOpenFindings(store, latest),
    index.sightings({ limit: latest }),
    listIncidents(store, { vault, nowMs }),
    index.counts(),
    detectorCards(store, index.windows),
  ])
  const asOf = index.asOf()
  const found = { hosts, events: counts.events, sightings: sightings.total, incidents: incidents.length }
  return {
    rows: await rowTiles(store, { detectors, hosts: hosts.length, nowMs }),
    hosts: standingOf(hosts),
    hostList: hosts,
    eventsPerSecond: counts.perSecond,
    events: counts.events,
    lagBatches: Math.max(0, ledger.size() - asOf),
    findings: findings.rows,
    openFindings: findings.total,
    sightings: sightings.rows,
    incidents,
    checklist: await checklistOf(deps, found),
    warnings: await warningsOf(deps, { lagBatches: ledger.size() - asOf, hosts }),
    asOf,
    at: new Date(nowMs).toISOString(),
  }
}

function standingOf(hosts: readonly Host[]): Overview['hosts'] {
  const count = (status: Host['status']) => hosts.filter((host) => host.status === status).length
  return {
    total: hosts.length,
    online: count('online'),
    lagging: count('lagging'),
    silent: count('silent'),
    degraded: count('degraded'),
  }
}

interface Found {
  hosts: readonly Host[]
  events: number
  sightings: number
  incidents: number
}

/** First steps, ticked from what is really there. */
async function checklistOf({ store }: Deps, { hosts, events, incidents }: Found): Promise<Overview['checklist']> {
  const indicator = await store.selectFrom('indicator').select('id').limit(1).executeTakeFirst()
  const steps = [
    { id: 'watch', title: 'Watch this computer', done: hosts.length > 0, href: '/fleet' },
    { id: 'live', title: 'See it live', done: events > 0, href: hosts[0] ? `/hosts/${hosts[0].id}` : '/hosts' },
    { id: 'indicators', title: 'Look for an indicator', done: indicator !== undefined, href: '/indicators' },
    { id: 'others', title: 'Add the other computers', done: hosts.length > 1, href: '/fleet' },
    { id: 'incident', title: 'Rehearse an incident and its package', done: incidents > 0, href: '/incidents' },
  ]
  return steps.every(({ done }) => done) ? [] : steps
}
