/** A way that packets of a flow went through another network. */
export interface Tunnel {
  type: 'ipip' | 'gre' | 'vxlan' | 'gtp-u'
  /** The ends of the outer packet. */
  source: string
  destination: string
}

/**
 * What the headers of a packet say, read from the outside inwards: the innermost wins. One object is used for all
 * packets. Words are signed, which the engine keeps without allocating.
 */
export interface Layers {
  bytes: Uint8Array
  /** What is not read yet: from `at` to `to`. */
  at: number
  to: number
  /** Where it ended on the wire: beyond `to` where less was captured. */
  wireTo: number
  isIpv6: boolean
  /** Four words; the last three are 0 for IPv4. */
  source: [number, number, number, number]
  destination: [number, number, number, number]
  /** IANA number of what IP carries. */
  protocol: number
  /** Not the first piece of a packet that was fragmented. */
  isFragment: boolean
  /** For ICMP what the Community ID takes for ports; −1 where there are none. */
  sourcePort: number
  destinationPort: number
  /** ICMP that is no question or answer goes one way. */
  isOneWay: boolean
  /** Of TCP. */
  flags: number
  sequence: number
  /** VLAN ids from the outside inwards; −1 for none. */
  vlan: number
  innerVlan: number
  /** Outermost first; undefined for none. */
  tunnels: Tunnel[] | undefined
}

export function newLayers(): Layers {
  return {
    bytes: new Uint8Array(0),
    at: 0,
    to: 0,
    wireTo: 0,
    isIpv6: false,
    source: [0, 0, 0, 0],
    destination: [0, 0, 0, 0],
    protocol: 0,
    isFragment: false,
    sourcePort: -1,
    destinationPort: -1,
    isOneWay: false,
    flags: 0,
    sequence: 0,
    vlan: -1,
    innerVlan: -1,
    tunnels: undefined,
  }
}
