import { toIp } from '../address.ts'
import type { Decoder } from '../decoder.ts'
import { countIn, defined, type Row, textIn } from '../row.ts'
import { fileOf, type Kind, notHashed, type Said, systemDecoder, textsIn } from '../system-row.ts'
import { macosNetwork } from './macos.ts'
import { windowsNetwork } from './windows.ts'

const line: Kind = { category: 'configuration', say: sayLine }
const route: Kind = { category: 'configuration', say: sayRoute }

/** Rows of the agent's snapshots of how a host finds names and ways, and what its firewall lets through. */
export const networkSettings: Decoder = systemDecoder({
  id: 'network-setting',
  title: 'Resolver, hosts, routes and firewall rules of a host',
  kinds: {
    ...windowsNetwork,
    ...macosNetwork,
    resolver: line,
    'host-name': line,
    'access-rule': line,
    route,
    route6: route,
    'firewall-tables': { category: 'configuration', say: sayTables },
    firewall: { category: 'configuration', say: sayFirewall },
  },
})

function sayLine(row: Row): Said | undefined {
  const text = textIn(row, 'text')
  if (text === undefined) return undefined
  const file = fileOf(row)
  const { addresses, names } = named(textIn(row, 'kind'), text)
  return {
    message: text,
    fields: {
      ...(file && { file }),
      ...(addresses.length > 0 && { related: defined({ ip: addresses, hosts: names.length > 0 ? names : undefined }) }),
    },
    more: defined({ line: countIn(row, 'line') }) ?? {},
  }
}

/** `nameserver 192.0.2.53`, `203.0.113.9 name other` (resolv.conf(5), hosts(5)). */
function named(kind: string | undefined, text: string): { addresses: string[]; names: string[] } {
  const [first = '', ...rest] = text.split('#', 1)[0]?.trim().split(/\s+/) ?? []
  if (kind === 'resolver' && first !== 'nameserver') return { addresses: [], names: [] }
  const address = toIp(kind === 'resolver' ? (rest[0] ?? '') : first)
  return { addresses: address === undefined ? [] : [address], names: kind === 'host-name' ? rest.slice(0, 100) : [] }
}

/** Flags of a route (linux/route.h): it leads to a gateway, it refuses. */
const flags = { gateway: 0x2, reject: 0x200 }

function sayRoute(row: Row): Said | undefined {
  const isSix = textIn(row, 'kind') === 'route6'
  const toText = isSix ? sixOf : fourOf
  const [to, length] = [toText(textIn(row, 'destination')), lengthOf(row, isSix)]
  if (to === undefined || length === undefined) return undefined
  const set = Number.parseInt(textIn(row, 'flags') ?? '0', 16)
  const by = (set & flags.gateway) === 0 ? undefined : toText(textIn(row, 'gateway'))
  const iface = textIn(row, 'iface')
  const metric = Number.parseInt(textIn(row, 'metric') ?? '', isSix ? 16 : 10)
  return {
    message: [
      `${to}/${length}`,
      ...(by === undefined ? [] : ['via', by]),
      ...(iface === undefined ? [] : ['dev', iface]),
    ].join(' '),
    more: {
      route: defined({
        to: `${to}/${length}`,
        gateway: by,
        interface: iface,
        metric: Number.isNaN(metric) ? undefined : metric,
        refuses: (set & flags.reject) === 0 ? undefined : true,
      }),
    },
  }
}

function lengthOf(row: Row, isSix: boolean): number | undefined {
  const text = textIn(row, isSix ? 'prefix' : 'mask') ?? ''
  if (!/^[0-9A-Fa-f]{2}(?:[0-9A-Fa-f]{6})?$/.test(text)) return undefined
  const value = Number.parseInt(text, 16)
  return isSix ? value : value.toString(2).replaceAll('0', '').length
}

/** The least byte first, as on every machine that agents are made for. */
function fourOf(hex: string | undefined): string | undefined {
  if (hex === undefined || !/^[0-9A-Fa-f]{8}$/.test(hex)) return undefined
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.')
}

function sixOf(hex: string | undefined): string | undefined {
  if (hex === undefined || !/^[0-9A-Fa-f]{32}$/.test(hex)) return undefined
  return toIp(hex.replaceAll(/(.{4})(?!$)/g, '$1:'))
}

function sayTables(row: Row): Said | undefined {
  const command = textIn(row, 'command')
  if (command === undefined) return undefined
  const tables = textsIn(row, 'tables')
  return { message: `${command}: ${tables.join(', ') || 'no rules'}`, more: { firewall: { command, tables } } }
}

function sayFirewall(row: Row): Said | undefined {
  const [command, table, text] = [textIn(row, 'command'), textIn(row, 'table'), textIn(row, 'text')]
  if (command === undefined || table === undefined) return undefined
  return {
    message: `${command} ${table}${text === undefined ? '' : `: ${text}`}`,
    more: { firewall: defined({ command, table, rules: text, sha256: textIn(row, 'sha256') }), ...notHashed(row) },
  }
}
