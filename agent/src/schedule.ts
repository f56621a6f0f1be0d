import { isHistory, type Policy, type SourceState } from '@tidewaiter/protocol'
import type { Logger } from 'pino'
import { attempt, type Outcome } from './attempt.ts'
import { type Bell, newBell } from './bell.ts'
import type { Budget } from './budget.ts'
import type { Collector, From, History, Taken } from './collectors/collector.ts'
import { fullMs, type Row } from './collectors/pass.ts'
import { saysOf } from './error.ts'
import type { Host } from './host.ts'
import type { OwnRecords } from './own-records.ts'
import type { Sealer } from './seal/sealer.ts'
import { newStandings, type Standings } from './standings.ts'
import { toTime } from './time.ts'

/** Longest wait for the next hand-over of a snapshot, and of a stream (the longest a timer can wait). */
const passLimitMs = 2 * 60_000
const streamLimitMs = 2 ** 31 - 1
/** A stream that ended without a failure (its source is not there) is looked for again after this. */
const lookAgainMs = 60_000
const firstPauseMs = 1_000
const longestPauseMs = 15 * 60_000
/** Between the first passes of two collectors: a start does not take all of a small machine. */
const staggerMs = 150

const dayMs = 24 * 60 * 60_000

/** History that had no turn for so long is said to wait. */
const waitMs = 30_000
const waits = {
  forPasses: 'Its history waits for the first look at everything else.',
  forConsole: 'Its history waits until the console has taken what is newer: the spool is kept for new evidence.',
}

const stopped = 'the collector was stopped'

export interface ScheduleOptions {
  host: Host
  collectors: readonly Collector[]
  /** Files named on the command line; those of the policy come with it. */
  files: readonly string[]
  /** The agent's own folder: collectors keep there what is too large for memory. */
  folder?: { path: string }
  sealer: Sealer
  own: OwnRecords
  budget: Budget
  log: Logger
  /** Called with what no collector is to blame for: the agent cannot go on. */
  fatal(cause: unknown): void
}

export interface Schedule {
  /** From now on runs the collectors of this policy, and no others. */
  apply(policy: Policy): void
  /** A full pass now. Resolves with how it went; undefined when no such snapshot runs on this host. */
  snapshot(collector: string): Promise<{ failed?: string } | undefined>
  states(): SourceState[]
  /** Resolves when every collector has let go. */
  stop(): Promise<void>
}

/** A collector at work. */
interface Run {
  collector: Collector
  stop: AbortController
  done: Promise<void>
  before: Map<string, ReadonlyMap<string, Row>>
  isFullAsked: boolean
  lastFullAt: number
  /** A pass of it ended, one way or the other. */
  hasPassed: boolean
  /** Those who wait for the end of the next pass. */
  asked: ((went: { failed?: string }) => void)[]
  bell: Bell
}

export function openSchedule(options: ScheduleOptions): Schedule {
  const { host, collectors, sealer, fatal } = options
  const standings = newStandings()
  const runs = new Map<string, Run>()
  const leaving = new Map<string, Promise<void>>()
  let backfillDays: number | undefined
  let integrity: readonly string[] | undefined
  const history = newHistory({ host, sealer, runs, days: () => backfillDays })
  const start = (collector: Collector, given: Pick<From, 'files' | 'databases'>, delayMs: number) => {
    const stop = new AbortController()
    const run: Run = {
      collector,
      stop,
      done: Promise.resolve(),
      before: new Map(),
      isFullAsked: true,
      lastFullAt: 0,
      hasPassed: false,
      asked: [],
      bell: newBell(host),
    }
    const works = async () => {
      await leaving.get(collector.id)
      await host.sleep(delayMs, stop.signal)
      await keepRunning(run, { ...options, ...given, integrity, standings, history })
    }
    run.done = works().catch(fatal)
    runs.set(collector.id, run)
  }
  const end = (run: Run) => {
    run.stop.abort()
    runs.delete(run.collector.id)
    standings.forget(run.collector)
    leaving.set(run.collector.id, run.done)
    answer(run.asked, stopped)
  }
  return {
    apply({ sources, files = [], integrity: paths, databases, backfillDays: days }) {
      backfillDays = days
      integrity = paths
      const wanted = (id: string) => sources?.includes(id) ?? true
      for (const run of [...runs.values()]) if (!wanted(run.collector.id)) end(run)
      const fresh = collectors.filter(
        ({ id, platforms }) => wanted(id) && platforms.includes(host.platform) && !runs.has(id),
      )
      const given = { files: [...files, ...options.files], ...(databases && { databases }) }
      for (const [i, collector] of fresh.entries()) start(collector, given, i * staggerMs)
    },
    snapshot(id) {
      const run = runs.get(id)
      if (run?.collector.every === undefined) return Promise.resolve(undefined)
      run.isFullAsked = true
      run.bell.ring()
      return new Promise((resolve) => run.asked.push(resolve))
    },
    states: () => withBackfill(standings.all(), { runs, sealer, why: history.waitsFor() }),
    async stop() {
      const all = [...runs.values()]
      for (const run of all) run.stop.abort()
      await Promise.all(all.map(({ done }) => done))
    },
  }
}

/** Nor one that walks over the disk for minutes: what lies there lasts as long as the history that would wait. */
function isNoSnapshot({ every, mayTakeMs }: Collector): boolean {
  return every === undefined || mayTakeMs !== undefined
}

interface PacedHistory extends History {
  /** Why history has had no turn for some time, in words. A turn is a matter of moments while the console keeps up. */
  waitsFor(): string | undefined
}

interface HistoryParts extends Pick<ScheduleOptions, 'host' | 'sealer'> {
  runs: ReadonlyMap<string, Run>
  /** How far back, undefined for all there is. */
  days(): number | undefined
}

/** When what the host held before may be read: what is gone in a moment comes before what has lain there for weeks. */
function newHistory({ host, sealer, runs, days }: HistoryParts): PacedHistory {
  let wentOnAtMs = host.steady()
  const waiting = () => {
    if (![...runs.values()].every(({ collector, hasPassed }) => isNoSnapshot(collector) || hasPassed))
      return waits.forPasses
    return sealer.hasRoomForHistory() ? undefined : waits.forConsole
  }
  return {
    get sinceMs() {
      const most = days()
      return most === undefined ? Number.NEGATIVE_INFINITY : host.now() - most * dayMs
    },
    placeOf(source) {
      const [position, backfill] = [sealer.positionOf(source), sealer.backfillOf(source)]
      return position && backfill && { position, backfill }
    },
    mayGoOn() {
      const mayGo = waiting() === undefined
      if (mayGo) wentOnAtMs = host.steady()
      return mayGo
    },
    waitsFor: () => (host.steady() - wentOnAtMs < waitMs ? undefined : waiting()),
  }
}

/** The states of all sources, and of histories that were read to their end; of those that wait, why. */
function withBackfill(
  states: SourceState[],
  { runs, sealer, why }: { runs: ReadonlyMap<string, Run>; sealer: Sealer; why: string | undefined },
): SourceState[] {
  const known = new Set(states.map(({ id }) => id))
  const others = sealer
    .backfilled()
    .filter((id) => !known.has(id) && runs.has(id.split(':', 1)[0] ?? id) && isHistory(id))
  return [...states, ...others.map((id): SourceState => ({ id, state: 'ok' }))].map((state) => {
    const backfill = sealer.backfillOf(state.id)?.told
    if (backfill === undefined) return state
    const isWaiting = state.state === 'ok' && backfill.finishedAt === null && why !== undefined
    return { ...state, backfill, ...(isWaiting && { why }) }
  })
}

type Working = ScheduleOptions &
  Pick<From, 'databases'> & { integrity: readonly string[] | undefined; standings: Standings; history: History }

/** Passes of one collector until it is stopped. Nothing it does or fails to do concerns the others. */
async function keepRunning(run: Run, working: Working): Promise<void> {
  const { host } = working
  const { signal } = run.stop
  for (let failures = 0; !signal.aborted; ) {
    const startedAt = host.steady()
    const asked = run.asked.splice(0)
    const { failure, ended } = await onePass(run, working)
    answer(asked, signal.aborted ? stopped : failure && saysOf(failure.cause))
    if (signal.aborted) return ended
    failures = failure === undefined ? 0 : failures + 1
    if (failure !== undefined) await noteGap(run, failure.cause, working, failures)
    await ended
    const pauseMs = pauseOf(run.collector, failures) - (host.steady() - startedAt)
    if (run.asked.length === 0) await run.bell.wait(Math.max(pauseMs, 0), signal)
  }
}

function answer(asked: Run['asked'], failed: string | undefined): void {
  for (const tell of asked) tell(failed === undefined ? {} : { failed })
}

async function onePass(run: Run, working: Working): Promise<Outcome> {
  const { host, sealer, budget, standings, files, databases, history, integrity, folder } = working
  const { collector } = run
  const isStream = collector.every === undefined
  const isFull = run.isFullAsked || host.steady() - run.lastFullAt >= (collector.fullEvery ?? fullMs)
  const startedAt = host.steady()
  run.isFullAsked = false
  const from: From = {
    position: (source) => sealer.positionOf(source),
    sealed: (source) => sealer.sealedPositionOf(source),
    predecessor: (source) => sealer.predecessorOf(source),
    seenAtMs: (source) => sealer.seenAtMs(source),
    history,
    files,
    integrity,
    folder: folder?.path,
    ...(databases && { databases }),
    takeFull: () => isFull,
    before: run.before,
  }
  const deliver = async (taken: Taken) => {
    if ('state' in taken) return standings.set(taken)
    if ('lost' in taken) return sealer.miss(taken, run.stop.signal)
    await budget.paceWork(run.stop.signal)
    await sealer.take(taken, { mayWait: isStream, signal: run.stop.signal })
    standings.isAlive(taken.source)
  }
  const limitMs = isStream ? streamLimitMs : (collector.mayTakeMs ?? passLimitMs)
  const outcome = await inTurn(collector, run.stop.signal, () =>
    attempt(collector, { host, from, limitMs, deliver }, run.stop.signal),
  )
  run.hasPassed = true
  if (outcome.failure !== undefined) run.isFullAsked = true
  else if (isFull) run.lastFullAt = startedAt
  return outcome
}

/** Whoever has to wait for others is not late: its time begins with its turn. */
async function inTurn(collector: Collector, signal: AbortSignal, pass: () => Promise<Outcome>): Promise<Outcome> {
  const goes = (await collector.turn?.(signal)) ?? (() => {})
  try {
    const outcome = await pass()
    void outcome.ended.finally(goes)
    return outcome
  } catch (cause) {
    goes()
    throw cause
  }
}

/** A hole in the evidence is evidence. */
async function noteGap(
  run: Run,
  cause: unknown,
  { host, own, standings, log }: Working,
  failures: number,
): Promise<void> {
  const { collector, stop } = run
  standings.fail(collector, cause)
  log.warn({ collector: collector.id, failures, says: saysOf(cause) }, 'pass failed')
  const code = cause instanceof Error && 'code' in cause ? String(cause.code).slice(0, 60) : 'unknown'
  const says = saysOf(cause).slice(0, 500)
  await own.note(
    'agent:gap',
    'gap',
    { collector: collector.id, code, says, failures, until: toTime(host.now()) },
    { signal: stop.signal },
  )
}

function pauseOf({ every }: Collector, failures: number): number {
  if (failures === 0) return every ?? lookAgainMs
  const firstMs = Math.max(every ?? 0, firstPauseMs)
  return Math.min(firstMs * 2 ** Math.min(failures - 1, 20), Math.max(longestPauseMs, every ?? 0))
}
