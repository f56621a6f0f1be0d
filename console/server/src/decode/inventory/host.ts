import { toIp } from '../address.ts'
import { isRow, type Row, textIn } from '../row.ts'

/** What a section says in fields of ECS. */
export function hostOf(section: string, value: unknown): Record<string, unknown> | undefined {
  if (section === 'osInfo' && isRow(value)) return systemOf(value)
  if (section === 'networkInterfaces' && Array.isArray(value)) return addressesOf(value.filter(isRow))
  return undefined
}

function systemOf(value: Row): Record<string, unknown> {
  const [name, hostname, architecture] = [textIn(value, 'fqdn'), textIn(value, 'hostname'), textIn(value, 'arch')]
  return {
    ...((hostname ?? name) !== undefined && { name: hostname ?? name }),
    ...(hostname !== undefined && { hostname }),
    ...(architecture !== undefined && { architecture }),
    os: present({
      platform: textIn(value, 'platform'),
      name: textIn(value, 'distro'),
      version: textIn(value, 'release'),
      kernel: textIn(value, 'kernel'),
    }),
  }
}

/** ECS writes the bytes of a MAC address in upper case with dashes. */
function addressesOf(interfaces: readonly Row[]): Record<string, unknown> {
  const ips = interfaces.flatMap((face) => [textIn(face, 'ip4'), textIn(face, 'ip6')])
  const macs = interfaces.flatMap((face) => textIn(face, 'mac') ?? [])
  return {
    ip: [...new Set(ips.flatMap((text) => (text === undefined ? [] : (toIp(text) ?? []))))],
    mac: [...new Set(macs.map((mac) => mac.toUpperCase().replaceAll(':', '-')))],
  }
}

function present(fields: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
