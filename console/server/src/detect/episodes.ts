import type { Detector, Tally, Verdict } from './detector.ts'

/** One window of one subject in which something was counted. */
export interface Noted {
  fromMs: number
  toMs: number
  /** True where all that was counted matters only beside others. */
  context: boolean
}

export interface Counted extends Noted {
  rows: readonly Tally[]
}

/** Windows of one subject that are judged together. */
export interface Episode<N extends Noted> {
  /** Of the windows that make it. */
  fromMs: number
  toMs: number
  /** These, and what is context within `quietMs` of them, oldest first. */
  windows: readonly N[]
}

/** An episode without an end begins a new one after so many windows: what is judged at once stays bounded. */
const mostWindows = 720

/** What `measure` gave for a window, by subject (`<type> <value>`). */
export function countedOf(
  measured: readonly Record<string, unknown>[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Map<string, Counted> {
  const subjects = new Map<string, Tally[]>()
  for (const row of measured) {
    // The columns are those of the detector's own SQL.
    const tally = { ...row, window: fromMs } as Tally
    const subject = `${tally.subject_type} ${tally.subject}`
    const rows = subjects.get(subject)
    if (rows === undefined) subjects.set(subject, [tally])
    else rows.push(tally)
  }
  return new Map(
    Array.from(subjects, ([subject, rows]) => [
      subject,
      { fromMs, toMs, context: rows.every(({ context }) => context === 1), rows },
    ]),
  )
}

/** @param noted windows of one subject, oldest first */
export function episodesOf<N extends Noted>(noted: readonly N[], quietMs: number): Episode<N>[] {
  return groupsOf(noted, quietMs).map(({ fromMs, toMs }) => ({
    fromMs,
    toMs,
    windows: noted.filter((window) =>
      window.context
        ? window.fromMs - toMs <= quietMs && fromMs - window.toMs <= quietMs
        : window.fromMs >= fromMs && window.toMs <= toMs,
    ),
  }))
}

function groupsOf(noted: readonly Noted[], quietMs: number): { fromMs: number; toMs: number }[] {
  const groups: { fromMs: number; toMs: number; windows: number }[] = []
  for (const { fromMs, toMs, context } of noted) {
    if (context) continue
    const last = groups.at(-1)
    if (last !== undefined && fromMs - last.toMs <= quietMs && last.windows < mostWindows) {
      last.toMs = toMs
      last.windows += 1
    } else groups.push({ fromMs, toMs, windows: 1 })
  }
  return groups
}

/** What a detector concludes from the windows of an episode. */
export function judgeEpisode(
  detector: Detector,
  windows: readonly Counted[],
  host: string | undefined,
): Verdict | undefined {
  const rows = windows.flatMap((window) => window.rows)
  return detector.judge(rows, { settings: detector.settings, ...(host !== undefined && { host }) })
}
