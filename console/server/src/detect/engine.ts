import type { Deps } from '../deps.ts'
import type { DirtyWindow } from '../index/index-port.ts'
import { openBurst } from './burst.ts'
import type { Detector } from './detector.ts'
import { detectors as all } from './index.ts'
import { openJudge } from './judge.ts'
import { forgetTallies } from './tallies.ts'

export interface EngineDeps extends Pick<Deps, 'store' | 'live' | 'log' | 'now'> {
  index: Pick<Deps['index'], 'windows' | 'onIndexed' | 'asOf'>
  ledger: Pick<Deps['ledger'], 'entry' | 'size'>
  detectors?: readonly Detector[]
  /** A timer that does not keep the process alive. */
  schedule?: (run: () => void, ms: number) => void
}

export interface Engine {
  /** Resolves when no window is left that may be judged now. */
  settled(): Promise<void>
  /** Before the index and the store. */
  close(): Promise<void>
}

const windowsAtOnce = 200
/** The window of now is judged again after a second at the earliest, and takes at most a tenth of the time. */
const leastPauseMs = 1000
const pausePerCost = 9
const pauseAfterFailureMs = 300_000
const mostResting = 20_000
const remembersMs = 30 * 86_400_000
const forgetsEveryMs = 3_600_000

/**
 * Judges the windows that the index marks, oldest first, and keeps the findings in line with them. Where a detector
 * fails on a window it is logged and tried again later; everything else goes on.
 */
export function startEngine(deps: EngineDeps): Engine {
  const { index, ledger, store, live, log, now, schedule = later } = deps
  const judge = openJudge({ ...deps, windows: index.windows, detectors: deps.detectors ?? all })
  const burst = openBurst({ lag: () => ledger.size() - index.asOf(), now })
  /** Until when a window is left alone, by its key. */
  const resting = new Map<string, number>()
  let forgetAt = now()
  let isClosed = false
  let isWoken = false
  let running: Promise<void> | undefined

  const judgeOne = async (window: DirtyWindow) => {
    const from = now()
    let pause = pauseAfterFailureMs
    try {
      if (await judge(window)) for (const topic of ['findings', 'overview']) live.changed(topic)
      pause = Math.max(leastPauseMs, pausePerCost * (now() - from))
    } catch (error) {
      const { detector, host, fromMs } = window
      log.error({ err: error, detector, host, fromMs }, 'a detector failed on a window')
    }
    resting.set(keyOf(window), now() + pause)
    burst.judged(from)
  }
  const standsBack = (): boolean => {
    const until = burst.restsUntil()
    // Looked at again soon: it ends as soon as the index has caught up.
    if (until !== undefined) wakeAt(Math.min(until, now() + leastPauseMs))
    return until !== undefined
  }
  const judgeAll = async (windows: readonly DirtyWindow[]) => {
    for (const window of windows) if (!isClosed && !standsBack()) await judgeOne(window)
  }
  /** True when there was something to do. */
  const pass = async (): Promise<boolean> => {
    if (standsBack()) return false
    for (const [key, until] of resting) if (until <= now()) resting.delete(key)
    // Those at rest are in every answer, so that many more are asked for.
    const dirty = await index.windows.dirty(windowsAtOnce + Math.min(resting.size, mostResting))
    const ready = dirty.filter((window) => !resting.has(keyOf(window)))
    await judgeAll(ready)
    const next = Math.min(...dirty.map((window) => resting.get(keyOf(window)) ?? Number.POSITIVE_INFINITY))
    if (ready.length === 0 && Number.isFinite(next)) wakeAt(next)
    return ready.length > 0
  }
  const work = async () => {
    while (isWoken && !isClosed) {
      isWoken = false
      while (!isClosed && (await pass())) isWoken = true
      if (now() >= forgetAt) {
        forgetAt = now() + forgetsEveryMs
        await forgetTallies(store, now() - remembersMs)
      }
    }
  }
  const wake = () => {
    if (isClosed) return
    isWoken = true
    running ??= work()
      .catch((error: unknown) => log.error({ err: error }, 'the windows to judge could not be read'))
      .finally(() => {
        running = undefined
        if (isWoken) wake()
      })
  }

  const wakeAt = openAlarm({ schedule, now, ring: wake })

  const unlisten = index.onIndexed(wake)
  wake()
  return {
    async settled() {
      wake()
      while (running !== undefined) await running
    },
    async close() {
      isClosed = true
      unlisten()
      await running
    },
  }
}

/** Rings at the earliest of the times it was set to. */
function openAlarm({ schedule, now, ring }: Required<Pick<EngineDeps, 'schedule' | 'now'>> & { ring(): void }) {
  let setTo = Number.POSITIVE_INFINITY
  return (ms: number) => {
    if (ms >= setTo) return
    setTo = ms
    const run = () => {
      setTo = Number.POSITIVE_INFINITY
      ring()
    }
    schedule(run, ms - now())
  }
}

function later(run: () => void, ms: number): void {
  setTimeout(run, ms).unref()
}

function keyOf({ host, detector, fromMs }: DirtyWindow): string {
  return `${detector} ${fromMs} ${host}`
}
