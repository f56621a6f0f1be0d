import type { Accuracy } from '../accuracy.fixture.ts'
import { toIp } from '../address.ts'
import type { Event } from '../decoder.ts'
import { decodeFile } from '../files.ts'
import { linesOf, pathOf } from '../shared-data.fixture.ts'

/**
 * Flows of nDPI's own captures with the names it gives them (`flows.json`). Only names that it gave by payload (`DPI`) are
 * asked for. Names of our list must be found; all others are controls, which must stay without a name.
 */
interface FlowAccuracy {
  /** Labelled flows of protocols that are known here. */
  flows: number
  right: number
  /** Named otherwise, and controls that were named. */
  wrong: string[]
  /** Found as flows, but without a name. */
  unknown: string[]
  /** Not found as flows. */
  missed: string[]
  controls: number
}

/** nDPI's names, and ours for the same. ONC RPC is NFS to it whatever program is called. */
const names = new Map<string, readonly string[]>([
  ['TLS', ['tls']],
  ['DTLS', ['dtls']],
  ['HTTP', ['http']],
  ['SSH', ['ssh']],
  ['DNS', ['dns']],
  ['MDNS', ['mdns']],
  ['LLMNR', ['llmnr']],
  ['SMBv1', ['smb']],
  ['SMBv23', ['smb']],
  ['RDP', ['rdp']],
  ['LDAP', ['ldap']],
  ['Kerberos', ['kerberos']],
  ['FTP_CONTROL', ['ftp']],
  ['TFTP', ['tftp']],
  ['SMTP', ['smtp']],
  ['IMAP', ['imap']],
  ['POP3', ['pop3']],
  ['NTP', ['ntp']],
  ['SNMP', ['snmp']],
  ['MySQL', ['mysql']],
  ['PostgreSQL', ['postgresql']],
  ['MsSQL-TDS', ['tds']],
  ['MongoDB', ['mongodb']],
  ['Redis', ['redis']],
  ['VNC', ['vnc']],
  ['QUIC', ['quic']],
  ['STUN', ['stun']],
  ['BitTorrent', ['bittorrent']],
  ['SOCKS', ['socks']],
  ['IRC', ['irc']],
  ['MQTT', ['mqtt']],
  ['SIP', ['sip']],
  ['RTSP', ['rtsp']],
  ['NFS', ['nfs', 'onc-rpc']],
  ['DCERPC', ['dcerpc']],
  // The letter S says that encryption was asked for on the way, or that TLS came first.
  ['IMAPS', ['imap', 'tls']],
  ['POPS', ['pop3', 'tls']],
  ['SMTPS', ['smtp', 'tls']],
  // Applications that nDPI tells by what they send in a protocol of our list.
  ['HTTP_Proxy', ['http']],
  ['SOAP', ['http']],
  ['AVASTSecureDNS', ['dns']],
])

interface Label {
  l4: string
  a: string
  b: string
  proto: string
  conf: string
}

/** Pure: reads the captures and counts. */
export async function ndpiAccuracy(): Promise<FlowAccuracy> {
  const files = JSON.parse(linesOf('pcap_ndpi/flows.json').join('\n')) as Record<string, Label[]>
  const accuracy: FlowAccuracy = { flows: 0, right: 0, wrong: [], unknown: [], missed: [], controls: 0 }
  for (const [file, labels] of Object.entries(files)) {
    const found = await namesByEnds(`pcap_ndpi/${file}`)
    for (const label of labels) if (label.conf === 'DPI') judge(accuracy, file, { label, found })
  }
  return accuracy
}

function judge(
  accuracy: FlowAccuracy,
  file: string,
  { label, found }: { label: Label; found: ReadonlyMap<string, ReadonlySet<string>> },
): void {
  const { l4, a, b, proto } = label
  const wanted = names.get(proto.split('.')[0] ?? '')
  const got = found.get(keyOf(l4, [endOf(a), endOf(b)]))
  const says = `${file} ${l4} ${a} ${b}: ${proto} is ${[...(got ?? [])].join(', ') || 'unknown'}`
  if (wanted === undefined) {
    accuracy.controls++
    if (got !== undefined && got.size > 0) accuracy.wrong.push(says)
    return
  }
  accuracy.flows++
  if (got === undefined) accuracy.missed.push(says)
  else if (got.size === 0) accuracy.unknown.push(says)
  else if ([...got].every((name) => wanted.includes(name))) accuracy.right++
  else accuracy.wrong.push(says)
}

/** All names of the flows between two ends, in either direction. */
export async function namesByEnds(path: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, Set<string>>()
  for await (const event of decodeFile(pathOf(path))) {
    if (event.event.action !== 'network-flow') continue
    const { protocol, transport, source, destination } = flowOf(event)
    const key = keyOf(transport.toUpperCase(), [source, destination])
    const seen = found.get(key) ?? new Set()
    if (protocol !== undefined) seen.add(protocol)
    found.set(key, seen)
  }
  return found
}

function flowOf({ network, source, destination }: Event) {
  // Our own event, as `flowEvent` made it.
  const { protocol, transport = '' } = network as { protocol?: string; transport?: string }
  const [from, to] = [source, destination].map((end) => {
    const { ip, port = 0 } = end as { ip: string; port?: number }
    return `${ip} ${port}`
  })
  return { protocol, transport, source: from ?? '', destination: to ?? '' }
}

export const keyOf = (transport: string, ends: readonly string[]) => [transport, ...[...ends].sort()].join(' ')

/** `192.0.2.1:80` or `[2001:db8::1]:80`; nDPI shortens more zeros than one may. */
function endOf(text: string): string {
  const [, address = text, port = '0'] = /^\[?(.*?)\]?:(\d+)$/.exec(text) ?? []
  return `${toIp(address) ?? toIp(address.replace('::', ':0:')) ?? address} ${port}`
}

/** The same as a row of `npm run accuracy`: unknown flows, and those that are not there, are missed. */
export async function flowAccuracy(): Promise<Accuracy> {
  const { flows, right, wrong, unknown, missed } = await ndpiAccuracy()
  return { records: flows, right, wrong: wrong.length, missed: unknown.length + missed.length }
}
