import { toEnd, toIp } from '../address.ts'
import type { Message } from '../decoder.ts'
import { defined } from '../row.ts'
import { toCount } from '../text.ts'
import { directionOf, meaningOf } from './meaning.ts'

/** `rule 2/0(match): block in on em0: 192.0.2.7.52234 > 198.51.100.9.22: Flags [S], ...`: `tcpdump -e` of pflog0. */
export const pflog =
  /^rule (?<rule>\d{1,6}|def)(?:\.(?<anchor>[\w./-]{0,64}?))?(?:\.(?<sub>\d{1,6}))?\/(?:\d{1,3}\((?<reason>[\w -]{1,24})\)|\((?<old>[\w -]{1,24})\)) ?(?:\[[^\]]{0,80}\])?:? ?(?<action>[a-z]{2,12}) (?<direction>in|out) on (?<device>[\w.]{1,24}): (?<rest>.{1,2048})$/

/** Where a port stands behind an address, tcpdump puts a point between both. */
const ends = /^(?:IP6? )?(?:\([^)]{0,400}\) ?)?(?<from>[0-9A-Fa-f:.]{2,60}) > (?<to>[0-9A-Fa-f:.]{2,60}): (?<more>.*)$/

export function readPflog(text: string): Message | undefined {
  const said = text.length > 4096 ? undefined : pflog.exec(text)?.groups
  const packet = said && ends.exec(said.rest ?? '')?.groups
  if (said === undefined || packet === undefined) return undefined
  const { rule, anchor, sub, reason, old, action = '', direction = '', device } = said
  const { from = '', to = '', more = '' } = packet
  return {
    event: { ...meaningOf(action), ...((reason ?? old) !== undefined && { reason: reason ?? old ?? '' }) },
    service: { name: 'pf' },
    source: endOf(from),
    destination: endOf(to),
    network: defined({ transport: transportOf(more), direction: directionOf(direction) }) ?? {},
    more: {
      ...(rule !== undefined && { rule: { id: rule } }),
      observer: { [direction === 'in' ? 'ingress' : 'egress']: { interface: { name: device } } },
    },
    tidewaiter: defined({ anchor, sub_rule: sub, tcp_flags: /^Flags \[([A-Z.]{1,9})\]/.exec(more)?.[1] }) ?? {},
  }
}

function transportOf(more: string): string | undefined {
  if (/^Flags \[/.test(more)) return 'tcp'
  if (/^UDP\b/.test(more)) return 'udp'
  return /^ICMP6\b/.test(more) ? 'ipv6-icmp' : /^ICMP\b/.test(more) ? 'icmp' : undefined
}

/** `192.0.2.7.22` and `2001:db8::7.22` have a port: what is no address with its last number may be one without it. */
function endOf(text: string) {
  const point = text.lastIndexOf('.')
  const port = toCount(text.slice(point + 1))
  return toIp(text) !== undefined || point < 0 || port === undefined ? toEnd(text) : toEnd(text.slice(0, point), port)
}
