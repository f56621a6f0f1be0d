import { snapshotMs } from '@tidewaiter/protocol'
import type { Collector } from '../collector.ts'
import { type LastingTable, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'

export const inventory: Collector = {
  id: 'inventory',
  resource: 'Operating System files',
  platforms: ['linux', 'win32', 'darwin'],
  every: snapshotMs.inventory,
  reads:
    'The machine itself through systeminformation: maker, model and serial numbers, firmware, processor, memory, disks, file systems, operating system, network interfaces.',
  needs:
    'Serial numbers and firmware: run as root, with dmidecode and lsblk installed; on Windows as the system, with PowerShell.',
  cannotSee:
    'A device that is plugged in and taken out between two passes (6 h), and anything about the people who use the machine.',
  provenOn: 'Debian 12, live at every change; Windows and macOS by the documentation of systeminformation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    const tables: LastingTable[] = []
    for await (const { method, section, value } of host.inventory(signal)) {
      const table = newLastingTable(method)
      table.add({ section }, { value })
      tables.push(table)
    }
    yield* handOver('inventory', tables, { from, readAt })
  },
}
