import type { Collector } from '../collector.ts'
import { lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { addAtJobs } from './at.ts'
import { addCronTables } from './cron.ts'
import { addInitScripts } from './init.ts'
import { addPlaces } from './places.ts'
import { addUnits } from './systemd.ts'

export const autoruns: Collector = {
  id: 'autorun',
  resource: 'Operating System files',
  platforms: ['linux'],
  ...lastingEvery,
  reads:
    'What a Linux host starts by itself, with what runs, as whom, and the SHA-256, owner, permissions and times of its file: enabled systemd units, timers and drop-ins, crontabs and cron scripts, at jobs, init scripts, rc.local, shell profiles, ld.so.preload, modules to load, install lines of modprobe, programs in udev rules, PAM stacks, hooks of apt, networks and motd, desktop autostart.',
  needs: 'To read crontabs and at jobs of accounts, run the agent as root.',
  cannotSee:
    'What lies in homes (profiles, units and autostart of one account), programs that D-Bus starts when they are asked for, values of variables in crontabs other than paths and shells, the initial file system that the boot loader reads, and what was planted and taken away between two passes (6 h).',
  provenOn: 'Debian 12, live at every change.',

  async *collect(host, _, from) {
    const readAt = host.now()
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
