import { generateKeyPairSync } from 'node:crypto'
import { hostIdOf } from '@tidewaiter/protocol'
import type { CoverageSpan, Host, HostDetail } from '@tidewaiter/protocol/api'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { at, now } from './clock.ts'

/** A host of the sample broker, with the key its records are sealed with. */
export interface SampleHost {
  id: string
  name: string
  publicKey: Uint8Array
  privateKey: Uint8Array
  detail: () => HostDetail
}

const cutOff = at('10-29 10:55:00')
const slowedWhy = 'Its CPU cap of 25 % of one core slows it down.'
const firstDay = at('10-26 00:00:00')

/** What lay rotated on a host when its agent came; the agent is still at it. */
const past = 'log-file:history:/var/log/auth.log'
const readingPast = {
  unit: 'byte' as const,
  done: 4_100_000,
  total: 10_000_000,
  files: { done: 3, total: 12 },
  finishedAt: null,
}

interface Sketch {
  name: string
  os: string
  status: Host['status']
  why?: string
  cause?: string
  spans: (Omit<CoverageSpan, 'records' | 'lost'> & Partial<CoverageSpan>)[]
  datasets: [string, number, string][]
  /** Since when its cap on CPU slows it down. */
  slowedSince?: string
  openFindings: number
  clockOffsetMs: number
  seq: number
}

const sketches: readonly Sketch[] = [
  {
    name: 'HCB-WS11',
    os: 'Windows 11 23H2',
    status: 'silent',
    why: 'Nothing since 10:55Z: nothing answers any more. Most likely the network is down.',
    cause: 'unanswered',
    spans: [
      ...silentAfter('event-log:Security', 214_880),
      ...silentAfter('process', 4_972),
      ...silentAfter('socket', 2_880),
    ],
    datasets: [['windows', 214_880, '10-29 10:54:58']],
    openFindings: 1,
    clockOffsetMs: 410,
    seq: 9_911,
  },
  {
    name: 'HCB-WS12',
    os: 'Windows 11 23H2',
    status: 'silent',
    why: 'Nothing since 10:55Z: its agent was stopped because the host was shut down, and said so.',
    cause: 'host-stopping',
    spans: [
      { id: 'event-log:Security', state: 'covered', from: firstDay, to: at('10-29 09:58:55'), records: 88_412 },
      {
        id: 'event-log:Security',
        state: 'lost',
        from: at('10-29 09:58:55'),
        to: at('10-29 09:59:01'),
        lost: null,
        why: 'The log was cleared on the host. What was sealed before stays.',
      },
      { id: 'event-log:Security', state: 'covered', from: at('10-29 09:59:01'), to: cutOff, records: 211 },
      { id: 'event-log:Security', state: 'not-reachable', from: cutOff, to: at('10-29 15:40:00') },
      ...silentAfter('process', 4_911),
    ],
    datasets: [['windows', 88_623, '10-29 10:54:41']],
    openFindings: 1,
    clockOffsetMs: -90,
    seq: 8_204,
  },
  {
    name: 'HCB-WS13',
    os: 'Windows 11 23H2',
    status: 'online',
    spans: [
      { id: 'event-log:Security', state: 'not-asked', from: firstDay, to: at('10-29 11:52:00') },
      {
        id: 'event-log:Security',
        state: 'covered',
        from: at('10-29 11:52:00'),
        to: at('10-29 15:40:00'),
        records: 802,
      },
    ],
    datasets: [['windows', 802, '10-29 15:39:50']],
    openFindings: 0,
    clockOffsetMs: -700_000,
    seq: 214,
  },
  {
    name: 'hcb-abi01',
    os: 'Debian GNU/Linux 12',
    status: 'degraded',
    why: 'audit: needs auditd, which is not installed.',
    spans: [
      { id: 'log-file:/var/log/auth.log', state: 'covered', from: firstDay, to: at('10-29 15:40:00'), records: 1_204 },
      { id: past, state: 'covered', from: firstDay, to: at('10-29 15:40:00'), records: 31_877 },
      {
        id: 'log-file:/var/log/nginx/access.log',
        state: 'covered',
        from: firstDay,
        to: at('10-29 15:40:00'),
        records: 40_112,
      },
      { id: 'process', state: 'covered', from: firstDay, to: at('10-28 04:02:00'), records: 18_204 },
      {
        id: 'process',
        state: 'lost',
        from: at('10-28 04:02:00'),
        to: at('10-28 04:08:00'),
        lost: 12,
        why: 'Over the disk budget of the spool.',
      },
      { id: 'process', state: 'covered', from: at('10-28 04:08:00'), to: at('10-29 15:40:00'), records: 9_320 },
      { id: 'socket', state: 'covered', from: firstDay, to: at('10-29 15:40:00'), records: 5_320 },
      {
        id: 'audit:kernel',
        state: 'not-enabled',
        from: firstDay,
        to: at('10-29 15:40:00'),
        why: 'auditd is not installed.',
        fix: 'apt install auditd',
      },
    ],
    datasets: [
      ['sshd', 1_104, '10-29 15:38:02'],
      ['sudo', 100, '10-29 15:12:44'],
      ['nginx', 40_112, '10-29 15:39:58'],
      ['samba', 4_812, '10-28 04:10:00'],
      ['process', 27_524, '10-29 15:39:30'],
      ['socket', 5_320, '10-29 15:39:30'],
    ],
    openFindings: 3,
    clockOffsetMs: 35,
    seq: 12_006,
  },
  {
    name: 'HCB-WS14',
    os: 'Windows 11 23H2',
    status: 'lagging',
    why: `${slowedWhy.slice(0, -1)}, since ${at('10-29 15:31:00')}.`,
    slowedSince: at('10-29 15:31:00'),
    spans: [{ id: 'event-log:Security', state: 'covered', from: firstDay, to: at('10-29 15:40:00'), records: 61_003 }],
    datasets: [['windows', 61_003, '10-29 15:39:44']],
    openFindings: 0,
    clockOffsetMs: 12,
    seq: 7_733,
  },
]

function capsOf({ slowedSince }: Sketch): HostDetail['caps'] {
  const bite = slowedSince === undefined ? {} : { since: slowedSince, why: slowedWhy }
  return [
    { cap: 'cpuPercent', limit: 25, use: slowedSince === undefined ? 0.6 : 24.8, ...bite },
    { cap: 'memoryMb', limit: 200, use: 74 },
    { cap: 'spoolMb', limit: 1024, use: 8.2 },
    { cap: 'kilobytesPerSecond', limit: 2000, use: 1.1 },
  ]
}

function silentAfter(id: string, records: number): Sketch['spans'] {
  return [
    { id, state: 'covered', from: firstDay, to: cutOff, records },
    { id, state: 'not-reachable', from: cutOff, to: at('10-29 15:40:00') },
  ]
}

export const hosts: readonly SampleHost[] = sketches.map((sketch) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
  const id = hostIdOf(nodePrimitives.sha256(publicKey))
  return { id, name: sketch.name, publicKey, privateKey, detail: () => detailOf(id, publicKey, sketch) }
})

function detailOf(id: string, publicKey: Uint8Array, sketch: Sketch): HostDetail {
  const { name, os, status, why, cause, clockOffsetMs, seq, openFindings, datasets } = sketch
  const sources = sketch.spans.map((span) => ({ records: 0, lost: 0, ...span }))
  const isSilent = status === 'silent'
  const silence =
    cause === undefined
      ? undefined
      : { cause, isExpected: cause === 'host-stopping', from: cutOff, says: why ?? 'Nothing is heard of it.' }
  const failing = sketch.spans.filter(({ state }) => state === 'not-enabled')
  const total = new Set(sketch.spans.map((span) => span.id)).size
  return {
    id,
    name,
    kind: 'agent',
    os,
    platform: os.startsWith('Windows') ? 'win32' : 'linux',
    status,
    ...(why !== undefined && { why }),
    ...(silence !== undefined && { silence }),
    agent: '0.1.0',
    enrolledAt: at(name === 'HCB-WS13' ? '10-29 11:52:00' : '10-12 09:14:00'),
    lastSeenAt: isSilent ? cutOff : now(),
    clockOffsetMs,
    seq,
    lag: 0,
    sourcesOk: total - failing.length,
    sourcesTotal: total,
    openFindings,
    publicKeyFingerprint: Buffer.from(nodePrimitives.sha256(publicKey)).toString('hex'),
    certificateExpiresAt: '2027-10-12T09:14:00.000Z',
    spool: isSilent ? null : { batches: 214, bytes: 8_204_112, unacked: 0 },
    cpuPercent: isSilent ? null : 0.6,
    rssBytes: isSilent ? null : 74_000_000,
    caps: isSilent ? [] : capsOf(sketch),
    now: isSilent
      ? []
      : [...new Set(sketch.spans.map((span) => span.id))].map((source) => {
          const off = failing.find((span) => span.id === source)
          return off === undefined
            ? { id: source, state: 'ok' as const, ...(source === past && { backfill: readingPast }) }
            : { id: source, state: 'not-enabled' as const, why: off.why ?? '', fix: off.fix ?? '' }
        }),
    sources,
    irregularities:
      name === 'HCB-WS12'
        ? [
            {
              at: at('10-29 09:59:01'),
              code: 'chain-gap',
              says: 'Records 88413 and on are missing in the channel.',
              seq: 8_101,
              address: '192.0.2.112',
            },
          ]
        : [],
    silences: [
      ...(silence === undefined ? [] : [{ ...silence, raisedAt: at('10-29 10:55:52'), to: null }]),
      ...(name === 'hcb-abi01' ? [rebooted] : []),
    ],
    absences: [],
    datasets: datasets.map(([dataset, count, last]) => ({ dataset, count, lastAt: at(last) })),
  }
}

const rebooted = {
  cause: 'closed',
  isExpected: false,
  from: at('10-28 04:02:11'),
  raisedAt: at('10-28 04:02:43'),
  to: at('10-28 04:08:03'),
  says: 'The connection was lost, without a goodbye: the other end closed it while its machine still ran.',
  settled:
    'The agent 0.1.0 started. The run before it ended: killed or crashed: it left no word, and the machine has not booted since.',
}

export function hostNamed(name: string): SampleHost {
  const host = hosts.find((known) => known.name === name)
  if (host === undefined) throw new Error(`no sample host ${name}`)
  return host
}
