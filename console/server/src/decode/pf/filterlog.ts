import { toEnd } from '../address.ts'
import type { Message } from '../decoder.ts'
import { defined } from '../row.ts'
import { toCount } from '../text.ts'
import { directionOf, meaningOf } from './meaning.ts'

/**
 * The comma-separated line that pfSense and OPNsense write for a packet (docs.netgate.com, "Raw Filter Log Format";
 * OPNsense puts a label where pfSense has the number of a tracker). Undefined for any other text.
 */
export function readFilterLog(text: string): Message | undefined {
  const all = text.length > 1024 ? [] : text.split(',')
  const [rule = '', , , , , reason = '', action = '', direction = '', version] = all
  const ip = version === '4' ? readIpv4(all) : version === '6' ? readIpv6(all) : undefined
  if (ip === undefined || !/^\d{1,6}$/.test(rule) || directionOf(direction) === undefined) return undefined
  const { from, to, flags } = ip.transport === 'tcp' || ip.transport === 'udp' ? readPorts(ip.rest) : {}
  return {
    event: { ...meaningOf(action), ...(reason !== '' && { reason }) },
    service: { name: 'pf' },
    source: toEnd(ip.from, from),
    destination: toEnd(ip.to, to),
    network:
      defined({
        type: version === '4' ? 'ipv4' : 'ipv6',
        transport: ip.transport,
        iana_number: ip.number,
        direction: directionOf(direction),
        bytes: ip.length,
      }) ?? {},
    ...ruleOf(all, direction),
    ...(flags !== undefined && { tidewaiter: { tcp_flags: flags } }),
  }
}

function ruleOf([id, sub, anchor, tracker, device]: readonly string[], direction: string): Pick<Message, 'more'> {
  // Parts of a rule have numbers of their own below an anchor.
  const ruleset = [anchor, sub].filter(Boolean).join('/')
  const rule = defined({ id, uuid: tracker || undefined, ruleset: ruleset || undefined }) ?? {}
  const observer = { [direction === 'in' ? 'ingress' : 'egress']: { interface: { name: device } } }
  return { more: { rule, observer } }
}

interface Ip {
  transport: string
  number: string | undefined
  length: number | undefined
  from: string
  to: string
  /** What follows the addresses. */
  rest: readonly string[]
}

/** tos, ecn, ttl, id, offset, flags, protocol number, protocol, length, source, destination. */
function readIpv4(all: readonly string[]): Ip | undefined {
  const [number, transport = '', length = '', from = '', to = ''] = all.slice(15, 20)
  return withEnds({ number, transport, length: toCount(length), from, to, rest: all.slice(20) })
}

/** class, flow label, hop limit, protocol, protocol number, length, source, destination. */
function readIpv6(all: readonly string[]): Ip | undefined {
  const [transport = '', number, length = '', from = '', to = ''] = all.slice(12, 17)
  return withEnds({ number, transport, length: toCount(length), from, to, rest: all.slice(17) })
}

function withEnds(ip: Ip): Ip | undefined {
  const isOne = toEnd(ip.from).ip !== undefined && toEnd(ip.to).ip !== undefined && /^\d{1,3}$/.test(ip.number ?? '')
  return isOne ? { ...ip, transport: ip.transport.toLowerCase().replace(/^icmpv6$/, 'ipv6-icmp') } : undefined
}

function readPorts([from = '', to = '', , flags]: readonly string[]): { from?: number; to?: number; flags?: string } {
  const [source, destination] = [toCount(from), toCount(to)]
  return {
    ...(source !== undefined && source <= 65_535 && { from: source }),
    ...(destination !== undefined && destination <= 65_535 && { to: destination }),
    ...(flags !== undefined && /^[A-Z.]{1,9}$/.test(flags) && { flags }),
  }
}
