import type { Fact } from '@tidewaiter/protocol/api'

type Kind = Fact['kind'] | 'interval' | 'importer-numbers'

/** One of the facts CBP asks for: its code name, CBP's words for it, and where they come from (`domain.md` B.1). */
export interface Field {
  field: string
  label: string
  help: string
  section: string
  source: string
  kind: Kind
  choices?: readonly string[]
  /** A change needs a reason: a clock runs from it, or stops there. */
  movesClock?: true
  /** It answers what this other field tells the time of, and cannot have come before it. */
  follows?: string
  /** Encrypted at rest, shown masked. */
  secret?: true
}

const s2 = 'Cyber Incident Guidance for Customs Brokers (April 2023)'
const page = 'cbp.gov/trade/cybersecurity-resiliency'
const rule = '19 CFR 111.21(b)'

/** In the order of CBP's list. Every field may be answered "not known yet": what is known by the deadline is sent. */
export const fields: readonly Field[] = [
  {
    field: 'incident.occurredAt',
    label: 'Time of incident',
    help: 'When it happened, as far as known: one moment, or from and until.',
    section: 'Time',
    source: `${s2}; ${page}`,
    kind: 'interval',
  },
  {
    field: 'incident.detectedAt',
    label: 'Detected',
    help: 'When the first sign was noticed. It starts no clock.',
    section: 'Time',
    source: rule,
    kind: 'time',
  },
  {
    field: 'recordsBreach.discoveredAt',
    label: 'Breach of records discovered',
    help: 'When it became known that records of customs business were breached. The 72 hours run from here.',
    section: 'Time',
    source: rule,
    kind: 'time',
    movesClock: true,
  },
  {
    field: 'notice.initial.sentAt',
    label: 'Written notice sent to CBP',
    help: 'When the e-mail to cbpsoc@cbp.dhs.gov was sent. You send it; this software never does.',
    section: 'Time',
    source: rule,
    kind: 'time',
    movesClock: true,
    follows: 'recordsBreach.discoveredAt',
  },
  {
    field: 'notice.importerList.sentAt',
    label: 'Updated list of importer numbers, or nil report, sent to CBP',
    help: 'When the list of further importer numbers was sent, or the word that no further ones are known. It ends the ten business days.',
    section: 'Time',
    source: rule,
    kind: 'time',
    movesClock: true,
    follows: 'recordsBreach.discoveredAt',
  },
  {
    field: 'incident.containedAt',
    label: 'Contained',
    help: 'When the attacker was cut off, as far as known.',
    section: 'Time',
    source: page,
    kind: 'time',
  },
  {
    field: 'broker',
    label: 'Broker and contact',
    help: 'Company, filer code, licence number, and a person reachable day and night with telephone number.',
    section: 'Involved parties',
    source: s2,
    kind: 'text',
  },
  {
    field: 'parties',
    label: 'Involved parties',
    help: 'Service providers, importers, carriers, agencies: one on each line, with the role.',
    section: 'Involved parties',
    source: `${s2}; ${page}`,
    kind: 'list',
  },
  {
    field: 'aceConnections',
    label: 'Connections to ACE',
    help: 'How you transmit (MQ, LAN to LAN, sFTP, service center, VAN, portal), with ISA number and expiry: one on each line.',
    section: 'Involved parties',
    source: s2,
    kind: 'list',
  },
  {
    field: 'cause',
    label: 'Cause',
    help: 'How the attacker came in, if known.',
    section: 'Cause',
    source: `${s2}; ${page}`,
    kind: 'text',
  },
  {
    field: 'impact',
    label: 'Impact',
    help: 'What is affected: nature, scale and length of outage, entries that stopped.',
    section: 'Impact',
    source: `${s2}; ${page}`,
    kind: 'text',
  },
  {
    field: 'pii',
    label: 'Personal information exposed',
    help: 'None known, suspected, or confirmed.',
    section: 'Personal information',
    source: `${s2}; ${page}`,
    kind: 'choice',
    choices: ['none known', 'suspected', 'confirmed'],
  },
  {
    field: 'pii.kinds',
    label: 'Kinds and number of people',
    help: 'Which kinds of personal information, of how many people.',
    section: 'Personal information',
    source: s2,
    kind: 'text',
  },
  {
    field: 'importerNumbers',
    label: 'Compromised importer identification numbers',
    help: 'Known ones, one on each line: NN-NNNNNNN, NNN-NN-NNNN or YYDDPP-NNNNN. Kept encrypted and shown masked.',
    section: 'Personal information',
    source: rule,
    kind: 'importer-numbers',
    secret: true,
  },
  {
    field: 'sites',
    label: 'Location of infected site',
    help: 'Address and ports served: one site on each line.',
    section: 'Location',
    source: page,
    kind: 'list',
  },
  {
    field: 'incident.type',
    label: 'Incident type',
    help: 'For example ransomware, data theft, compromised e-mail, lost or stolen device, paper records.',
    section: 'Incident type',
    source: page,
    kind: 'text',
  },
]

export function fieldOf(name: string): Field | undefined {
  return fields.find(({ field }) => field === name)
}
