import { snapshotMs } from '@tidewaiter/protocol'
import { toRecord } from '../../chunk.ts'
import type { Collector } from '../collector.ts'
import { handOver, passNumber, type Row, type Table } from '../pass.ts'
import { macosSockets } from './macos.ts'
import { type Owners, ownersOf } from './owners.ts'
import { windowsSockets } from './windows.ts'

const sources = ['/proc/net/tcp', '/proc/net/tcp6', '/proc/net/udp', '/proc/net/udp6']
/** About 150 bytes a socket. */
const limit = 64 * 1024 * 1024
/** Passes in which the holders of all sockets are looked for again, whatever the tables say: a minute. */
const turns = 6

export const sockets: Collector = {
  id: 'socket',
  resource: 'Network traffic captures',
  platforms: ['linux', 'win32', 'darwin'],
  every: snapshotMs.socket,
  reads:
    'Every TCP and UDP socket with both addresses and its state, and the processes that hold it open; on Linux from /proc/net, on Windows from Get-NetTCPConnection and Get-NetUDPEndpoint. On macOS those that a process holds, from lsof.',
  needs:
    'To see the processes of every account, run the agent as root (or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH).',
  cannotSee:
    'A connection that begins and ends between two passes, sockets of containers that have a network of their own, raw and packet sockets, and what is sent. On macOS a connection that no process holds any more.',
  provenOn: 'Debian 12, live at every change; Windows and macOS by documentation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    if (host.platform === 'win32')
      return yield* handOver('socket', await windowsSockets(host, signal), { from, readAt })
    if (host.platform === 'darwin')
      return yield* handOver('socket', [await macosSockets(host, signal)], { from, readAt })
    const texts = new Map<string, string>()
    for (const method of sources) {
      const text = await host.read(method, limit)
      // A kernel without IPv6 has no tcp6 and udp6.
      if (typeof text !== 'string') texts.set(method, text.toString('latin1'))
    }
    if (texts.size === 0) throw new Error('none of the tables of /proc/net can be read')
    const found = Array.from(texts, ([method, text]) => ({ method, lines: linesOf(text) }))
    const isTurn = from.takeFull() || passNumber(from.position('socket')) % turns === 0
    const isHeldAsBefore = !isTurn && found.every(({ method, lines }) => isHeld(lines, from.before.get(method)))
    const owners = isHeldAsBefore ? undefined : await ownersOf(host, inodesOf(found), signal)
    if (signal.aborted) return
    const tables = found.map(
      ({ method, lines }): Table => ({ method, rows: rowsOf(lines, { owners, before: from.before.get(method) }) }),
    )
    yield* handOver('socket', tables, { from, readAt })
  },
}

interface Socket {
  /** What stays of its line. Queues and timers change with every packet. */
  line: string
  /** That of a connection which no process holds any more is 0. */
  inode: string
}

/** The lines of a table, by the identity of the socket. */
function linesOf(text: string): Map<string, Socket> {
  const lines = new Map<string, Socket>()
  for (const line of text.split('\n').slice(1)) {
    const [, local_address, rem_address, st, , , , uid, , inode] = line.trim().split(/ +/)
    if (local_address === undefined || rem_address === undefined || inode === undefined) continue
    const id = inode === noInode ? `${local_address} ${rem_address}` : inode
    lines.set(id, { line: `${local_address} ${rem_address} ${st} ${uid} ${inode}`, inode })
  }
  return lines
}

const noInode = '0'

function inodesOf(tables: readonly { lines: ReadonlyMap<string, Socket> }[]): Set<string> {
  return new Set(tables.flatMap(({ lines }) => Array.from(lines.values(), ({ inode }) => inode)))
}

/**
 * True where each socket that a process may hold is as it was: then who holds them is looked for once a minute. One that
 * went, or waits for its end without a process, changes nothing for the others.
 */
function isHeld(lines: ReadonlyMap<string, Socket>, before: ReadonlyMap<string, Row> | undefined): boolean {
  for (const [id, { inode, line }] of lines) if (inode !== noInode && before?.get(id)?.glance !== line) return false
  return true
}

/**
 * Rows of one table, hex as the kernel gives it.
 * @param owners undefined where every socket that is held is held as before
 */
function rowsOf(
  lines: ReadonlyMap<string, Socket>,
  { owners, before }: { owners: Owners | undefined; before: ReadonlyMap<string, Row> | undefined },
): Map<string, Row> {
  const rows = new Map<string, Row>()
  for (const [id, socket] of lines) {
    const same = owners === undefined ? before?.get(id) : undefined
    rows.set(id, same?.glance === socket.line ? same : rowOf(socket, owners?.get(socket.inode) ?? []))
  }
  return rows
}

function rowOf({ line, inode }: Socket, processes: readonly unknown[]): Row {
  const [local_address, rem_address, st, uid] = line.split(' ')
  const record = toRecord({ local_address, rem_address, st, uid: Number(uid), inode, processes })
  return { record, mark: record.toString('latin1'), glance: line }
}
