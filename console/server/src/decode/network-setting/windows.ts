import { toIp } from '../address.ts'
import { type Row, textIn } from '../row.ts'
import { type Kind, textsIn } from '../system-row.ts'
import { propertiesKind } from '../windows-property.ts'
import { windowsUser } from '../windows-row.ts'

/** Rows of the network of a Windows host. */
export const windowsNetwork: Readonly<Record<string, Kind>> = {
  'dns-server': propertiesKind(['InterfaceAlias', 'AddressFamily'], (row) => ipsOf(textsIn(row, 'ServerAddresses'))),
  'windows-route': propertiesKind(['DestinationPrefix', 'NextHop', 'InterfaceAlias']),
  'firewall-profile': propertiesKind(['Name']),
  'firewall-rules': propertiesKind(['Name']),
  share: propertiesKind(['Name']),
  'smb-session': propertiesKind(['SessionId'], sessionOf),
  'dns-cache': propertiesKind(['Entry', 'Type', 'Data'], answerOf),
}

function ipsOf(texts: readonly string[]): object {
  const ip = texts.flatMap((text) => toIp(text) ?? [])
  return ip.length > 0 ? { related: { ip } } : {}
}

function sessionOf(row: Row): object {
  const ip = toIp(textIn(row, 'ClientComputerName')?.replaceAll(/^\[|\]$/g, '') ?? '')
  const user = windowsUser(textIn(row, 'ClientUserName'))
  return { ...(ip !== undefined && { source: { ip, address: ip } }), ...(user && { user }) }
}

function answerOf(row: Row): object {
  const name = textIn(row, 'Entry')
  const ip = toIp(textIn(row, 'Data') ?? '')
  return {
    ...(name !== undefined && { dns: { question: { name }, ...(ip !== undefined && { resolved_ip: [ip] }) } }),
    ...(ip !== undefined && { related: { ip: [ip] } }),
  }
}
