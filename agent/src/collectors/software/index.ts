import type { Collector } from '../collector.ts'
import { lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { type Shape, tableOfScript } from '../script-rows.ts'
import { addApkPackages } from './apk.ts'
import { addDpkgPackages } from './dpkg.ts'
import { addApplications, addInstalls, addWaitingUpdates } from './macos.ts'
import { addRpmPackages } from './rpm.ts'
import { addUpdates } from './updates.ts'

/** Rows of Windows. */
const shapes: Readonly<Record<string, Shape>> = {
  program: { named: ['Key'] },
  hotfix: { named: ['HotFixID'] },
  'waiting-update': { named: ['UpdateID'] },
}

export const software: Collector = {
  id: 'software',
  resource: 'Operating System files',
  platforms: ['linux', 'win32', 'darwin'],
  ...lastingEvery,
  reads:
    'Installed packages with version, architecture and when they were installed or last changed: the databases of dpkg and apk, and of rpm as rpm says; updates that wait, as apt-get works them out from the package lists on disk, and how old those lists are. On Windows programs with an entry to uninstall them, hotfixes, and updates that wait as Windows Update knows them. On macOS applications for every account with their versions, what was installed and when, and updates that wait as the Mac last heard of them.',
  needs:
    'Package lists that are fetched regularly: `apt-get update` by a timer. Without them no update is known to wait.',
  cannotSee:
    'Updates that wait where there is no apt, programs that no package brought, snaps, flatpaks, container images, and packages of languages (pip, npm, gem); apk does not say when a package was installed. On Windows programs that one account installed for itself, and Store apps. On macOS applications in homes and elsewhere.',
  provenOn:
    'Debian 12 (dpkg, apt), live at every change; rpm and apk by documentation alone; Windows and macOS by documentation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    if (host.platform === 'win32') {
      const table = await tableOfScript(host, { script: 'software', shapes }, signal)
      return yield* handOver('software', [table], { from, readAt })
    }
    if (host.platform === 'darwin') {
      const [applications, installs, waiting] = [
        newLastingTable('Info.plist'),
        newLastingTable('system_profiler SPInstallHistoryDataType'),
        newLastingTable('com.apple.SoftwareUpdate.plist'),
      ]
      await addApplications(host, applications, signal)
      await addInstalls(host, installs, signal)
      await addWaitingUpdates(host, waiting, signal)
      return yield* handOver('software', [applications, installs, waiting], { from, readAt })
    }
    const [dpkg, apk, rpm, updates] = [
      newLastingTable('dpkg'),
      newLastingTable('apk'),
      newLastingTable('rpm'),
      newLastingTable('apt-get'),
    ]
    await addDpkgPackages(host, dpkg)
    await addApkPackages(host, apk)
    await addRpmPackages(host, rpm, signal)
    if (dpkg.rows.size > 0) await addUpdates(host, updates, signal)
    yield* handOver('software', [dpkg, apk, rpm, updates], { from, readAt })
  },
}
