import { toEnd } from '../address.ts'
import type { Message } from '../decoder.ts'
import { defined } from '../row.ts'
import { toCount } from '../text.ts'

/**
 * What the kernel's netfilter says of a packet, in the form that iptables, nftables and ulogd share
 * (net/netfilter/nf_log_syslog.c): the rule's own prefix, `IN=`, `OUT=`, and the headers of the packet.
 */
const packet =
  /^(?<prefix>.{0,128}?)IN=(?<in>[\w.:@/+-]{0,32}) OUT=(?<out>[\w.:@/+-]{0,32}) (?:PHYS(?:IN|OUT)=\S{0,32} ){0,2}(?:MAC(?:SRC)?=(?<mac>[0-9a-fA-F:]{0,80}) ){0,1}(?<rest>.{0,40}?SRC=.*)$/

/** Undefined for any other text. A packet that is quoted within another is not looked at. */
export function readPacket(text: string): Message | undefined {
  const said = text.length > 2048 ? undefined : packet.exec(withoutClock(text).trimEnd())?.groups
  if (said === undefined) return undefined
  const { prefix = '', in: ingress = '', out: egress = '', mac = '', rest = '' } = said
  const { values, words } = readWords(rest.split(' [')[0] ?? '')
  const [from, to] = [values.get('SRC'), values.get('DST')]
  if (from === undefined || to === undefined) return undefined
  const [source, destination] = [toEnd(from, portOf(values.get('SPT'))), toEnd(to, portOf(values.get('DPT')))]
  const [toMac, fromMac] = macsOf(mac)
  const interfaces = {
    ingress: ingress === '' ? undefined : { interface: { name: ingress } },
    egress: egress === '' ? undefined : { interface: { name: egress } },
  }
  const observer = defined(interfaces)
  const id = values.get('UID')
  return {
    event: meaningOf(prefix),
    service: { name: 'netfilter' },
    source: { ...source, ...(fromMac !== undefined && { mac: fromMac }) },
    destination: { ...destination, ...(toMac !== undefined && { mac: toMac }) },
    network: networkOf(values, ingress, egress),
    ...(id !== undefined && { user: { id } }),
    ...(observer !== undefined && { more: { observer } }),
    tidewaiter: ownOf(prefix, values, words),
  }
}

/** `[ 4793.295920] `: seconds since the kernel began, which say nothing of the time of day. */
function withoutClock(text: string): string {
  return text.replace(/^\[ {0,6}\d{1,10}\.\d{6}\] /, '')
}

/** What is written twice, such as `LEN`, is first of the packet and then of what it carries. */
function readWords(rest: string): { values: Map<string, string>; words: Set<string> } {
  const values = new Map<string, string>()
  const words = new Set<string>()
  for (const word of rest.split(' ')) {
    const mark = word.indexOf('=')
    if (mark < 0) words.add(word)
    else if (!values.has(word.slice(0, mark))) values.set(word.slice(0, mark), word.slice(mark + 1))
  }
  return { values, words }
}

function portOf(text: string | undefined): number | undefined {
  const port = toCount(text ?? '')
  return port !== undefined && port <= 65_535 ? port : undefined
}

/** Of an Ethernet header: whom it is for, whom it is from, and what it carries. */
function macsOf(text: string): (string | undefined)[] {
  const bytes = text.split(':')
  if (bytes.length !== 14) return []
  return [bytes.slice(0, 6), bytes.slice(6, 12)].map((mac) => mac.join('-').toUpperCase())
}

function networkOf(values: ReadonlyMap<string, string>, ingress: string, egress: string): Record<string, unknown> {
  const protocol = values.get('PROTO')
  const isNumber = /^\d{1,3}$/.test(protocol ?? '')
  const direction = egress === '' ? 'ingress' : ingress === '' ? 'egress' : undefined
  return (
    defined({
      type: values.get('SRC')?.includes(':') === true ? 'ipv6' : 'ipv4',
      transport: isNumber ? undefined : protocol?.toLowerCase().replace(/^icmpv6$/, 'ipv6-icmp'),
      iana_number: isNumber ? protocol : undefined,
      direction,
      bytes: toCount(values.get('LEN') ?? ''),
    }) ?? {}
  )
}

const tcpFlags = ['CWR', 'ECE', 'URG', 'ACK', 'PSH', 'RST', 'SYN', 'FIN'] as const

function ownOf(
  prefix: string,
  values: ReadonlyMap<string, string>,
  words: ReadonlySet<string>,
): Record<string, unknown> {
  const flags = tcpFlags.filter((flag) => words.has(flag))
  const [type, code] = [values.get('TYPE'), values.get('CODE')]
  const icmp = type === undefined ? undefined : { type, ...(code !== undefined && { code }) }
  const said = prefix.trim()
  return (
    defined({
      prefix: said === '' ? undefined : said,
      tcp_flags: flags.length > 0 ? flags : undefined,
      icmp,
      group_id: values.get('GID'),
    }) ?? {}
  )
}

const denying = /\b(?:block(?:ed)?|drop(?:ped)?|reject(?:ed)?|den(?:y|ied)|invalid)\b/i
const allowing = /\b(?:allow(?:ed)?|accept(?:ed)?|pass(?:ed)?)\b/i

/** A rule that logs does not say what becomes of the packet: only the words of its prefix may. */
function meaningOf(prefix: string): Message['event'] {
  const words = prefix.replaceAll(/[_:[\]-]/g, ' ')
  const isDenied = denying.test(words)
  const isAllowed = allowing.test(words)
  if (isDenied && !isAllowed) return { category: ['network'], type: ['connection', 'denied'], action: 'packet-dropped' }
  if (isAllowed && !isDenied)
    return { category: ['network'], type: ['connection', 'allowed'], action: 'connection-allowed' }
  return { category: ['network'], type: ['connection', 'info'], action: 'packet-logged' }
}
