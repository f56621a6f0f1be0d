import {
  type AgentMessage,
  type EndReason,
  limits,
  type Offer,
  paths,
  type Refusal,
  type SourceState,
} from '@tidewaiter/protocol'
import type { Logger } from 'pino'
import { WebSocket } from 'ws'
import type { ArtifactStore } from '../acquire/store.ts'
import type { Bell } from '../bell.ts'
import type { Budget } from '../budget.ts'
import { isAgentRefusal } from '../error.ts'
import type { Host } from '../host.ts'
import type { Enrolment, HostKey, Identity } from '../identity.ts'
import type { Order } from '../orders.ts'
import type { Sealer } from '../seal/sealer.ts'
import type { Spool } from '../spool/spool.ts'
import { type Ended, Session } from './session.ts'
import { mutual } from './tls.ts'

/** How it stands with the console; one object that is kept up to date. */
export interface Link {
  address: string
  isConnected: boolean
  /** Since when it is as it is. */
  since: string
  lastAckMs?: number | undefined
  /** Why there is no connection. */
  problem?: Refusal<string> | undefined
  /** The console does not take this chain any further: a new one must begin. */
  mustBeginAnew: boolean
  /** Says something on the connection there is; what it says may be lost. */
  say?: ((message: AgentMessage) => void) | undefined
  /** Why the agent ends, once it does: said to the console with the last word. */
  farewell?: EndReason
}

/** What the console makes of this host: a batch it took, or why there is no connection. */
export type News = { kind: 'acknowledged' } | { kind: 'not-connected'; cause: Refusal<string> | undefined }

export interface UplinkOptions {
  host: Host
  spool: Spool
  sealer: Sealer
  budget: Budget
  /** Rings whenever the spool changed. */
  changed: Bell
  link: Link
  log: Logger
  identity(): Identity
  /** Makes a new certificate, or a new key with its certificate, the one in force; both durably. */
  adopt(key: HostKey, enrolment: Enrolment): void
  /** The key to go on under after a fork; durable before the console hears of it. */
  newKey(): HostKey
  states(): SourceState[]
  /** What was acquired and is to be sent. */
  artifacts: ArtifactStore
  /** Has it sealed that an artifact will not arrive. */
  lost(offer: Offer, why: { code: string; says: string }): Promise<void>
  /** Takes what the console asks; it is done in its turn. Throws when too much is waiting. */
  order(order: Order): void
  tell(news: News): void
  /** Between 0 and 1: spreads the reconnects of many agents. */
  random(): number
}

/** First and longest span a reconnect is spread over. */
const firstSpanMs = 3_000
const longestSpanMs = 60_000
/** A connection that lasted so long was a good one: what follows is a first failure. */
const goodMs = 30_000

/** Keeps a connection to the console until the signal aborts. Throws `spool-broken`. */
export async function runUplink(options: UplinkOptions, signal: AbortSignal): Promise<void> {
  const { host, log, link, random, tell } = options
  for (let failures = 0; !signal.aborted; ) {
    const { cause, isReborn, lastedMs } = await tryAddresses(options, signal)
    if (signal.aborted || isReborn) continue
    if (isAgentRefusal(cause) && cause.code === 'spool-broken') throw cause
    link.problem = cause
    tell({ kind: 'not-connected', cause })
    failures = lastedMs >= goodMs ? 1 : failures + 1
    const pauseMs = random() * Math.min(firstSpanMs * 2 ** Math.min(failures - 1, 10), longestSpanMs)
    log.info({ code: cause?.code, says: cause?.says, pauseMs: Math.round(pauseMs) }, 'not connected')
    await host.sleep(pauseMs, signal)
  }
}

/** One address after the other, until one takes us. */
async function tryAddresses(options: UplinkOptions, signal: AbortSignal): Promise<Ended> {
  let ended: Ended = { isWelcomed: false, isReborn: false, lastedMs: 0 }
  for (const address of options.identity().enrolment.addresses) {
    options.link.address = address
    ended = await new Session(dial(address, options.identity()), options).run(signal)
    if (ended.isWelcomed || signal.aborted) break
  }
  return ended
}

function dial(address: string, identity: Identity): WebSocket {
  return new WebSocket(`${address}${paths.agent}`, {
    ...mutual(identity),
    handshakeTimeout: 15_000,
    perMessageDeflate: false,
    maxPayload: limits.textFrame,
    followRedirects: false,
  })
}
