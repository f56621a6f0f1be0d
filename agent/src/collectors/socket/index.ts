import { toRecord } from '../../chunk.ts'
import type { Collector } from '../collector.ts'
import { handOver, passNumber, type Row, type Table } from '../pass.ts'
import { type Owners, ownersOf } from './owners.ts'

const sources = ['/proc/net/tcp', '/proc/net/tcp6', '/proc/net/udp', '/proc/net/udp6']
/** About 150 bytes a socket. */
const limit = 64 * 1024 * 1024
/** Passes in which the holders of all sockets are looked for again, whatever the tables say: a minute. */
const turns = 6

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
    const found = Array.from(texts, ([method, text]) => ({ method, lines: linesOf(text) }))
    const isTurn = passNumber(from.position('socket')) % turns === 0
    const isSame =
      !isTurn && !from.takeFull() && found.every(({ method, lines }) => isAsBefore(lines, from.before.get(method)))
    const owners = isSame ? undefined : await ownersOf(host, signal)
    if (signal.aborted) return
    const tables = found.map(
      ({ method, lines }): Table => ({
        method,
        rows: owners === undefined ? (from.before.get(method) ?? new Map()) : rowsOf(lines, owners),
      }),
    )
    yield* handOver('socket', tables, { from, readAt })
  },
}

/** What stays of the lines of a table, by the identity of the socket. Queues and timers change with every packet. */
function linesOf(text: string): Map<string, string> {
  const lines = new Map<string, string>()
  for (const line of text.split('\n').slice(1)) {
    const [, local_address, rem_address, st, , , , uid, , inode] = line.trim().split(/ +/)
    if (local_address === undefined || rem_address === undefined || inode === undefined) continue
    // A connection that no process holds any more has no inode.
    const id = inode === '0' ? `${local_address} ${rem_address}` : inode
    lines.set(id, `${local_address} ${rem_address} ${st} ${uid} ${inode}`)
  }
  return lines
}

/** Where no socket came, went or changed its state, who holds them is looked for once a minute. */
function isAsBefore(lines: ReadonlyMap<string, string>, before: ReadonlyMap<string, Row> | undefined): boolean {
  if (lines.size !== before?.size) return false
  for (const [id, line] of lines) if (before.get(id)?.glance !== line) return false
  return true
}

/** Rows of one table, hex as the kernel gives it. */
function rowsOf(lines: ReadonlyMap<string, string>, owners: Owners): Map<string, Row> {
  const rows = new Map<string, Row>()
  for (const [id, line] of lines) {
    const [local_address = '', rem_address = '', st = '', uid, inode = ''] = line.split(' ')
    const processes = owners.get(inode) ?? []
    const record = toRecord({ local_address, rem_address, st, uid: Number(uid), inode, processes })
    rows.set(id, { record, mark: record.toString('latin1'), glance: line })
  }
  return rows
}
