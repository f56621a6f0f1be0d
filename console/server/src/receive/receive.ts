import type { ConsoleMessage } from '@tidewaiter/protocol'
import type { Deps } from '../deps.ts'
import { type Code, codes, isRefusal, refuse } from '../error.ts'
import { type Admitted, hostOf } from './admit.ts'
import { admitOrAdopt } from './adopt.ts'
import { type Bounds, bounds as usual } from './bounds.ts'
import { openDoor, type Peer } from './door.ts'
import { enrol } from './enrol.ts'
import { connectionsOf, type Hall, openHall } from './hall.ts'
import type { Away, Back } from './own-clock.ts'
import { Session } from './session.ts'
import { type OpenSilence, openSilences } from './silences.ts'
import type { Standing } from './standings.ts'
import { openWatching } from './watching.ts'

/** What a console may ask of a connected host. */
export type Order = Extract<ConsoleMessage, { type: 'task' | 'policy' | 'cancel' }>

/** The agents' door, while it is open. */
export interface Receive {
  port: number
  /** Hosts that are connected now. */
  connections(): { host: string; address: string; sinceMs: number }[]
  /** How a host stands; undefined when nothing was heard of it since this console runs. */
  standing(host: string): Standing | undefined
  /** Batches of a host that the index has not read yet. */
  lagOf(host: string): number
  /** When the oldest batch was received that the index has not read, milliseconds UTC. */
  lagSinceMs(): number | undefined
  /** Why a host is held back, where it sends more than its share. */
  heldBack(host: string): string | undefined
  /** Since when the ledger takes nothing because its disk is full, milliseconds UTC. */
  fullSinceMs(): number | undefined
  /** Hosts nothing is heard of, each since it was noticed. */
  silences(): readonly OpenSilence[]
  /** Since when the console is there without having been away, and until when hosts have time to come back. */
  back(): Back
  /** The newest step of the console's own clock since it runs. */
  clockStep(): Away | undefined
  /** Sends a task or a policy, or has a task end. False when the host is not connected. */
  send(host: string, order: Order): boolean
  /** A person looks at this host until then (milliseconds UTC): its agent seals within a second. */
  watch(host: string, untilMs: number): void
  /** Ends every connection of a host, by name, also one over which its ended chain comes. */
  disconnect(host: string, code: Code): void
  close(): Promise<void>
}

export type ReceiveDeps = Pick<Deps, 'store' | 'keys' | 'ledger' | 'index' | 'live' | 'log' | 'now'> &
  Pick<Hall, 'collect'>

export interface ReceiveOptions {
  /** Address to listen on; 127.0.0.1 when left out. */
  host?: string
  /** 0 for any free one. */
  port: number
  bounds?: Partial<Bounds>
  /** Milliseconds that only rise; those of this process when left out. */
  steady?(): number
}

/** Opens the agent port. Throws what the system says when it cannot listen there. */
export async function startReceive(deps: ReceiveDeps, options: ReceiveOptions): Promise<Receive> {
  const bounds = { ...usual, ...options.bounds }
  const hall = openHall({ ...deps, steady: options.steady ?? (() => performance.now()) }, bounds)
  const { keys, log, now } = deps
  const silences = await openSilences(hall)
  const look = await openWatching({ hall, silences })
  const door = await openDoor(
    {
      keys,
      bounds,
      log,
      now,
      enrol: (body, address) => enrol({ ...deps, attempts: hall.attempts }, body, address),
      admit: (peer) => admit(hall, peer),
      serve: (open, host) => void new Session(open, host, hall),
    },
    { host: options.host ?? '127.0.0.1', port: options.port },
  )
  const ticking = setInterval(() => {
    for (const connection of hall.connections) connection.tick()
    look()
    void hall.heldBack.look()
  }, bounds.tickMs).unref()

  return {
    port: door.port,
    connections: () => [...hall.standing.values()].map(({ host, address, sinceMs }) => ({ host, address, sinceMs })),
    standing: hall.standings.of,
    lagOf: hall.backlog.of,
    lagSinceMs: hall.backlog.oldestMs,
    heldBack: hall.heldBack.why,
    fullSinceMs: hall.room.fullSinceMs,
    silences: silences.open,
    back: hall.ownClock.back,
    clockStep: hall.ownClock.newestStep,
    send(host, order) {
      const connection = hall.standing.get(host)
      connection?.say(order)
      return connection !== undefined
    },
    watch(host, untilMs) {
      hall.watched.set(host, untilMs)
      hall.standing.get(host)?.say({ type: 'watch', until: new Date(untilMs).toISOString() })
    },
    disconnect(host, code) {
      for (const connection of connectionsOf(host, hall.connections)) connection.end(code, codes[code].meaning)
    },
    async close() {
      clearInterval(ticking)
      door.close()
      await hall.close()
      await silences.close()
    },
  }
}

/** Lets a host in unless it, or the console, has too many connections. What is refused is noted. */
async function admit(hall: Hall, peer: Peer): Promise<Admitted> {
  const { publicKey, address } = peer
  try {
    const host = await admitOrAdopt(hall, peer)
    limitConnections(hall, host)
    return host
  } catch (cause) {
    if (isRefusal(cause)) {
      const host = publicKey !== undefined && cause.code !== 'host-unknown' ? hostOf(publicKey) : null
      hall.irregularities.note({ host, code: cause.code, says: cause.says, address })
    }
    throw cause
  }
}

/** Throws `too-many-connections`, `host-busy`. */
function limitConnections({ connections, standing, bounds }: Hall, { host }: Admitted): void {
  if (connections.size >= bounds.hosts && !standing.has(host))
    throw refuse('too-many-connections', `${bounds.hosts} hosts are connected, which is the limit of this console.`)
  const own = [...connections].filter((connection) => connection.host === host)
  if (own.length >= bounds.connectionsOfHost)
    throw refuse('host-busy', `This host has ${own.length} connections already.`)
}
