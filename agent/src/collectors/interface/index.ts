import { snapshotMs } from '@tidewaiter/protocol'
import { toRecord } from '../../chunk.ts'
import type { Collector } from '../collector.ts'
import { handOver, type Row } from '../pass.ts'
import { macosInterfaces } from './macos.ts'

/** Columns of /proc/net/dev after the name, in the kernel's order (net/core/net-procfs.c). */
const columns = [
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'frame', 'compressed', 'multicast'].map((name) => `rx_${name}`),
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'colls', 'carrier', 'compressed'].map((name) => `tx_${name}`),
]
const limit = 4 * 1024 * 1024

export const interfaces: Collector = {
  id: 'interface',
  resource: 'Network traffic captures',
  platforms: ['linux', 'darwin'],
  every: snapshotMs.interface,
  reads:
    'The counters of every network interface from /proc/net/dev, on macOS from netstat: bytes, packets and errors in both directions.',
  needs: 'Nothing to be switched on.',
  cannotSee: 'Whom the bytes went to or came from, and interfaces of containers that have a network of their own.',
  provenOn: 'Debian 12, live at every change; macOS by documentation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    if (host.platform === 'darwin')
      return yield* handOver('interface', [await macosInterfaces(host, signal)], { from, readAt })
    const text = await host.read('/proc/net/dev', limit)
    if (typeof text === 'string') throw new Error(`/proc/net/dev cannot be read: ${text}`)
    const rows = parseDev(text.toString('latin1'))
    yield* handOver('interface', [{ method: '/proc/net/dev', rows }], { from, readAt })
  },
}

/** Rows by interface. Counters grow with every packet: the next pass ships every interface that was used. */
function parseDev(text: string): Map<string, Row> {
  const rows = new Map<string, Row>()
  for (const line of text.split('\n').slice(2)) {
    const end = line.lastIndexOf(':')
    const values = line
      .slice(end + 1)
      .trim()
      .split(/ +/)
    if (end < 0 || values.length < columns.length) continue
    const face = line.slice(0, end).trim()
    const counters = columns.map((name, i) => [name, Number(values[i])] as const)
    rows.set(face, { record: toRecord({ face, ...Object.fromEntries(counters) }), mark: values.join(' ') })
  }
  return rows
}
