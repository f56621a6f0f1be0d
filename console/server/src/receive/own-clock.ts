import type { Logger } from 'pino'
import { recordAlone } from '../people/audit.ts'
import type { Store } from '../store/store.ts'

/** What the console's own clocks gave away. Milliseconds. */
export interface Away {
  /** When that was seen, by the wall clock as it is now. */
  atMs: number
  /** By so much the wall clock went on beyond the steady one: it was set, or the machine slept. 0 for less than two seconds. */
  setMs: number
  /** For so long the console was not let run, or asleep. */
  awayMs: number
}

/** The console is there since then, and until then hosts have time to come back. Milliseconds UTC. */
export interface Back {
  sinceMs: number
  untilMs: number
}

/** The console's two clocks beside each other: what it takes for the silence of a host may be its own absence. */
export interface OwnClock {
  /** Called every `everyMs`. Undefined when all is as it should be. */
  look(): Away | undefined
  /** Since when the console is there without having been away. */
  back(): Back
  /** The wall clock was set a short while ago: what hosts measure against it has not settled. */
  wasSet(): boolean
  /** The newest step of the wall clock since this console runs. */
  newestStep(): Away | undefined
}

interface OwnClockOptions {
  store: Store
  log: Logger
  now(): number
  steady(): number
  everyMs: number
  backMs: number
}

const leastSetMs = 2_000
const leastAwayMs = 10_000
/** Agents measure their offset every five minutes. */
const settlesMs = 11 * 60_000

export function openOwnClock({ store, log, now, steady, everyMs, backMs }: OwnClockOptions): OwnClock {
  let before = { wallMs: now(), steadyMs: steady() }
  let back = { sinceMs: now(), untilMs: now() + backMs }
  let newest: Away | undefined
  const write = (act: string, { atMs, ...data }: Away) => {
    log.warn(data, act)
    const at = new Date(atMs).toISOString()
    recordAlone(store, { who: 'console', act, data, at }).catch((cause: unknown) =>
      log.error({ err: cause }, 'what the clock of the console did could not be written down'),
    )
  }
  return {
    look() {
      const after = { wallMs: now(), steadyMs: steady() }
      const passedMs = after.steadyMs - before.steadyMs
      const offMs = Math.round(after.wallMs - before.wallMs - passedMs)
      const setMs = Math.abs(offMs) >= leastSetMs ? offMs : 0
      // A clock that was set forward and a machine that slept look alike from inside: time to come back is given for both.
      const awayMs = Math.round(Math.max(passedMs - everyMs, 0) + Math.max(setMs, 0))
      before = after
      if (setMs === 0 && awayMs < leastAwayMs) return undefined
      const away = { atMs: after.wallMs, setMs, awayMs }
      back =
        awayMs >= leastAwayMs
          ? { sinceMs: after.wallMs, untilMs: after.wallMs + backMs }
          : { sinceMs: back.sinceMs + setMs, untilMs: back.untilMs + setMs }
      if (setMs !== 0) newest = away
      write(setMs === 0 ? 'console-stood-still' : 'console-clock-set', away)
      return away
    },
    back: () => back,
    wasSet: () => newest !== undefined && now() - newest.atMs < settlesMs,
    newestStep: () => newest,
  }
}
