import { type End, toIp } from '../address.ts'
import { isRow, type Row, textIn } from '../row.ts'
import type { State } from './state.ts'

/** Names of the states of TCP in lsof(8) of macOS (usr.sbin netstat and lsof print those of netinet/tcp_fsm.h). */
const states: Readonly<Record<string, State>> = {
  CLOSED: 'close',
  LISTEN: 'listen',
  SYN_SENT: 'syn-sent',
  SYN_RCVD: 'syn-recv',
  SYN_RECEIVED: 'syn-recv',
  ESTABLISHED: 'established',
  CLOSE_WAIT: 'close-wait',
  FIN_WAIT_1: 'fin-wait-1',
  FIN_WAIT1: 'fin-wait-1',
  CLOSING: 'closing',
  LAST_ACK: 'last-ack',
  FIN_WAIT_2: 'fin-wait-2',
  FIN_WAIT2: 'fin-wait-2',
  TIME_WAIT: 'time-wait',
}

type SocketEnd = End & { ip: string; port: number }

/** A row of lsof(8): `*:22`, `[::1]:631`, `192.0.2.7:50111->198.51.100.9:443`. Undefined for any other row. */
export function toMacosSocket(row: Row) {
  const [protocol, type, name] = [textIn(row, 'protocol'), textIn(row, 'type'), textIn(row, 'name')]
  if (name === undefined || (protocol !== 'TCP' && protocol !== 'UDP')) return undefined
  const any = type === 'IPv6' ? '::' : '0.0.0.0'
  const [own = '', peer, ...rest] = name.split('->')
  const [local, remote] = [endOf(own, any), peer === undefined ? { address: any, ip: any, port: 0 } : endOf(peer, any)]
  if (local === undefined || remote === undefined || rest.length > 0) return undefined
  const state = stateOf(protocol, textIn(row, 'state') ?? '', peer !== undefined)
  const transport = protocol === 'TCP' ? ('tcp' as const) : ('udp' as const)
  return { local, remote, state, transport, isHeld: true }
}

/** Of a TCP socket that says none it is not known whether it waits: it was only made. */
function stateOf(protocol: 'TCP' | 'UDP', named: string, hasPeer: boolean): State {
  if (protocol === 'UDP') return hasPeer ? 'established' : 'unconnected'
  return (Object.hasOwn(states, named) ? states[named] : undefined) ?? 'close'
}

function endOf(text: string, any: string): SocketEnd | undefined {
  const [, six, four, port] = /^(?:\[([^\]]{1,100})\]|([^:]{1,100})):(\d{1,5}|\*)$/.exec(text) ?? []
  const named = six ?? four
  if (named === undefined) return undefined
  const ip = named === '*' ? any : toIp(named)
  const number = port === '*' ? 0 : Number(port)
  return ip === undefined || number > 65_535 ? undefined : { address: ip, ip, port: number }
}

/** The account of the first who holds it. */
export function macosUserOf(row: Row): string | undefined {
  const [first] = Array.isArray(row.processes) ? row.processes : []
  return isRow(first) && Number.isSafeInteger(first.uid) ? `${first.uid}` : undefined
}
