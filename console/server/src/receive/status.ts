import type { HostTable } from '../store/tables.ts'
import { successorIn } from './farewell.ts'
import { type Judged, judged, time } from './judged.ts'
import type { Back } from './own-clock.ts'
import { lateMs, silenceOf, silentMs } from './silence.ts'
import type { SaidState, Standing } from './standings.ts'

/** What the status of a host follows from: how it stands, as far as that is known, and what surrounds it. Times are milliseconds UTC. */
export interface Seen extends Omit<Standing, 'heardMs' | 'connectedMs' | 'clockOffsetMs' | 'witness'> {
  kind: HostTable['kind']
  state: HostTable['state']
  enrolledMs: number
  certificateEndsMs: number | undefined
  /** A console runs, to which it could connect. */
  isServed: boolean
  /** The console was away itself: hosts it heard of before have time to come back. */
  back?: Back | undefined
  /** Undefined when it never connected. */
  heardMs: number | undefined
  connectedMs: number | undefined
  lag: number
  /** When the oldest batch was received that the index has not read. */
  lagSinceMs: number | undefined
  /** Why it is held back, where it sends more than its share. */
  heldBack?: string | undefined
  /** Since when the ledger takes nothing. */
  fullSinceMs: number | undefined
}

/** Evidence that waits for longer, or is more, makes a host lagging. */
const waitsMs = 60_000
const queueBytes = 1024 * 1024
/** A cap that slows an agent down for less is doing what it is for. */
const slowedMs = 30_000
/** An agent seals at least that its sources are alive, every minute. */
const quietMs = 150_000

/** Silent comes before all that a host said of itself: it may no longer be true. */
export function statusOf(seen: Seen, nowMs: number): Judged {
  return (
    ended(seen) ??
    pending(seen, nowMs) ??
    silent(seen, nowMs) ??
    withoutRoom(seen) ??
    slowed(seen, nowMs) ??
    lagging(seen, nowMs) ??
    degraded(seen) ?? { status: 'online' }
  )
}

function ended({ kind, state, farewell, isConnected }: Seen): Judged | undefined {
  if (kind === 'import')
    return {
      status: 'retired',
      why: 'Imported files, hashed on receipt, origin not proven: nothing more comes from them.',
    }
  if (kind === 'collection') return { status: 'retired', why: 'An offline collection: nothing more comes from it.' }
  if (state === 'revoked') return { status: 'revoked', why: 'An admin revoked it: it is let in no more.' }
  const successor = successorIn(farewell)
  if (successor === undefined || isConnected) return undefined
  return { status: 'retired', why: `The machine goes on under a new key, as host ${successor}.` }
}

function pending(seen: Seen, nowMs: number) {
  const { mayOnlyRenew, isConnected, heardMs, enrolledMs, certificateEndsMs, farewell } = seen
  if (isConnected && mayOnlyRenew)
    return judged(
      'pending',
      (certificateEndsMs ?? 0) > nowMs
        ? `An admin lets it renew its certificate until ${time(certificateEndsMs)}: it does so when it connects again.`
        : `Its certificate ended at ${time(certificateEndsMs)}. An admin lets it be renewed, under Health.`,
    )
  if (heardMs === undefined && nowMs - enrolledMs < silentMs)
    return judged('pending', 'It is enrolled, and has not connected yet.')
  if (!isConnected && farewell === 'enrolled' && silenceOf(seen, nowMs) === undefined)
    return judged('pending', 'It is enrolled, and its agent has not been started yet.')
  return undefined
}

function silent(seen: Seen, nowMs: number): Judged | undefined {
  const silence = silenceOf(seen, nowMs)
  return silence && { status: 'silent', why: silence.says, silence }
}

/** Nothing comes of it because there is no room, here or there. */
function withoutRoom({ isConnected, said, heldBack, fullSinceMs }: Seen): Judged | undefined {
  if (fullSinceMs !== undefined)
    return judged('lagging', `The disk of the console is full since ${time(fullSinceMs)}: the host keeps what it has.`)
  if (isConnected && heldBack !== undefined) return judged('lagging', `It is held back: ${heldBack}`)
  const full = said?.sources.find(({ id, state }) => id === 'agent:spool' && state !== 'ok')
  return isConnected && full?.why !== undefined ? judged('lagging', full.why) : undefined
}

function lagging({ isConnected, heardMs = 0, connectedMs, batchMs, said, lag, lagSinceMs }: Seen, nowMs: number) {
  const heardFor = nowMs - heardMs
  if (!isConnected)
    return judged(
      'lagging',
      `It is not connected, and connects again by itself. It was heard ${seconds(heardFor)} ago.`,
    )
  if (heardFor >= lateMs) return judged('lagging', `No heartbeat for ${seconds(heardFor)}.`)
  const quietFor = nowMs - Math.max(batchMs ?? 0, connectedMs ?? 0)
  const queued = queuedBytes(said)
  if (queued > queueBytes) return judged('lagging', `About ${(queued / queueBytes).toFixed(1)} MB wait on the host.`)
  if (quietFor > waitsMs && (said?.spool.unacked ?? 0) > 0)
    return judged('lagging', `${said?.spool.unacked} batches wait on the host, and none came for ${seconds(quietFor)}.`)
  if (quietFor > quietMs) return judged('lagging', `The host is there, and sealed nothing for ${seconds(quietFor)}.`)
  const behindMs = nowMs - (lagSinceMs ?? nowMs)
  if (lag > 0 && behindMs > waitsMs)
    return judged('lagging', `The index has not read ${lag} of its batches yet, and is ${seconds(behindMs)} behind.`)
  return undefined
}

/** A cap on the host slows its agent down: that is why whatever else of it is late. */
function slowed({ isConnected, heardMs = 0, said }: Seen, nowMs: number): Judged | undefined {
  if (!isConnected || nowMs - heardMs >= lateMs) return undefined
  // A host tells by its own clock.
  const sinceMs = (since: string | undefined) => Date.parse(since ?? '') - (said?.clockOffsetMs ?? 0)
  const bites = said?.caps?.filter(({ since }) => nowMs - sinceMs(since) >= slowedMs) ?? []
  const reasons = bites.map(({ why, since }) => `${why?.replace(/\.$/, '')}, since ${time(sinceMs(since))}.`)
  return reasons.length === 0 ? undefined : judged('lagging', reasons.join(' '))
}

function degraded({ said }: Seen): Judged | undefined {
  const ill = said?.sources.filter(({ state }) => state !== 'ok') ?? []
  const [first] = ill
  if (first === undefined) return undefined
  const why = (first.why ?? first.state).replace(/\.$/, '')
  const more = ill.length > 1 ? `, and ${ill.length - 1} more` : ''
  return judged('degraded', `${first.id}: ${why}${more}.`)
}

/** The spool tells its bytes with the batches that were acknowledged, and counts those that were not. */
function queuedBytes(said: SaidState | undefined): number {
  if (said === undefined || said.spool.batches === 0) return 0
  return (said.spool.bytes / said.spool.batches) * Math.min(said.spool.unacked, said.spool.batches)
}

function seconds(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`
}
