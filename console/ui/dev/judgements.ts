import type { DetectorCard, Finding, Indicator, Sighting } from '@tidewaiter/protocol/api'
import { at } from './clock.ts'
import { hostNamed } from './hosts.ts'
import { recordsWith } from './records.ts'

const hostOf = (name: string) => ({ id: hostNamed(name).id, name })

const rows: readonly (readonly [detector: string, title: string, row: string])[] = [
  ['unusual-traffic', 'Unusual network traffic', 'Unusual inbound or outbound network traffic'],
  ['privileged-account-anomaly', 'Privileged account anomalies', 'Anomalies in privileged user account activity'],
  ['login-red-flags', 'Login red flags', 'Other login red flags'],
  ['port-application-mismatch', 'Mismatched port-application traffic', 'Mismatched port-application traffic'],
]

export const detectors: readonly DetectorCard[] = rows.map(([id, title, row]) => ({
  id,
  row,
  title,
  falsePositives: [
    'A transfer that someone agreed beforehand, such as an off-site backup.',
    'A new workstation image.',
  ],
  nextSteps: [
    'Look for this address on all hosts',
    'Name the owner of the remote address',
    'Read the process tree of the program',
  ],
  knownGap: 'It cannot see what was inside a connection: no packet capture runs.',
  sees: ['HCB-WS11', 'HCB-WS12', 'hcb-abi01', 'HCB-WS14'].map((name) => hostNamed(name).id),
  blind: [hostNamed('HCB-WS13').id],
}))

function finding(
  id: string,
  host: string,
  detector: string,
  rest: Omit<Finding, 'id' | 'host' | 'detector' | 'row'>,
): Finding {
  const row = rows.find(([known]) => known === detector)?.[2]
  return { id, host: hostOf(host), detector, ...(row !== undefined && { row }), ...rest }
}

export const findings: Finding[] = [
  finding('F-81', 'hcb-abi01', 'unusual-traffic', {
    severity: 'critical',
    title: 'hcb-abi01 sent 2.31 GB to 203.0.113.201, an address no host had used before',
    subject: { type: 'address', value: '203.0.113.201' },
    firstAt: at('10-28 04:12:00'),
    lastAt: at('10-28 04:55:00'),
    count: 43,
    records: recordsWith('203.0.113.201'),
    why: ['2.31 GB in 43 min', 'Usual night 38 MB, median of 30', 'Raised above 10 times the usual night'],
    verdict: 'open',
  }),
  finding('F-79', 'hcb-abi01', 'login-red-flags', {
    severity: 'high',
    title: '11 failed sign-ins of abiadmin from 192.0.2.112, then a success',
    subject: { type: 'account', value: 'abiadmin' },
    firstAt: at('10-28 03:04:10'),
    lastAt: at('10-28 03:05:22'),
    count: 12,
    records: recordsWith('abiadmin from 192.0.2.112'),
    why: ['11 failures in 66 s, then a success', 'Usual: no failure of this account in 30 days'],
    verdict: 'open',
  }),
  finding('F-74', 'HCB-WS12', 'privileged-account-anomaly', {
    severity: 'critical',
    title: 'support_svc created and made administrator by svc_backup',
    subject: { type: 'account', value: 'support_svc' },
    firstAt: at('10-27 02:44:51'),
    lastAt: at('10-27 02:44:51'),
    count: 2,
    records: recordsWith('support_svc'),
    why: ['A new account was put into Administrators 9 s after it was created', 'svc_backup never did this in 30 days'],
    verdict: 'open',
  }),
  finding('F-70', 'HCB-WS11', 'port-application-mismatch', {
    severity: 'high',
    title: 'update_svc.exe spoke TLS over tcp/53 to 203.0.113.77',
    subject: { type: 'address', value: '203.0.113.77' },
    firstAt: at('10-26 13:21:00'),
    lastAt: at('10-26 14:08:00'),
    count: 48,
    records: recordsWith('203.0.113.77'),
    why: ['48 connections, one every 60 s', 'Port 53 carries DNS; this was TLS'],
    verdict: 'confirmed',
    decidedBy: 't.reyes@halyard-customs.example',
    decidedAt: at('10-29 12:02:11'),
    reason: 'Matches the address the SOC named.',
  }),
  finding('F-69', 'hcb-abi01', 'login-red-flags', {
    severity: 'low',
    title: '12 sign-ins of backup at 01:00Z, one more than usual',
    subject: { type: 'account', value: 'backup' },
    firstAt: at('10-27 01:00:02'),
    lastAt: at('10-27 01:04:40'),
    count: 12,
    records: [],
    why: ['12 sign-ins, usual 11'],
    verdict: 'benign',
    decidedBy: 't.reyes@halyard-customs.example',
    decidedAt: at('10-29 12:10:40'),
    reason: 'Backup job ran twice after the update of 10-26.',
  }),
]

function indicator(id: string, type: Indicator['type'], value: string, sightings: number): Indicator {
  return {
    id,
    type,
    value,
    source: 'CBP SOC, call of 2026-10-29 11:05Z',
    confidence: 90,
    tlp: 'AMBER',
    validFrom: at('10-29 11:05:00'),
    validUntil: null,
    note: '',
    addedAt: at('10-29 11:20:00'),
    addedBy: 't.reyes@halyard-customs.example',
    expired: false,
    sightings,
    lastSightedAt: sightings > 0 ? at('10-28 04:54:38') : null,
  }
}

export const indicators: Indicator[] = [
  indicator('I-1', 'ip', '203.0.113.77', 1),
  indicator('I-2', 'ip', '203.0.113.201', 1),
  indicator('I-3', 'ip', '203.0.113.141', 0),
  indicator('I-4', 'domain', 'cdn.cargo-docs.example', 0),
  indicator('I-5', 'domain', 'cbp-entry-notice.example', 0),
  indicator('I-6', 'sha256', '41047056c5bc583fc9688e71937af3cbcadfbed74eec14211424c629e4f49b3e', 0),
  { ...indicator('I-7', 'account', 'support_svc', 1), tlp: 'AMBER+STRICT' },
  { ...indicator('I-8', 'ip', '198.51.100.14', 0), expired: true, note: 'CBP’s own address, listed by mistake.' },
]

function sighting(id: string, of: string, host: string, count: number, first: string, last: string): Sighting {
  const { type, value, source } = indicators.find((known) => known.id === of) ?? indicator(of, 'ip', of, 0)
  const records = recordsWith(value)
  return {
    id,
    indicator: { id: of, type, value, source },
    observable: { type, value },
    host: hostOf(host),
    firstAt: at(first),
    lastAt: at(last),
    count,
    firstRecord: records[0] ?? '',
    lastRecord: records.at(-1) ?? '',
  }
}

export const sightings: Sighting[] = [
  sighting('S-3', 'I-2', 'hcb-abi01', 43, '10-28 04:12:38', '10-28 04:54:38'),
  sighting('S-2', 'I-7', 'HCB-WS12', 4, '10-27 02:44:51', '10-29 09:59:01'),
  sighting('S-1', 'I-1', 'HCB-WS11', 48, '10-26 13:21:00', '10-26 14:08:00'),
]
