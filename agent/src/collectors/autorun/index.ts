import type { Collector } from '../collector.ts'
import { lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { type Shape, tableOfScript } from '../script-rows.ts'
import { addAtJobs } from './at.ts'
import { addCronTables } from './cron.ts'
import { addInitScripts } from './init.ts'
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
  platforms: ['linux', 'win32'],
  ...lastingEvery,
  reads:
    'What a Linux host starts by itself, with what runs, as whom, and the SHA-256, owner, permissions and times of its file: enabled systemd units, timers and drop-ins, crontabs and cron scripts, at jobs, init scripts, rc.local, shell profiles, ld.so.preload, modules to load, install lines of modprobe, programs in udev rules, PAM stacks, hooks of apt, networks and motd, desktop autostart. On Windows services, scheduled tasks, startup commands (run keys and folders), what Winlogon starts, and WMI consumers.',
  needs: 'To read crontabs and at jobs of accounts, run the agent as root.',
  cannotSee:
    'What lies in homes (profiles, units and autostart of one account), programs that D-Bus starts when they are asked for, values of variables in crontabs other than paths and shells, the initial file system that the boot loader reads, and what was planted and taken away between two passes (6 h). On Windows digests and signatures of what is started, and other places that start programs.',
  provenOn: 'Debian 12, live at every change; Windows by documentation alone.',

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
    await addUnits(host, units)
    await addCronTables(host, crontabs)
    await addAtJobs(host, jobs)
    await addInitScripts(host, scripts)
    await addPlaces(host, places)
    yield* handOver('autorun', [units, crontabs, jobs, scripts, places], { from, readAt })
  },
}
