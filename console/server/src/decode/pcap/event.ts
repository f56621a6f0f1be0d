import type { Event } from '../decoder.ts'
import { instant } from '../time.ts'
import { toAddress } from './address.ts'
import { communityId } from './community-id.ts'
import { protocols } from './dissect.ts'
import { durationOf, type End, type Flow, type Sent, type Time, tcpFlags } from './flow.ts'
import { identify } from './identify.ts'
import type { Found } from './protocol.ts'
import { idleSeconds, mostFlows } from './table.ts'

export const dataset = 'pcap'

const transports = new Map<number, string>([
  [protocols.icmp, 'icmp'],
  [2, 'igmp'],
  [protocols.tcp, 'tcp'],
  [protocols.udp, 'udp'],
  [50, 'esp'],
  [51, 'ah'],
  [protocols.icmp6, 'ipv6-icmp'],
  [89, 'ospf'],
  [103, 'pim'],
  [112, 'vrrp'],
  [protocols.sctp, 'sctp'],
])

/** RFC 3339, with as many digits as the capture gives. */
export function toInstant({ seconds, nanos, digits }: Time): string | undefined {
  if (digits < 0) return undefined
  const whole = seconds + Math.floor(nanos / 1e9)
  return instant(
    whole,
    String(nanos % 1e9)
      .padStart(9, '0')
      .slice(0, digits),
  )
}

/** The event of a flow that ended. */
export function flowEvent(flow: Flow, end: End): Event {
  const found = identify(flow)
  const [start, stop] = [toInstant(flow.first), toInstant(flow.last)]
  const event: Event = {
    event: {
      kind: 'event',
      dataset,
      category: ['network'],
      type: found === undefined ? ['connection'] : ['connection', 'protocol'],
      action: 'network-flow',
      reason: reasonOf(flow, end),
    },
    network: networkOf(flow, found),
    source: endOf(flow, 'source'),
    destination: endOf(flow, 'destination'),
    tidewaiter: { record: flow.firstRecord },
  }
  if (start !== undefined) event['@timestamp'] = event.event.start = start
  if (stop !== undefined) event.event.end = stop
  if (start !== undefined && stop !== undefined) event.event.duration = durationOf(flow)
  if (flow.lastRecord !== flow.firstRecord) event.tidewaiter.last_record = flow.lastRecord
  Object.assign(event, found?.fields)
  Object.assign(event.tidewaiter, ownOf(flow), found?.own)
  event.message = messageOf(event, flow)
  return event
}

function reasonOf(flow: Flow, end: End): string {
  const seconds = flow.protocol === protocols.tcp ? idleSeconds.tcp : idleSeconds.other
  const reasons: Readonly<Record<End, string>> = {
    fin: 'Both sides finished.',
    reset: 'One side reset the connection.',
    reused: 'Another connection between the same ports followed.',
    idle: `Nothing for ${seconds} s.`,
    full: `The flow was told early: no more than ${mostFlows} flows are followed at once.`,
    capture: 'The capture ended.',
  }
  return reasons[end]
}

function networkOf(flow: Flow, found: Found | undefined): Record<string, unknown> {
  const { protocol, request, reply } = flow
  const transport = transports.get(protocol)
  return {
    type: flow.isIpv6 ? 'ipv6' : 'ipv4',
    iana_number: String(protocol),
    ...(transport !== undefined && { transport }),
    ...(found !== undefined && { protocol: found.name }),
    community_id: communityId(flow),
    bytes: request.bytes + reply.bytes,
    packets: request.packets + reply.packets,
    ...(flow.vlan >= 0 && { vlan: { id: String(flow.vlan) } }),
    ...(flow.innerVlan >= 0 && { inner: { vlan: { id: String(flow.innerVlan) } } }),
  }
}

function endOf(flow: Flow, side: 'source' | 'destination'): Record<string, unknown> {
  const { bytes, packets } = side === 'source' ? flow.request : flow.reply
  const ip = toAddress(flow[side], flow.isIpv6)
  const port = side === 'source' ? flow.sourcePort : flow.destinationPort
  return { address: ip, ip, ...(hasPorts(flow) && { port }), bytes, packets }
}

function hasPorts({ protocol }: Flow): boolean {
  return protocol === protocols.tcp || protocol === protocols.udp || protocol === protocols.sctp
}

function ownOf(flow: Flow): Record<string, unknown> {
  const { protocol, request, reply, tunnels, isOneWay } = flow
  const own: Record<string, unknown> = {}
  if (protocol === protocols.tcp)
    own.tcp = { flags: { source: flagNames(request), destination: flagNames(reply) }, end: flow.closed ?? 'open' }
  if (protocol === protocols.icmp || protocol === protocols.icmp6)
    own.icmp = { type: flow.sourcePort, ...(isOneWay && { code: flow.destinationPort }) }
  if (tunnels !== undefined) own.tunnel = tunnels
  return own
}

const flagBits = Object.entries(tcpFlags)

function flagNames({ flags }: Sent): string[] {
  return flagBits.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name)
}

function messageOf({ network, source, destination }: Event, flow: Flow): string {
  const { protocol, transport, iana_number } = network as Record<string, string | undefined>
  const { request, reply } = flow
  const kind = [transport ?? `protocol ${iana_number}`, protocol].filter((name) => name !== undefined).join(' ')
  const sent = `${request.packets} packets, ${request.bytes} bytes there; ${reply.packets} packets, ${reply.bytes} bytes back`
  return `${kind} ${shown(source)} to ${shown(destination)}: ${sent}`
}

function shown(end: unknown): string {
  const { ip, port } = end as { ip: string; port?: number }
  if (port === undefined) return ip
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}
