import type { Overview } from '@tidewaiter/protocol/api'
import { now } from './clock.ts'
import { hosts } from './hosts.ts'
import { incidents, rowOf } from './incident.ts'
import { findings, sightings } from './judgements.ts'

const rows: readonly (readonly [row: string, detector: string | null, fact: string])[] = [
  ['Unusual inbound or outbound network traffic', 'unusual-traffic', '2.31 GB to a new address'],
  ['Anomalies in privileged user account activity', 'privileged-account-anomaly', 'support_svc made administrator'],
  ['Geographical irregularities', null, ''],
  ['Other login red flags', 'login-red-flags', 'abiadmin, after 11 failures'],
  ['Increase in database read volume', null, ''],
  ['HTML response sizes', null, ''],
  ['Multiple requests for same file', null, ''],
  ['Mismatched port-application traffic', 'port-application-mismatch', '1 confirmed: TLS over tcp/53'],
]

const trend = [0, 0, 1, 0, 0, 2, 0, 6, 1, 0, 0, 0]

export function overview(isEmpty: boolean): Overview {
  const list = isEmpty ? [] : hosts.map(({ detail }) => detail())
  const having = (status: string) => list.filter((host) => host.status === status).length
  const shown = isEmpty ? [] : findings
  return {
    rows: rows.map(([row, detector, fact]) => {
      const own = shown.filter((finding) => finding.detector === detector)
      const open = own.filter(({ verdict }) => verdict === 'open')
      return {
        row,
        detector,
        open: open.length,
        total: own.length,
        worst: open[0]?.severity ?? null,
        fact: own.length > 0 ? fact : '',
        looked: detector === null || isEmpty ? 0 : 4,
        hosts: list.length,
        trend: own.length > 0 ? trend : trend.map(() => 0),
      }
    }),
    hosts: {
      total: list.length,
      online: having('online'),
      lagging: having('lagging'),
      silent: having('silent'),
      degraded: having('degraded'),
    },
    hostList: list,
    eventsPerSecond: isEmpty ? 0 : 12.4,
    events: list.flatMap(({ datasets }) => datasets).reduce((sum, { count }) => sum + count, 0),
    lagBatches: 0,
    findings: shown,
    openFindings: shown.filter(({ verdict }) => verdict === 'open').length,
    sightings: isEmpty ? [] : sightings,
    incidents: isEmpty ? [] : incidents.map(rowOf),
    checklist: [
      { id: 'watch', title: 'Watch this computer', done: !isEmpty, href: '/enrol' },
      { id: 'live', title: 'See it live', done: !isEmpty, href: '/hosts' },
      { id: 'indicators', title: 'Import the indicators you were given', done: !isEmpty, href: '/indicators/import' },
      { id: 'hosts', title: 'Add the other computers', done: false, href: '/enrol' },
    ],
    warnings: isEmpty
      ? []
      : [
          {
            code: 'host-silent',
            says: 'HCB-WS11 is silent. Nothing since 10:55Z: nothing answers any more. Most likely the network is down.',
            fix: 'Look whether the machine runs and reaches this console.',
          },
          {
            code: 'index-in-clear',
            says: 'The search index holds decoded text in clear, and the data folder is not on an encrypted volume.',
            fix: 'Move the data folder to an encrypted volume.',
          },
        ],
    asOf: 12_006,
    at: now(),
  }
}
