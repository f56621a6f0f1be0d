import { toRecord } from '../../chunk.ts'
import type { Collector } from '../collector.ts'
import { handOver, type Row, type Table } from '../pass.ts'
import { type Owners, ownersOf } from './owners.ts'

const sources = ['/proc/net/tcp', '/proc/net/tcp6', '/proc/net/udp', '/proc/net/udp6']
/** About 150 bytes a socket. */
const limit = 64 * 1024 * 1024

export const sockets: Collector = {
  id: 'socket',
  resource: 'Network traffic captures',
  platforms: ['linux'],
  every: 10_000,
  reads:
    'Every TCP and UDP socket from /proc/net with both addresses and its state, and the processes that hold it open.',
  needs:
    'To see the processes of every account, run the agent as root (or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH).',
  cannotSee:
    'A connection that begins and ends between two passes, sockets of containers that have a network of their own, raw and packet sockets, and what is sent.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    const texts = new Map<string, string>()
    for (const method of sources) {
      const text = await host.read(method, limit)
      // A kernel without IPv6 has no tcp6 and udp6.
      if (typeof text !== 'string') texts.set(method, text.toString('latin1'))
    }
    if (texts.size === 0) throw new Error('none of the tables of /proc/net can be read')
    const owners = await ownersOf(host, signal)
    if (signal.aborted) return
    const tables = Array.from(texts, ([method, text]): Table => ({ method, rows: parseSockets(text, owners) }))
    yield* handOver('socket', tables, { from, readAt })
  },
}

/** Rows of one table, hex as the kernel gives it. Queues and timers are left out: they change with every packet. */
function parseSockets(text: string, owners: Owners): Map<string, Row> {
  const rows = new Map<string, Row>()
  for (const line of text.split('\n').slice(1)) {
    const [, local_address, rem_address, st, , , , uid, , inode] = line.trim().split(/ +/)
    if (local_address === undefined || rem_address === undefined || inode === undefined) continue
    const processes = owners.get(inode) ?? []
    const record = toRecord({ local_address, rem_address, st, uid: Number(uid), inode, processes })
    // A connection that no process holds any more has no inode.
    const id = inode === '0' ? `${local_address} ${rem_address}` : inode
    rows.set(id, { record, mark: record.toString('latin1') })
  }
  return rows
}
