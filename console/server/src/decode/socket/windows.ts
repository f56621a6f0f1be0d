import { type End, toIp } from '../address.ts'
import { countIn, type Row, textIn } from '../row.ts'
import type { State } from './state.ts'

/** States of MSFT_NetTCPConnection by their names (learn.microsoft.com, "MSFT_NetTCPConnection class"). */
const states: Readonly<Record<string, State>> = {
  Closed: 'close',
  Listen: 'listen',
  SynSent: 'syn-sent',
  SynReceived: 'syn-recv',
  Established: 'established',
  FinWait1: 'fin-wait-1',
  FinWait2: 'fin-wait-2',
  CloseWait: 'close-wait',
  Closing: 'closing',
  LastAck: 'last-ack',
  TimeWait: 'time-wait',
  // A connection whose end is being removed, and an address that was only taken.
  DeleteTCB: 'close',
  Bound: 'unconnected',
}
const nowhere = '0.0.0.0'

/** Undefined where the row is none of Get-NetTCPConnection or Get-NetUDPEndpoint. */
export function toWindowsSocket(row: Row) {
  const transport = protocolOf(row.Protocol)
  if (transport === undefined) return undefined
  const local = endOf(textIn(row, 'LocalAddress'), countIn(row, 'LocalPort'))
  const named = textIn(row, 'State') ?? ''
  const state = transport === 'udp' ? 'unconnected' : Object.hasOwn(states, named) ? states[named] : undefined
  const remote =
    transport === 'udp' ? endOf(nowhere, 0) : endOf(textIn(row, 'RemoteAddress'), countIn(row, 'RemotePort'))
  if (local === undefined || remote === undefined || state === undefined) return undefined
  return { local, remote, state, transport, isHeld: countIn(row, 'OwningProcess') !== 0 }
}

function endOf(
  address: string | undefined,
  port: number | undefined,
): (End & { ip: string; port: number }) | undefined {
  // An address of one link has the number of its interface behind it: `fe80::1%12`.
  const ip = address === undefined ? undefined : toIp(address)
  if (address === undefined || ip === undefined || port === undefined || port > 65_535) return undefined
  return { address: ip, ip, port }
}

function protocolOf(value: unknown): 'tcp' | 'udp' | undefined {
  return value === 'tcp' || value === 'udp' ? value : undefined
}
