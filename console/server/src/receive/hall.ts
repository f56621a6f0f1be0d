import { setTimeout as delay } from 'node:timers/promises'
import type { ConsoleMessage } from '@tidewaiter/protocol'
import type { Collect } from '../collect/collect.ts'
import type { Deps } from '../deps.ts'
import type { Code } from '../error.ts'
import { type Attempts, openAttempts } from './attempts.ts'
import { type Backlog, openBacklog } from './backlog.ts'
import type { Bounds } from './bounds.ts'
import { Chain } from './chain.ts'
import { type HeldBack, openHeldBack } from './held-back.ts'
import { type Irregularities, openIrregularities } from './irregularities.ts'
import { type OwnClock, openOwnClock } from './own-clock.ts'
import { openRates, type Rates } from './rates.ts'
import { openRoom, type Room } from './room.ts'
import { openShare, type Share } from './share.ts'
import { openStandings, type Standings } from './standings.ts'
import { openTurns, type Turns } from './turns.ts'

/** One connection of a host, as the others see it. */
export interface Connection {
  host: string
  address: string
  /** Since when it is open, milliseconds UTC. */
  sinceMs: number
  /** Hosts whose chains have ended and come over it once more. */
  carried: ReadonlySet<string>
  say(message: ConsoleMessage): void
  /** Whether what it sends is read. */
  read(isWanted: boolean): void
  /** Ends it with a refusal. */
  end(code: Code, says: string): void
  /** Ends it because the host has a newer one. */
  giveWay(): void
  /** Looks whether it is still alive. */
  tick(): void
  /** Ends it without a refusal: the console stops. */
  hangUp(): void
}

export type HallDeps = Pick<Deps, 'store' | 'keys' | 'ledger' | 'index' | 'live' | 'log' | 'now'> & {
  /** What is asked of hosts; left out where nobody asks. */
  collect?: Collect
  /** Milliseconds that only rise. */
  steady(): number
}

/** What all connections share. */
export interface Hall extends HallDeps {
  bounds: Bounds
  room: Room
  backlog: Backlog
  heldBack: HeldBack
  ownClock: OwnClock
  turns: Turns
  share: Share
  standings: Standings
  irregularities: Irregularities
  attempts: Attempts
  /** Control messages, offers of artifacts (as many as files were asked for) and certificates, by host. */
  rates: { control: Rates; offers: Rates; renewals: Rates }
  /** One chain for each host, whatever becomes of its connections. */
  chainOf(host: string): Chain
  /** All connections, also those that have not said hello. */
  connections: Set<Connection>
  /** The connection that stands for a host. */
  standing: Map<string, Connection>
  /** Until when a person looks at a host, milliseconds UTC. */
  watched: Map<string, number>
  /** Something about a host that the screens show has changed. */
  changed(host: string): void
  /** Ends all connections, and waits for what is on its way into the ledger. */
  close(): Promise<void>
}

export const holdSays = 'The disk of the console is full. It goes on by itself when there is room: keep what you have.'

export function openHall(deps: HallDeps, bounds: Bounds): Hall {
  const { store, ledger, live, log, now } = deps
  const chains = new Map<string, Chain>()
  const standing = new Map<string, Connection>()
  const room = openRoom({
    ledger,
    now,
    retryMs: bounds.retryMs,
    changed: (isFull) => tellFull(isFull, { ...deps, standing, heldBack }),
  })
  const connections = new Set<Connection>()
  const standings = openStandings({ store, log, now, flushMs: bounds.flushMs })
  const irregularities = openIrregularities({ store, live, log, now })
  const attempts = openAttempts({ store, live, log, now })
  const backlog = openBacklog(deps)
  const changed = (host: string) => {
    for (const topic of ['hosts', 'overview', `host:${host}`]) live.changed(topic)
  }
  const heldBack = openHeldBack({
    ...deps,
    backlog,
    bounds,
    connected: () => standing.keys(),
    changed(host, why) {
      for (const connection of connectionsOf(host, connections))
        pace(connection, { host, why, room, irregularities, heldBack })
      changed(host)
    },
    goesOn(host) {
      for (const connection of connectionsOf(host, connections)) connection.read(false)
    },
  })
  return {
    ...deps,
    bounds,
    room,
    backlog,
    heldBack,
    ownClock: openOwnClock({ ...deps, everyMs: bounds.tickMs, backMs: bounds.backMs }),
    standing,
    connections,
    standings,
    irregularities,
    attempts,
    turns: openTurns(),
    share: openShare(bounds.totalBytes),
    rates: {
      control: openRates({ burst: 60, perSecond: 2 }),
      offers: openRates({ burst: 500, perSecond: 100 }),
      renewals: openRates({ burst: 5, perSecond: 1 / 600 }),
    },
    watched: new Map(),
    chainOf(host) {
      const chain = chains.get(host) ?? new Chain(host, { ledger, room })
      chains.set(host, chain)
      return chain
    },
    changed,
    async close() {
      backlog.close()
      for (const connection of connections) connection.hangUp()
      room.close()
      await Promise.all([...chains.values()].map((chain) => chain.settled()))
      // Each of them ends by itself: `farewellMs` after the last word at the latest.
      while (connections.size > 0) await delay(10)
      await Promise.all([standings.close(), irregularities.close(), attempts.close()])
    },
  }
}

/** Connections over which batches of this host come. */
export function connectionsOf(host: string, connections: Iterable<Connection>): Connection[] {
  return [...connections].filter((connection) => connection.host === host || connection.carried.has(host))
}

/** Why a host of this connection is held back, its own or one whose chain it carries. */
function whyHeld({ host, carried }: Connection, heldBack: HeldBack): string | undefined {
  return [host, ...carried].map(heldBack.why).find((why) => why !== undefined)
}

/** The ledger takes no more, or takes batches again. */
function tellFull(isFull: boolean, { standing, heldBack, live, log }: HallDeps & Pick<Hall, 'standing' | 'heldBack'>) {
  if (isFull) log.error('the ledger takes no more: its disk is full')
  else log.info('the ledger takes batches again')
  for (const connection of standing.values())
    if (isFull) connection.say({ type: 'hold', says: holdSays })
    else if (whyHeld(connection, heldBack) === undefined) connection.say({ type: 'resume' })
  for (const topic of ['hosts', 'overview']) live.changed(topic)
}

type Pacing = Pick<Hall, 'room' | 'irregularities' | 'heldBack'> & { host: string; why: string | undefined }

/** Tells a connection that a host is held back whose batches come over it, or that it may go on. */
function pace(connection: Connection, { host, why, room, irregularities, heldBack }: Pacing): void {
  if (why !== undefined) {
    connection.say({ type: 'hold', says: why })
    irregularities.note({ host, code: 'host-busy', says: why, address: connection.address })
    return
  }
  if (whyHeld(connection, heldBack) !== undefined) return
  connection.read(true)
  if (room.fullSinceMs() === undefined) connection.say({ type: 'resume' })
}
