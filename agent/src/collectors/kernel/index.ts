import type { Collector } from '../collector.ts'
import { lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { addModules } from './modules.ts'
import { addSettings } from './settings.ts'

export const kernel: Collector = {
  id: 'kernel',
  resource: 'Memory information',
  platforms: ['linux'],
  ...lastingEvery,
  reads:
    'Loaded modules from /proc/modules with taint, version and the SHA-256 of their file, and modules that only /sys knows; settings of the kernel that matter for security, its command line and version, lockdown, security modules, Secure Boot, and formats of programs that were registered (binfmt_misc).',
  needs: 'Nothing but to run as root for a few of the settings.',
  cannotSee:
    'A module that hides from both /proc and /sys, code that was put into the kernel without one, programs of BPF, who signed a module (the taint E says that nobody did), and modules that were loaded and unloaded between two passes (6 h).',
  provenOn: 'Debian 12 whose kernel has no modules, live at every change; modules by documentation alone.',

  async *collect(host, _, from) {
    const readAt = host.now()
    const [modules, settings] = [newLastingTable('/proc/modules'), newLastingTable('/proc/sys')]
    await addModules(host, modules)
    addSettings(host, settings)
    yield* handOver('kernel', [modules, settings], { from, readAt })
  },
}
