import type { Host } from '../../host.ts'
import type { Collector } from '../collector.ts'
import { type LastingTable, lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { type Shape, tableOfScript } from '../script-rows.ts'
import { addAtJobs } from './at.ts'
import { addCronTables } from './cron.ts'
import { addInitScripts } from './init.ts'
import { addBackgroundItems, addLaunchdJobs, addLoadedJobs, addLoginHooks, addMacosPlaces } from './macos.ts'
import { addPlaces } from './places.ts'
import { addUnits } from './systemd.ts'

/** Rows of Windows. */
const shapes: Readonly<Record<string, Shape>> = {
  service: { named: ['Name'], passing: ['State'] },
  'scheduled-task': { named: ['TaskPath', 'TaskName'], passing: ['State'] },
  'startup-command': { named: ['Location', 'Name', 'User'] },
  'wmi-consumer': { named: ['Class', 'Name'] },
}

export const autoruns: Collector = {
  id: 'autorun',
  resource: 'Operating System files',
  platforms: ['linux', 'win32', 'darwin'],
  ...lastingEvery,
  reads:
    'What a Linux host starts by itself, with what runs, as whom, and the SHA-256, owner, permissions and times of its file: enabled systemd units, timers and drop-ins, crontabs and cron scripts, at jobs, init scripts, rc.local, shell profiles, ld.so.preload, modules to load, install lines of modprobe, programs in udev rules, PAM stacks, hooks of apt, networks and motd, desktop autostart. On Windows services, scheduled tasks, startup commands (run keys and folders), what Winlogon starts, and WMI consumers. On macOS jobs of launchd in /Library and in each home, with the SHA-256 of their program, what launchd has loaded, login hooks, background items, periodic scripts, and what of the above it has.',
  needs: 'To read crontabs and at jobs of accounts, run the agent as root.',
  cannotSee:
    'What lies in homes (profiles, units and autostart of one account), programs that D-Bus starts when they are asked for, values of variables in crontabs other than paths and shells, the initial file system that the boot loader reads, and what was planted and taken away between two passes (6 h). On Windows digests and signatures of what is started, and other places that start programs. On macOS jobs of the system itself in /System, and login items of accounts before macOS 13.',
  provenOn: 'Debian 12, live at every change; Windows and macOS by documentation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    if (host.platform === 'win32') {
      const table = await tableOfScript(host, { script: 'autoruns', shapes }, signal)
      return yield* handOver('autorun', [table], { from, readAt })
    }
    const [units, crontabs, jobs, scripts, places] = [
      newLastingTable('systemd'),
      newLastingTable('cron'),
      newLastingTable('at'),
      newLastingTable('init'),
      newLastingTable('files'),
    ]
    if (host.platform === 'darwin') return yield* handOver('autorun', await macosTables(host, signal), { from, readAt })
    await addUnits(host, units)
    await addCronTables(host, crontabs)
    await addAtJobs(host, jobs)
    await addInitScripts(host, scripts)
    await addPlaces(host, places)
    yield* handOver('autorun', [units, crontabs, jobs, scripts, places], { from, readAt })
  },
}

async function macosTables(host: Host, signal: AbortSignal): Promise<LastingTable[]> {
  const [jobs, loaded, background, crontabs, places] = [
    newLastingTable('launchd.plist'),
    newLastingTable('launchctl'),
    newLastingTable('sfltool dumpbtm'),
    newLastingTable('cron'),
    newLastingTable('files'),
  ]
  await addLaunchdJobs(host, jobs, signal)
  await addLoginHooks(host, jobs, signal)
  await addLoadedJobs(host, loaded, signal)
  await addBackgroundItems(host, background, signal)
  await addCronTables(host, crontabs)
  await addPlaces(host, places)
  await addMacosPlaces(host, places)
  return [jobs, loaded, background, crontabs, places]
}
