import type { Setting } from '../detector.ts'
import type { Run } from './sign-in-runs.ts'

export type Thresholds = Record<'failures' | 'accounts' | 'unknownAccounts' | 'slowFailures' | 'beforeSuccess', Setting>

interface Limits {
  settings: Thresholds
  windowMs: number
}

/** What a source did that no slip of the hand explains. */
export interface Attack {
  /** Runs that count: never put right, long before they were, or put right in the middle of the rest. */
  runs: Run[]
  /** Of these, and of accounts that were never missed: the ones that opened, in the order of time. */
  opened: Run[]
  failures: number
  accounts: number
  unknown: string[]
  /** Failures, accounts and unknown accounts of the window that has most of each. */
  most: Counts
  firstMs: number
  lastMs: number
}

const besideMs = 600_000

/** Undefined when all of it is what people do: some slips, then the right word. */
export function attackOf(runs: readonly Run[], { settings, windowMs }: Limits): Attack | undefined {
  const tried = runs.filter(({ failures }) => failures > 0)
  const suspect = tried.filter(
    ({ success, failures }) => success === undefined || failures >= settings.beforeSuccess.value,
  )
  const loud = windowsOf(suspect).filter((counts) => isLoud(counts, settings))
  const guessed = suspect.some(({ success }) => success !== undefined)
  if (loud.length === 0 && sum(suspect) < settings.slowFailures.value && !guessed) return undefined
  const opensIn = ({ success }: Run) =>
    success !== undefined && loud.some(({ window }) => success.ms >= window && success.ms < window + 2 * windowMs)
  const slips = tried.filter((run) => !suspect.includes(run) && opensIn(run) && isAmong(run, suspect))
  const counted = [...suspect, ...slips].sort((a, b) => a.firstMs - b.firstMs)
  const most = mostOf(windowsOf(counted))
  const fresh = most.accounts >= settings.accounts.value ? firstSuccesses(runs).filter(opensIn) : []
  const opened = [...counted.filter(({ success }) => success !== undefined), ...fresh]
  return {
    runs: counted,
    opened: opened.sort((a, b) => (a.success?.ms ?? 0) - (b.success?.ms ?? 0)),
    failures: sum(counted),
    accounts: accountsOf(counted),
    unknown: [...namesOf(counted.filter(({ unknown }) => unknown))],
    most,
    firstMs: Math.min(...counted.map(({ firstMs }) => firstMs)),
    lastMs: Math.max(...counted.map(({ lastMs }) => lastMs)),
  }
}

interface Counts {
  failures: number
  accounts: number
  unknown: number
}

/** What the runs come to in each window. */
function windowsOf(runs: readonly Run[]): (Counts & { window: number })[] {
  const windows = new Map<number, Run[]>()
  for (const run of runs)
    for (const window of run.windows.keys()) {
      const there = windows.get(window)
      if (there === undefined) windows.set(window, [run])
      else there.push(run)
    }
  return Array.from(windows, ([window, here]) => ({
    window,
    failures: here.reduce((total, run) => total + (run.windows.get(window) ?? 0), 0),
    accounts: accountsOf(here),
    unknown: accountsOf(here.filter(({ unknown }) => unknown)),
  }))
}

function isLoud({ failures, accounts, unknown }: Counts, limits: Thresholds): boolean {
  const { failures: guesses, accounts: many, unknownAccounts: names } = limits
  return failures >= guesses.value || accounts >= many.value || unknown >= names.value
}

function mostOf(windows: readonly Counts[]): Counts {
  const most = (of: keyof Counts) => Math.max(...windows.map((counts) => counts[of]))
  return { failures: most('failures'), accounts: most('accounts'), unknown: most('unknown') }
}

/** True for failures that came while the others did, or a little before or after. */
function isAmong({ firstMs, lastMs }: Run, others: readonly Run[]): boolean {
  const from = Math.min(...others.map((run) => run.firstMs)) - besideMs
  const to = Math.max(...others.map((run) => run.lastMs)) + besideMs
  return lastMs >= from && firstMs <= to
}

/** First sign-ins of accounts that never failed: a word tried on many opens some at once. */
function firstSuccesses(runs: readonly Run[]): Run[] {
  const first = new Map<string | null, Run>()
  for (const run of runs) {
    const before = first.get(run.account)
    if (before === undefined || run.firstMs < before.firstMs) first.set(run.account, run)
  }
  return [...first.values()].filter(({ failures, account }) => failures === 0 && account !== null)
}

function sum(runs: readonly Run[]): number {
  return runs.reduce((total, { failures }) => total + failures, 0)
}

/** Those kept apart, and of those folded at least as many as the window with most of them had. */
function accountsOf(runs: readonly Run[]): number {
  const folded = runs.reduce((most, { account, accounts }) => (account === null ? Math.max(most, accounts) : most), 0)
  return namesOf(runs).size + folded
}

function namesOf(runs: readonly Run[]): Set<string> {
  return new Set(runs.flatMap(({ account }) => (account === null ? [] : [account])))
}
