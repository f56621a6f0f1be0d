import type { Clock, Fact, IncidentDetail, IncidentRow, PackageRow } from '@tidewaiter/protocol/api'
import { at, nowMs } from './clock.ts'
import { findings, sightings } from './judgements.ts'

const by = 'r.abara@halyard-customs.example'

type Shape = [section: string, field: string, label: string, kind: Fact['kind'], help: string]

const shapes: readonly Shape[] = [
  [
    'Time',
    'incident.occurredAt',
    'Time of incident',
    'time',
    'When it happened, as far as known: one moment, or from and until.',
  ],
  ['Time', 'incident.detectedAt', 'Detected', 'time', 'When the first sign was noticed. It starts no clock.'],
  [
    'Time',
    'recordsBreach.discoveredAt',
    'Breach of records discovered',
    'time',
    'When it became known that records of customs business were breached. The 72 hours run from here.',
  ],
  [
    'Time',
    'notice.initial.sentAt',
    'Written notice sent to CBP',
    'time',
    'When the e-mail to cbpsoc@cbp.dhs.gov was sent. You send it; this software never does.',
  ],
  [
    'Time',
    'notice.importerList.sentAt',
    'Updated list of importer numbers, or nil report, sent to CBP',
    'time',
    'When the list of further importer numbers was sent, or the word that no further ones are known. It ends the ten business days.',
  ],
  ['Time', 'incident.containedAt', 'Contained', 'time', 'When the attacker was cut off, as far as known.'],
  [
    'Involved parties',
    'broker',
    'Broker and contact',
    'text',
    'Company, filer code, licence number, and a person reachable day and night with telephone number.',
  ],
  [
    'Involved parties',
    'parties',
    'Involved parties',
    'list',
    'Service providers, importers, carriers, agencies: one on each line, with the role.',
  ],
  [
    'Involved parties',
    'aceConnections',
    'Connections to ACE',
    'list',
    'How you transmit, with ISA number and expiry: one on each line.',
  ],
  ['Cause', 'cause', 'Cause', 'text', 'How the attacker came in, if known.'],
  ['Impact', 'impact', 'Impact', 'text', 'What is affected: nature, scale and length of outage, entries that stopped.'],
  ['Personal information', 'pii', 'Personal information exposed', 'choice', 'None known, suspected, or confirmed.'],
  [
    'Personal information',
    'pii.kinds',
    'Kinds and number of people',
    'text',
    'Which kinds of personal information, of how many people.',
  ],
  [
    'Personal information',
    'importerNumbers',
    'Compromised importer identification numbers',
    'list',
    'Known ones, one on each line: NN-NNNNNNN, NNN-NN-NNNN or YYDDPP-NNNNN. Kept encrypted and shown masked.',
  ],
  ['Location', 'sites', 'Location of infected site', 'list', 'Address and ports served: one site on each line.'],
  [
    'Incident type',
    'incident.type',
    'Incident type',
    'text',
    'For example ransomware, data theft, compromised e-mail, lost or stolen device, paper records.',
  ],
]

const answers: Record<string, string | undefined> = {
  'incident.occurredAt': '2026-10-26T13:12Z/2026-10-29T10:55Z',
  'recordsBreach.discoveredAt': '2026-10-29T10:42Z',
  broker:
    'Halyard Customs Brokers, Inc. (sample), filer ZZZ, licence SAMPLE-0000\nR. Abara, 757-555-0142, day and night',
  impact: 'Entry files encrypted on 4 hosts. ACE link stopped 2026-10-29 10:55Z. 12 entries unsent.',
  pii: 'confirmed',
  importerNumbers: '**-***0123\n**-***24AB',
  sites: '1 Example Wharf, Norfolk VA. Port 1401.',
}

export function newFacts(isAnswered: boolean): Fact[] {
  return shapes.map(([section, field, label, kind, help], i) => {
    const value = isAnswered ? answers[field] : undefined
    const isUnknown = isAnswered && field === 'cause'
    return {
      field,
      label,
      help,
      kind,
      ...(kind === 'choice' && { choices: ['none known', 'suspected', 'confirmed'] }),
      section,
      source: '19 CFR 111.21(b)',
      state: value !== undefined ? 'answered' : isUnknown ? 'not-known-yet' : 'unanswered',
      value: value ?? '',
      rev: value !== undefined || isUnknown ? i + 4 : 0,
      ...(value !== undefined && { by, at: at('10-29 15:31:08') }),
    }
  })
}

export interface StoredIncident {
  id: string
  name: string
  openedAt: string
  rev: number
  facts: Fact[]
  items: IncidentDetail['items']
  packages: PackageRow[]
}

export const incidents: StoredIncident[] = [
  {
    id: 'HCB-2026-001',
    name: 'Ransomware and data theft, Norfolk (sample)',
    openedAt: at('10-29 10:44:10'),
    rev: 22,
    facts: newFacts(true),
    items: [
      { id: 'T-1', kind: 'finding', ref: 'F-70', addedAt: at('10-29 12:03:00'), addedBy: by, note: '' },
      {
        id: 'T-2',
        kind: 'sighting',
        ref: 'S-3',
        addedAt: at('10-29 12:05:00'),
        addedBy: by,
        note: 'The address the SOC asked about.',
      },
    ],
    packages: [],
  },
]

const hourMs = 3_600_000
const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())

function clocksOf(facts: readonly Fact[]): Clock[] {
  const ms = (field: string) => {
    const fact = facts.find((known) => known.field === field)
    return fact?.state === 'answered' ? Date.parse(fact.value) : undefined
  }
  const discovered = ms('recordsBreach.discoveredAt')
  const sent = ms('notice.initial.sentAt')
  const due = discovered === undefined ? undefined : discovered + 72 * hourMs
  const authority = '19 CFR 111.21(b)'
  return [
    {
      id: 'notice',
      duty: 'Written notice to CBP',
      authority,
      startedAt: iso(discovered),
      dueAt: iso(due),
      stoppedAt: iso(sent),
      counted: null,
      says:
        due === undefined
          ? 'Starts when the breach of records is discovered'
          : sent !== undefined
            ? 'Sent in time'
            : `${Math.floor((due - nowMs()) / hourMs)} h left`,
    },
    {
      id: 'importer-list',
      duty: 'Updated list of importer numbers',
      authority,
      startedAt: iso(sent),
      dueAt: sent === undefined ? null : iso(sent + 14 * 24 * hourMs),
      stoppedAt: iso(ms('notice.importerList.sentAt')),
      counted: sent === undefined ? null : { zone: 'America/New_York', days: ['2026-10-30', '2026-11-02'] },
      says: sent === undefined ? 'Starts with the notice' : 'Ten business days from the notice',
    },
  ]
}

export function rowOf(incident: StoredIncident): IncidentRow {
  const { id, name, openedAt, rev, facts } = incident
  return {
    id,
    name,
    openedAt,
    openedBy: by,
    closedAt: null,
    rev,
    factsAnswered: facts.filter(({ state }) => state !== 'unanswered').length,
    factsTotal: facts.length,
    clock: clocksOf(facts)[0] ?? null,
  }
}

export function detailOf(incident: StoredIncident): IncidentDetail {
  const { facts, items, packages } = incident
  const refs = (kind: string) => new Set(items.filter((item) => item.kind === kind).map(({ ref }) => ref))
  return {
    ...rowOf(incident),
    facts,
    clocks: clocksOf(facts),
    items,
    packages,
    findings: findings.filter(({ id }) => refs('finding').has(id)),
    sightings: sightings.filter(({ id }) => refs('sighting').has(id)),
  }
}
