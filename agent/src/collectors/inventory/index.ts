import { snapshotMs } from '@tidewaiter/protocol'
import { toRecord } from '../../chunk.ts'
import type { Collector } from '../collector.ts'
import { handOver, type Table } from '../pass.ts'

export const inventory: Collector = {
  id: 'inventory',
  resource: 'Operating System files',
  platforms: ['linux', 'darwin'],
  every: snapshotMs.inventory,
  reads:
    'The machine itself through systeminformation: maker, model and serial numbers, firmware, processor, memory, disks, file systems, operating system, network interfaces.',
  needs: 'Serial numbers and firmware: run as root, with dmidecode and lsblk installed.',
  cannotSee:
    'A device that is plugged in and taken out between two passes (6 h), and anything about the people who use the machine.',
  provenOn: 'Debian 12, live at every change; macOS by documentation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    const tables: Table[] = []
    for await (const { method, section, value } of host.inventory(signal)) {
      const record = toRecord({ section, value })
      tables.push({ method, rows: new Map([[section, { record, mark: record.toString('latin1') }]]) })
    }
    yield* handOver('inventory', tables, { from, readAt })
  },
}
