import type { Host } from '../../host.ts'
import { addAnswer, linesFrom } from '../answer.ts'
import type { LastingTable } from '../lasting-table.ts'
import { seeFile } from '../system-file.ts'

const answers = [
  ['scutil', '--dns'],
  ['scutil', '--proxy'],
  ['socketfilterfw', '--getglobalstate'],
  ['socketfilterfw', '--getblockall'],
  ['socketfilterfw', '--getstealthmode'],
  ['socketfilterfw', '--listapps'],
  ['pfctl', '-s', 'rules'],
  ['pfctl', '-s', 'nat'],
  ['sharing', '-l'],
]
const mostRoutes = 5_000
const mostFiles = 200

/** Name servers, proxies, rules of both firewalls and shared folders, as the programs of the system say them. */
export async function addNetworkAnswers(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  for (const command of answers) await addAnswer(host, table, { command, signal })
}

/** Name servers of single domains (resolver(5)) and the rules that pf loads (pf.conf(5)). */
export async function addNetworkFiles(host: Host, table: LastingTable): Promise<void> {
  const inFolders: string[] = []
  for (const folder of ['/etc/resolver', '/etc/pf.anchors'])
    inFolders.push(...(await host.list(folder)).sort().map((name) => `${folder}/${name}`))
  for (const path of ['/etc/pf.conf', ...inFolders.slice(0, mostFiles)]) {
    const file = await seeFile(host, path)
    if (file !== undefined) table.add({ kind: 'file', path }, file.about)
  }
  if (inFolders.length > mostFiles) table.add({ kind: 'not-looked' }, { why: `more than ${mostFiles} files` })
}

/** Routes but those that the Mac made for one neighbour or one connection: flags L and W (netstat(1)). */
export async function addMacosRoutes(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  let routes = 0
  for (const line of await linesFrom(host, table, { command: ['netstat', '-rn'], signal })) {
    const [, destination, gateway, flags = '', iface] =
      /^(\S+) +(\S.*?) +([A-Za-z]+) +(\S+)(?: +\S+)?$/.exec(line.trimEnd()) ?? []
    if (destination === undefined || destination === 'Destination' || /[LW]/.test(flags) || !flags.startsWith('U'))
      continue
    if (++routes > mostRoutes) {
      table.add({ kind: 'not-looked', command: 'netstat -rn' }, { why: `more than ${mostRoutes} routes` })
      return
    }
    table.add({ kind: 'macos-route', destination, gateway, iface }, { flags })
  }
}
