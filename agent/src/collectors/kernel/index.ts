import type { Collector } from '../collector.ts'
import { lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { type Shape, tableOfScript } from '../script-rows.ts'
import { addKernelExtensions, addMacosSettings, addSystemExtensions } from './macos.ts'
import { addModules } from './modules.ts'
import { addSettings } from './settings.ts'

/** Rows of Windows. */
const shapes: Readonly<Record<string, Shape>> = { driver: { named: ['Name'] } }

export const kernel: Collector = {
  id: 'kernel',
  resource: 'Memory information',
  platforms: ['linux', 'win32', 'darwin'],
  ...lastingEvery,
  reads:
    'Loaded modules from /proc/modules with taint, version and the SHA-256 of their file, and modules that only /sys knows; settings of the kernel that matter for security, its command line and version, lockdown, security modules, Secure Boot, and formats of programs that were registered (binfmt_misc). On Windows drivers with file, start and state. On macOS loaded kernel extensions, system extensions, version and boot arguments.',
  needs: 'Nothing but to run as root for a few of the settings.',
  cannotSee:
    'A module that hides from both /proc and /sys, code that was put into the kernel without one, programs of BPF, who signed a module (the taint E says that nobody did), and modules that were loaded and unloaded between two passes (6 h). On Windows the signature and digest of a driver, and one that hides from the service manager.',
  provenOn:
    'Debian 12 whose kernel has no modules, live at every change; modules by documentation alone; Windows and macOS by documentation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    if (host.platform === 'win32') {
      const table = await tableOfScript(host, { script: 'drivers', shapes }, signal)
      return yield* handOver('kernel', [table], { from, readAt })
    }
    if (host.platform === 'darwin') {
      const [kexts, extensions, values] = [
        newLastingTable('kextstat'),
        newLastingTable('systemextensionsctl'),
        newLastingTable('sysctl'),
      ]
      await addKernelExtensions(host, kexts, signal)
      await addSystemExtensions(host, extensions, signal)
      await addMacosSettings(host, values, signal)
      return yield* handOver('kernel', [kexts, extensions, values], { from, readAt })
    }
    const [modules, settings] = [newLastingTable('/proc/modules'), newLastingTable('/proc/sys')]
    await addModules(host, modules)
    addSettings(host, settings)
    yield* handOver('kernel', [modules, settings], { from, readAt })
  },
}
