import type { Host } from '../../host.ts'
import { linesFrom } from '../answer.ts'
import type { LastingTable } from '../lasting-table.ts'
import { isProperties, type Properties, parse, plain, readProperties, readProperty } from '../property-list.ts'

const folders = ['/Applications', '/Applications/Utilities']
const mostApplications = 1_000
const updates = '/Library/Preferences/com.apple.SoftwareUpdate.plist'
const versions = ['CFBundleIdentifier', 'CFBundleName', 'CFBundleShortVersionString', 'CFBundleVersion']

/** Programs for every account, by what their bundles say of themselves. */
export async function addApplications(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  let looked = 0
  for (const folder of folders)
    for (const name of (await host.list(folder)).filter((each) => each.endsWith('.app')).sort()) {
      if (signal.aborted) return
      if (++looked > mostApplications) {
        table.add({ kind: 'not-looked', path: folder }, { why: `more than ${mostApplications} applications` })
        return
      }
      const path = `${folder}/${name}`
      const found = await readProperties(host, `${path}/Contents/Info.plist`, signal)
      table.add({ kind: 'application', path }, 'why' in found ? found : pick(found.properties, versions))
    }
}

/** What the installer and the App Store brought, and when: /Library/Receipts/InstallHistory.plist, as system_profiler(8) tells it. */
export async function addInstalls(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  const command = ['system_profiler', 'SPInstallHistoryDataType', '-json']
  const root = parse((await linesFrom(host, table, { command, signal })).join('\n'))
  const list = isProperties(root) ? root.SPInstallHistoryDataType : undefined
  for (const each of Array.isArray(list) ? list.filter(isProperties) : [])
    table.add({ kind: 'install', ...pick(each, ['_name', 'install_version', 'install_date', 'package_source']) })
}

/** Updates that wait, as the Mac found them when it last asked by itself: nobody is asked now. */
export async function addWaitingUpdates(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  const list = parse((await readProperty(host, { path: updates, key: 'RecommendedUpdates', as: 'json' }, signal)) ?? '')
  for (const each of Array.isArray(list) ? list.filter(isProperties) : [])
    table.add(
      { kind: 'update', manager: 'softwareupdate', name: plain(each['Display Name']) ?? plain(each.Identifier) },
      { candidate: plain(each['Display Version']), origin: plain(each['Product Key']) },
    )
  const date = await readProperty(host, { path: updates, key: 'LastSuccessfulDate', as: 'xml1' }, signal)
  const [, asked] = /<date>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)<\/date>/.exec(date ?? '') ?? []
  table.add({ kind: 'update-check', manager: 'softwareupdate' }, asked === undefined ? {} : { asked })
}

function pick(properties: Properties, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, plain(properties[name])]))
}
