import type { Socket } from 'node:net'
import type { Bounds } from './bounds.ts'
import { addressKey, openRates } from './rates.ts'

type Peer = Pick<Socket, 'remoteAddress' | 'remotePort' | 'once'>

/** Connections that no host stands for yet: few at a time, and not too often from one address, since each costs a handshake. */
export interface Strangers {
  /** False for one too many. */
  greet(socket: Peer): boolean
  /** A host stands for it now. The TLS socket of a connection has the same ends as the one that was greeted. */
  admit(socket: Peer): void
}

export function openStrangers({
  strangers,
  strangersOfAddress,
}: Pick<Bounds, 'strangers' | 'strangersOfAddress'>): Strangers {
  const rates = openRates({ burst: 600, perSecond: 50 })
  const greeted = new Map<string, Set<string>>()
  let count = 0
  const leave = ({ remoteAddress = '', remotePort = 0 }: Pick<Peer, 'remoteAddress' | 'remotePort'>) => {
    const key = addressKey(remoteAddress)
    const own = greeted.get(key)
    if (own?.delete(`${remoteAddress} ${remotePort}`) !== true) return
    count -= 1
    if (own.size === 0) greeted.delete(key)
  }
  return {
    greet(socket) {
      const { remoteAddress, remotePort } = socket
      // Gone before we looked.
      if (remoteAddress === undefined || remotePort === undefined) return false
      const key = addressKey(remoteAddress)
      const own = greeted.get(key) ?? new Set()
      if (count >= strangers || own.size >= strangersOfAddress || !rates.take(key)) return false
      greeted.set(key, own.add(`${remoteAddress} ${remotePort}`))
      count += 1
      // A closed socket does not say any more where it came from.
      socket.once('close', () => leave({ remoteAddress, remotePort }))
      return true
    },
    admit: leave,
  }
}
