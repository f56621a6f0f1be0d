import type { Frame } from './frame.ts'
import { icmp } from './icmp.ts'
import { ipv4, ipv6, ports, tcp, throughAuthentication, udp } from './ip.ts'
import type { Layers } from './layers.ts'
import { ethertype, linkHeader, throughTags } from './link.ts'
import { tunnelInIp, tunnelInUdp } from './tunnel.ts'

/** Of a packet: it belongs to a flow, or why it does not. */
export type Dissected = 'flow' | 'other-link' | 'not-ip' | 'fragment' | 'damaged'

export const protocols = { icmp: 1, tcp: 6, udp: 17, icmp6: 58, sctp: 132 } as const

/** Reads all headers of a packet into `layers`; what is left between `at` and `to` is the payload of the transport. */
export function dissect(frame: Frame, layers: Layers): Dissected {
  layers.bytes = frame.bytes
  layers.at = frame.from
  layers.to = frame.to
  layers.wireTo = frame.from + frame.length
  layers.vlan = -1
  layers.innerVlan = -1
  layers.tunnels = undefined
  const first = linkHeader(layers, frame.linkType)
  return first === undefined ? 'other-link' : inwards(layers, first)
}

function inwards(layers: Layers, first: number): Dissected {
  let type = first
  // Comes to an end: there is a most of tunnels, and each step reads on.
  for (;;) {
    type = throughTags(layers, type)
    if (type !== ethertype.ipv4 && type !== ethertype.ipv6) return 'not-ip'
    if (!(type === ethertype.ipv4 ? ipv4(layers) : ipv6(layers))) return 'damaged'
    throughAuthentication(layers)
    if (layers.isFragment) return 'fragment'
    const next = tunnelInIp(layers) || transport(layers)
    if (typeof next === 'string') return next
    type = next
  }
}

/** The number of what a tunnel carries, else what the packet is. */
function transport(layers: Layers): number | 'flow' | 'damaged' {
  layers.sourcePort = -1
  layers.destinationPort = -1
  layers.isOneWay = false
  layers.flags = 0
  switch (layers.protocol) {
    case protocols.tcp:
      return tcp(layers) ? 'flow' : 'damaged'
    case protocols.udp:
      return udp(layers) ? tunnelInUdp(layers) || 'flow' : 'damaged'
    case protocols.sctp:
      return ports(layers) ? 'flow' : 'damaged'
    case protocols.icmp:
    case protocols.icmp6:
      return icmp(layers) ? 'flow' : 'damaged'
    default:
      return 'flow'
  }
}
