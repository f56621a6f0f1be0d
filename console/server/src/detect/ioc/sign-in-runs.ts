import type { Tally } from '../detector.ts'

/** What was counted of one account of a source in one window: failures up to the success that ended them, if one did. */
export interface SignInTally extends Tally {
  /** Empty where nobody said which; null for the many that were too many to be kept apart. */
  account: string | null
  /** How many accounts the row stands for. */
  accounts: number
  /** Successes of the account before these failures, in this window. */
  run: number | null
  failures: number
  first_at: number | null
  last_at: number | null
  answered_at: number | null
  answered_in: string | null
  /** 1 when the host said that there is no such account. */
  unknown: number
  /** Places of the failures, separated by blanks. */
  places: string | null
}

/** Failures of one account with no success between them. */
export interface Run {
  account: string | null
  accounts: number
  failures: number
  /** Of the failures; of the success where there are none. */
  firstMs: number
  lastMs: number
  unknown: boolean
  /** How many failures in which window. */
  windows: Map<number, number>
  places: string[]
  success?: { ms: number; place: string }
}

/** Puts together what the turn of a window cut apart. Runs that are closed by a success come before those still open. */
export function runsOf(rows: readonly SignInTally[]): Run[] {
  const open = new Map<string | null, Run>()
  const closed: Run[] = []
  for (const row of rows.toSorted((a, b) => a.window - b.window || (a.run ?? 0) - (b.run ?? 0))) {
    const run = open.get(row.account) ?? newRun(row)
    open.set(row.account, run)
    if (row.failures > 0) addFailures(run, row)
    if (row.answered_at === null || row.answered_in === null) continue
    run.success = { ms: row.answered_at, place: row.answered_in }
    if (run.failures === 0) run.firstMs = run.lastMs = row.answered_at
    closed.push(run)
    open.delete(row.account)
  }
  return [...closed, ...open.values()]
}

function newRun({ account }: SignInTally): Run {
  return {
    account,
    accounts: 0,
    failures: 0,
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: Number.NEGATIVE_INFINITY,
    unknown: false,
    windows: new Map(),
    places: [],
  }
}

function addFailures(run: Run, { window, failures, accounts, first_at, last_at, unknown, places }: SignInTally): void {
  run.failures += failures
  run.accounts = Math.max(run.accounts, accounts)
  run.firstMs = Math.min(run.firstMs, first_at ?? window)
  run.lastMs = Math.max(run.lastMs, last_at ?? window)
  run.unknown ||= unknown === 1
  run.windows.set(window, (run.windows.get(window) ?? 0) + failures)
  if (places !== null) run.places.push(...places.split(' '))
}
