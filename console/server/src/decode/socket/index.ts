import type { End } from '../address.ts'
import { lines } from '../cut.ts'
import type { DecodeContext, DecodeRecord, Decoder, Event } from '../decoder.ts'
import { unreadable } from '../document.ts'
import { countIn, detectRows, happeningOf, isRow, parseRow, type Row, rowEvent, textIn } from '../row.ts'
import { toText } from '../text.ts'
import { sinceWhen, windowsTime } from '../windows-row.ts'
import { toSocketEnd } from './address.ts'
import { macosUserOf, toMacosSocket } from './macos.ts'
import { isOpen, toState, whatOf } from './state.ts'
import { toWindowsSocket } from './windows.ts'

const dataset = 'socket'

/** Rows of the agent's socket snapshots (/proc/net). */
export const sockets: Decoder = {
  id: 'socket',
  title: 'TCP and UDP sockets, from snapshots of /proc/net, of Get-NetTCPConnection and of lsof on macOS',
  reads: ({ source }) => source === 'socket' || source.startsWith('socket:'),
  detects: (sample) =>
    detectRows(sample, ['local_address', 'rem_address', 'st', 'inode']) ||
    detectRows(sample, ['Protocol', 'LocalAddress', 'LocalPort', 'OwningProcess']) ||
    detectRows(sample, ['protocol', 'type', 'name', 'processes']),
  cut: lines,
  start: (context) => ({ push: (record) => [toEvent(record, context)], end: () => [], state: () => undefined }),
}

const category = ['network'] as const

function toEvent(record: DecodeRecord, context: DecodeContext): Event {
  const text = toText(record.bytes)
  const row = parseRow(text)
  const socket = row && (toWindowsSocket(row) ?? toMacosSocket(row) ?? toSocket(row, record.head.method))
  if (row === undefined || socket === undefined)
    return unreadable(record, dataset, { says: 'The record is no row of a socket.', text })
  const { local, remote, state, transport, isHeld } = socket
  const event = rowEvent(record, { dataset, text }, context)
  const happening = happeningOf(record)
  // A row of Windows says when its connection began: one that changed is told as seen.
  const isOld = sinceWhen(happening, windowsTime(row, 'CreationTime'), context.readAt) === 'change'
  Object.assign(event.event, { category, ...whatOf(isOld ? 'info' : happening, state, isHeld) })
  const kind = local.ip.includes(':') ? 'ipv6' : 'ipv4'
  event.network = { ...(transport !== undefined && { transport }), type: kind }
  addEnds(event, socket)
  event.tidewaiter.state = state
  addOwner(event, row, isHeld)
  event.message = `${transport ?? ''} ${shown(local)} ${isOpen(state) ? '' : `to ${shown(remote)} `}${state}`.trim()
  return event
}

type SocketEnd = NonNullable<ReturnType<typeof toSocketEnd>>

interface Socket {
  local: SocketEnd
  remote: SocketEnd
  state: NonNullable<ReturnType<typeof toState>>
  /** Undefined in a bare file: the rows of tcp and udp look alike. */
  transport: 'tcp' | 'udp' | undefined
  /** A process has it; what is only waited for by the kernel has no inode. */
  isHeld: boolean
}

function toSocket(row: Row, method: string): Socket | undefined {
  const [local, remote] = [
    toSocketEnd(textIn(row, 'local_address') ?? ''),
    toSocketEnd(textIn(row, 'rem_address') ?? ''),
  ]
  const transport = method.startsWith('/proc/net/tcp') ? 'tcp' : method.startsWith('/proc/net/udp') ? 'udp' : undefined
  // Number 7 of a row whose table is not known: TCP shows a socket that is closed to nobody.
  const state = toState(textIn(row, 'st') ?? '', transport ?? 'udp')
  if (local === undefined || remote === undefined || state === undefined) return undefined
  return { local, remote, state, transport, isHeld: textIn(row, 'inode') !== '0' }
}

/** Ports below are given to services; from the second on, Linux gives them to clients (ip_local_port_range). */
const [wellKnown, ephemeral] = [1024, 32_768]

function looksLikeService(port: number, other: number): boolean {
  return (port < wellKnown && other >= wellKnown) || (port < ephemeral && other >= ephemeral)
}

/**
 * /proc/net does not say who opened a connection. The end with the port of a service is the destination; where the
 * ports do not tell, the own end is the source. What waits for peers is a destination.
 */
function addEnds(event: Event, { local, remote, state }: Socket): void {
  const isService = isOpen(state) || looksLikeService(local.port, remote.port)
  if (!isOpen(state)) event[isService ? 'source' : 'destination'] = remote
  event[isService ? 'destination' : 'source'] = local
  event.tidewaiter.own_end = isService ? 'destination' : 'source'
  if (isOpen(state)) return
  const direction = isService ? 'ingress' : looksLikeService(remote.port, local.port) ? 'egress' : undefined
  if (direction !== undefined) event.network = { ...(event.network as object), direction }
}

/** The kernel gives user 0 for what no process holds. */
function addOwner(event: Event, row: Row, isHeld: boolean): void {
  const uid = countIn(row, 'uid')
  if (uid !== undefined && isHeld) event.user = { id: String(uid) }
  const holder = countIn(row, 'OwningProcess')
  // Windows names its idle process, 0, for what no process holds any more.
  if (holder !== undefined && holder > 0) event.process = { pid: holder }
  const user = macosUserOf(row)
  if (user !== undefined) event.user = { id: user }
  if (!Array.isArray(row.processes)) return
  const owners = row.processes.slice(0, mostOwners).flatMap((owner) => ownerOf(owner))
  const [first] = owners
  if (first !== undefined) event.process = first
  if (owners.length > 1) event.tidewaiter.processes = owners
}

const mostOwners = 100

function ownerOf(value: unknown): { pid: number; entity_id?: string; name?: string }[] {
  const pid = isRow(value) ? countIn(value, 'pid') : undefined
  if (!isRow(value) || pid === undefined) return []
  const [ticks, name] = [countIn(value, 'starttime'), textIn(value, 'comm')]
  return [{ pid, ...(ticks !== undefined && { entity_id: `${pid}.${ticks}` }), ...(name !== undefined && { name }) }]
}

function shown({ address, port = 0 }: End): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
