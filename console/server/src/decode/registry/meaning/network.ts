import { readFields } from '../fields.ts'
import type { Key } from '../key.ts'
import { controlSet, type Fact, type Meaning } from './meaning.ts'

const list = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\NetworkList'
/** Kinds of network (`NameType`), as IANA numbers kinds of interface. */
const kinds: ReadonlyMap<number, string> = new Map([
  [6, 'wired'],
  [23, 'VPN'],
  [71, 'wireless'],
  [243, 'mobile'],
])
const categories: readonly string[] = ['public', 'private', 'domain']

/** Addresses that interfaces had, and networks that the host was in. */
export const network: readonly Meaning[] = [
  { paths: [controlSet('Services\\Tcpip\\Parameters\\Interfaces\\*')], read: interfaceOf },
  { paths: [`${list}\\Profiles\\*`], read: profileOf },
  { paths: [`${list}\\Signatures\\*\\*`], read: signatureOf },
  { paths: [controlSet('Services\\LanmanServer\\Shares')], read: sharesOf },
]

function interfaceOf(key: Key): Fact[] {
  const strings = (name: string) => key.values.filter((value) => value.name === name).flatMap(key.stringsOf)
  const ip = [...strings('DhcpIPAddress'), ...strings('IPAddress')].filter((text) => text !== '0.0.0.0' && text !== '')
  if (ip.length === 0) return []
  const leased = key.number('LeaseObtainedTime')
  const fact: Fact = {
    of: 'entry',
    action: 'address-found',
    says: `Interface ${key.name} had ${ip.join(', ')}`,
    category: ['network'],
    fields: { host: { ip } },
    more: {
      interface: {
        id: key.name,
        dhcp_server: key.text('DhcpServer'),
        gateway: [...strings('DhcpDefaultGateway'), ...strings('DefaultGateway')],
        name_servers: [key.text('DhcpNameServer'), key.text('NameServer')].filter((text) => text !== undefined),
        domain: key.text('DhcpDomain') ?? key.text('Domain'),
      },
    },
  }
  if (leased === undefined || leased === 0) return [fact]
  return [{ ...fact, at: { time: new Date(leased * 1000).toISOString(), is: 'address leased' } }]
}

function profileOf(key: Key): Fact[] {
  const name = key.text('ProfileName')
  if (name === undefined) return []
  const kind = kinds.get(key.number('NameType') ?? 0)
  return [
    {
      of: 'key',
      action: 'network-found',
      says: `The host was in network ${name}${kind === undefined ? '' : ` (${kind})`}`,
      category: ['network'],
      fields: { network: { name } },
      more: {
        network: {
          kind,
          category: categories[key.number('Category') ?? -1],
          // Local times without a zone.
          first_connected: localTime(key.bytes('DateCreated')),
          last_connected: localTime(key.bytes('DateLastConnected')),
        },
      },
    },
  ]
}

function signatureOf(key: Key): Fact[] {
  const gateway = key.bytes('DefaultGatewayMac')
  const name = key.text('FirstNetwork') ?? key.text('Description')
  if (name === undefined) return []
  const mac = gateway?.length === 6 ? gateway.toString('hex').toUpperCase().match(/../g)?.join('-') : undefined
  return [
    {
      of: 'key',
      action: 'network-found',
      says: `Network ${name}${mac === undefined ? '' : ` has the gateway ${mac}`}`,
      category: ['network'],
      fields: { network: { name } },
      more: { network: { gateway: mac, domain: key.text('DnsSuffix'), profile: key.text('ProfileGuid') } },
    },
  ]
}

/** Lists of `name=value`: `Path=C:\data`, `Permissions=0`. */
function sharesOf(key: Key): Fact[] {
  return key.values.flatMap((value): Fact[] => {
    const parts = key.stringsOf(value)
    const path = parts.find((part) => part.startsWith('Path='))?.slice(5)
    if (path === undefined) return []
    return [
      {
        of: 'entry',
        action: 'share-offered',
        says: `${path} is shared as ${value.name}`,
        value: value.name,
        data: parts,
        fields: { file: { path } },
        more: { share: value.name },
      },
    ]
  })
}

/** SYSTEMTIME: year, month, day of the week, day, hour, minute, second, milliseconds. */
function localTime(data: Buffer | undefined): string | undefined {
  return readFields(data, (fields) => {
    const [year, month, , day, hour, minute, second] = [0, 2, 4, 6, 8, 10, 12].map((at) =>
      String(fields.u16(at)).padStart(2, '0'),
    )
    return `${year}-${month}-${day}T${hour}:${minute}:${second}`
  })
}
