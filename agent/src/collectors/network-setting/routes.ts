import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { readHead } from '../system-file.ts'

/** A router of the internet has a million: the first tell what kind of host it is. */
const most = { bytes: 1024 * 1024, routes: 5_000 }

/** Rows of /proc/net/route and /proc/net/ipv6_route, in the words and digits of the kernel. */
export async function addRoutes(host: Host, table: LastingTable): Promise<void> {
  await addTable(host, table, { path: '/proc/net/route', add: addRoute })
  await addTable(host, table, { path: '/proc/net/ipv6_route', add: addRoute6 })
}

async function addTable(
  host: Host,
  table: LastingTable,
  { path, add }: { path: string; add: (table: LastingTable, fields: string[]) => void },
): Promise<void> {
  const head = await readHead(host, path, most.bytes)
  if ('why' in head) return
  const lines = head.bytes.toString('latin1').split('\n')
  const isCut = head.isCut || lines.length > most.routes
  // The last line of what was cut is none.
  for (const line of lines.slice(0, Math.min(most.routes, lines.length - 1))) add(table, line.trim().split(/\s+/))
  if (isCut) table.add({ kind: 'not-looked', path }, { why: `more than ${most.routes} routes` })
}

/** Addresses are the hexadecimal digits of a number in the byte order of the machine: the least byte first. */
function addRoute(table: LastingTable, fields: string[]): void {
  const [iface = '', destination = '', gateway, flags, , , metric, mask = ''] = fields
  if (!/^[0-9A-F]{8}$/.test(destination) || !/^[0-9A-F]{8}$/.test(mask)) return
  table.add({ kind: 'route', iface, destination, mask, gateway, metric }, { flags })
}

function addRoute6(table: LastingTable, fields: string[]): void {
  const [destination = '', prefix, source, sourcePrefix, gateway, metric, , , flags, iface = ''] = fields
  if (!/^[0-9a-f]{32}$/.test(destination)) return
  table.add({ kind: 'route6', iface, destination, prefix, source, sourcePrefix, gateway, metric }, { flags })
}
