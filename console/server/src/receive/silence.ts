import { type Farewell, isGoodbye } from './farewell.ts'
import { time } from './judged.ts'
import type { Seen } from './status.ts'

/** A heartbeat comes every 10 s; after so long without one it is late, and then the host is silent. */
export const lateMs = 30_000
export const silentMs = 60_000

/**
 * Why nothing is heard of a host, as far as the console can tell by itself. What was said before (`stopped`,
 * `service-stopped`, `host-stopping`, `uninstalled`, `restarting`, `enrolled`) is known; how the connection ended (`closed`,
 * `unanswered`) only narrows it down, and what the agent seals when it is back settles it.
 */
export type SilenceCause =
  | Exclude<Farewell, `moved:${string}`>
  | 'not-back'
  | 'never-connected'
  | 'certificate-ended'
  | 'not-served'

export interface Silence {
  cause: SilenceCause
  /**
   * The machine was shut down, and said so. An agent that was stopped says so as well, but a machine that runs without
   * being watched is what an intruder wants: that is an alarm.
   */
  isExpected: boolean
  /** When something was heard of it last; when it was enrolled, if never. */
  sinceMs: number
  says: string
}

type About = Pick<
  Seen,
  'isConnected' | 'isServed' | 'heardMs' | 'enrolledMs' | 'farewell' | 'certificateEndsMs' | 'back'
>

/**
 * Undefined while the host is heard of, or may still be: it comes again by itself within half a minute, unless it said
 * that it would not. Behind its enrolment somebody has to start it: that takes a minute.
 */
export function silenceOf(seen: About, nowMs: number): Silence | undefined {
  const { isConnected, isServed, heardMs, enrolledMs, farewell, back } = seen
  if (heardMs === undefined) return silence('never-connected', enrolledMs)
  const mayBeBack = back !== undefined && heardMs < back.sinceMs && nowMs < back.untilMs
  const isQuiet = nowMs - heardMs >= (isConnected || farewell === 'enrolled' ? silentMs : lateMs) && !mayBeBack
  const mayCome = isConnected || (isServed && (!isGoodbye(farewell) || comesBack.has(farewell)))
  if (mayCome && !isQuiet) return undefined
  return silence(causeOf(seen, nowMs), heardMs, seen)
}

const comesBack: ReadonlySet<Farewell> = new Set(['restarting', 'enrolled'])

function causeOf({ isConnected, isServed, farewell, certificateEndsMs }: About, nowMs: number): SilenceCause {
  if (isGoodbye(farewell)) return farewell
  if (certificateEndsMs !== undefined && certificateEndsMs <= nowMs) return 'certificate-ended'
  if (!isServed) return 'not-served'
  if (isConnected) return 'unanswered'
  return farewell === 'closed' || farewell === 'unanswered' ? farewell : 'not-back'
}

function silence(cause: SilenceCause, sinceMs: number, seen?: About): Silence {
  return { cause, isExpected: cause === 'host-stopping', sinceMs, says: words[cause](time(sinceMs), seen) }
}

const unwatched = 'Nothing is seen of this host until it runs again.'
const whoever = 'If nobody of yours did that, somebody else did.'
const settles = 'When it is back, its sealed records say which it was.'

/** The most likely cause, what else it may be, and what settles it. */
const words: Record<SilenceCause, (since: string, seen?: About) => string> = {
  stopped: (since) =>
    `Its agent was stopped at ${since}, and said so: somebody sent it a signal. ${whoever} ${unwatched}`,
  'service-stopped': (since) =>
    `Its agent was stopped by the service manager of the host at ${since}, and said so. ${whoever} ${unwatched}`,
  'host-stopping': (since) =>
    `Its agent was stopped at ${since} because the host was shut down or started again, and said so. ${unwatched}`,
  uninstalled: (since) =>
    `Its agent said at ${since} that it is uninstalled. ${whoever} If it is right, revoke the host: then nothing is ` +
    'expected of it any more.',
  restarting: (since) =>
    `Its agent said at ${since} that it begins anew at once, and did not come back: it cannot start, or is kept from it. ${unwatched}`,
  enrolled: (since) =>
    `It was enrolled at ${since}, and its agent was not started since: tidewaiter-agent run there, or its service. ${unwatched}`,
  closed: (since) =>
    `The connection was lost at ${since}, without a goodbye: the other end closed it while its machine still ran. ` +
    `Most likely the agent was killed or crashed; a device in between that cuts connections looks the same. ${settles}`,
  unanswered: (since) =>
    `The connection was lost at ${since}, without a goodbye: nothing answers any more. Most likely the network is ` +
    `down, or the host is asleep or without power. ${settles}`,
  'not-back': (since) =>
    `The connection was lost at ${since}, and the console was away itself then: it did not come back since. ${settles}`,
  'never-connected': (since) =>
    `It never connected since it was enrolled at ${since}. Run tidewaiter-agent doctor there.`,
  'certificate-ended': (since, seen) =>
    `Nothing was heard since ${since}. Its certificate ended at ${time(seen?.certificateEndsMs)}.`,
  'not-served': (since) => `No console runs to which it could connect. It was heard of at ${since}.`,
}
