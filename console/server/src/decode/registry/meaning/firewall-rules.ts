import type { Key } from '../key.ts'
import type { Value } from '../value.ts'
import { controlSet, type Fact, type Meaning } from './meaning.ts'

const policy = 'SharedAccess\\Parameters\\FirewallPolicy'

/** IANA's numbers of protocols that rules name most. */
const transports: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'ipv6-icmp'],
])

/** What Windows Firewall lets through: `v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|…` ([MS-FASP] 2.2.19). */
export const firewallRules: readonly Meaning[] = [
  {
    paths: [`Services\\${policy}\\FirewallRules`, `Services\\${policy}\\RestrictedServices\\*\\*`].map(controlSet),
    read: (key) => key.values.flatMap((value) => ruleOf(key, value)),
  },
]

function ruleOf(key: Key, value: Value): Fact[] {
  const content = key.textOf(value)
  if (content === undefined || !/^v\d/.test(content)) return []
  const part = (name: string) => partOf(content, name)
  const [action = '', direction = '', name = value.name] = [part('Action'), part('Dir'), part('Name')]
  const path = part('App')
  const transport = transports.get(part('Protocol') ?? '')
  const isActive = part('Active')?.toLowerCase() === 'true'
  return [
    {
      of: 'entry',
      action: 'firewall-rule-found',
      says: `Windows Firewall ${isActive ? 'has' : 'has, switched off,'} rule ${name}: ${action} ${direction}`,
      category: ['configuration', 'network'],
      value: value.name,
      data: [content.slice(0, 1024)],
      fields: {
        rule: { name },
        ...(path !== undefined && path !== 'System' && { file: { path } }),
        network: {
          ...(transport !== undefined && { transport }),
          direction: direction.toLowerCase() === 'in' ? 'ingress' : 'egress',
        },
      },
      more: {
        firewall_rule: {
          action: action.toLowerCase(),
          is_active: isActive,
          local_ports: part('LPort'),
          remote_ports: part('RPort'),
          remote_addresses: part('RA4'),
          service: part('Svc'),
        },
      },
    },
  ]
}

function partOf(content: string, name: string): string | undefined {
  const from = content.indexOf(`|${name}=`)
  if (from < 0) return undefined
  const begin = from + name.length + 2
  const end = content.indexOf('|', begin)
  return content.slice(begin, end < 0 ? content.length : end) || undefined
}
