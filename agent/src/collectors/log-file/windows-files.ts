import { win32 } from 'node:path'
import type { Host } from '../../host.ts'

/** Logs of Windows that are files, where its own services write them unless they are told otherwise. */
const system = 'C:\\Windows\\System32'
export const windowsFiles: readonly string[] = [
  `${system}\\LogFiles\\Firewall\\pfirewall.log`,
  ...['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].flatMap((day) => [
    // A week of files that are written anew, named by the day (learn.microsoft.com, "DHCP audit logging").
    `${system}\\dhcp\\DhcpSrvLog-${day}.log`,
    `${system}\\dhcp\\DhcpV6SrvLog-${day}.log`,
  ]),
]

/** A folder for each site of IIS (learn.microsoft.com, "Managing IIS log file storage"), and one of what HTTP.sys refuses. */
const sites = 'C:\\inetpub\\logs\\LogFiles'
const mostSites = 200

export async function windowsFolders(host: Pick<Host, 'list'>): Promise<string[]> {
  const names = (await host.list(sites)).filter((name) => /^(W3SVC|FTPSVC)\d{1,10}$/i.test(name))
  return [...names.slice(0, mostSites).map((name) => win32.join(sites, name)), `${system}\\LogFiles\\HTTPERR`]
}
