import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { refuse } from '../error.ts'
import type { Clock } from '../host.ts'
import { withDeadline } from './deadline.ts'
import { placeOf } from './tls.ts'

const connectMs = 10_000
const handshakeMs = 10_000

/** A TCP connection. Rejects with `not-reached` in time, else with what the system says. */
export function dialTcp(address: string, clock: Clock): Promise<Socket> {
  const { host, port } = placeOf(address)
  const late = refuse(
    'not-reached',
    `Nothing answers at ${host} port ${port} within ${connectMs / 1000} s. Check that the console runs and that no firewall is between.`,
  )
  return ready(connect({ host, port }), 'connect', { clock, ms: connectMs, late })
}

/** A TLS connection, over `tcp` where there is one already. Rejects with `tls-broken` in time, else with what TLS says. */
export async function dialTls(
  address: string,
  { options, tcp }: { options: ConnectionOptions; tcp?: Socket },
  clock: Clock,
): Promise<TLSSocket> {
  const { host, port } = placeOf(address)
  const late = refuse(
    'tls-broken',
    `${host} port ${port} takes connections, but does not speak TLS (silent for ${handshakeMs / 1000} s). Check the port.`,
  )
  const socket = tcp ?? (await dialTcp(address, clock))
  return ready(connectTls({ ...options, socket }), 'secureConnect', { clock, ms: handshakeMs, late })
}

async function ready<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  { clock, ms, late }: { clock: Clock; ms: number; late: Error },
): Promise<S> {
  // For what happens after: whoever uses the connection sees it close.
  socket.on('error', () => {})
  await withDeadline(clock, ms, async (signal) => {
    signal.addEventListener('abort', () => socket.destroy(late), { once: true })
    await once(socket, event)
  })
  return socket
}
