import type { FileFacts, Host } from '../../host.ts'

/** So many names are looked at, then others have their turn: 4,000 a second at most. */
const stride = { names: 200, pauseMs: 50 }
const most = { names: 10_000_000, waiting: 500_000, ms: 20 * 60_000 }
/** As many names as a host lists of one folder. */
const mostListed = 10_000

export interface Found {
  path: string
  facts: FileFacts
}

/** How far a volume was walked. */
export interface Walked {
  files: number
  folders: number
  /** Folders with more names than were looked at. */
  cut: number
  /** Why it was not walked to its end. */
  why: string | undefined
}

/** Holds a walk over several volumes to its bounds. */
export interface Pace {
  /** To be called for each name. Why the walk ends here, undefined while it may go on. */
  next(): Promise<string | undefined>
}

/** @param isAlone nobody but it is waited for: it makes no pauses */
export function newPace(host: Host, signal: AbortSignal, { isAlone = false } = {}): Pace {
  const endsAt = host.steady() + most.ms
  let names = 0
  return {
    async next() {
      names += 1
      if (signal.aborted) return 'the agent stopped'
      if (names > most.names) return `more than ${most.names} names`
      if (names % stride.names !== 0) return undefined
      if (isAlone) await host.breathe()
      else await host.sleep(stride.pauseMs, signal)
      return host.steady() > endsAt ? `it takes longer than ${most.ms / 60_000} minutes` : undefined
    },
  }
}

/** Regular files below a folder; nothing that is mounted there, and no link is followed. Counts in `walked`. */
export async function* walk(
  host: Host,
  at: string,
  { mounted, pace, walked }: { mounted: ReadonlySet<string>; pace: Pace; walked: Walked },
): AsyncGenerator<Found> {
  const waiting = [at]
  for (let folder = waiting.pop(); folder !== undefined && walked.why === undefined; folder = waiting.pop())
    for await (const found of entries(host, folder, { mounted, pace, walked }))
      if (found.facts.kind === 'file') yield found
      else if (waiting.length < most.waiting) waiting.push(found.path)
      else walked.why = 'more folders than can be remembered'
}

/** Files and folders that lie in one, until the walk ends. */
async function* entries(
  host: Host,
  folder: string,
  { mounted, pace, walked }: { mounted: ReadonlySet<string>; pace: Pace; walked: Walked },
): AsyncGenerator<Found> {
  walked.folders += 1
  const names = await host.list(folder)
  if (names.length >= mostListed) walked.cut += 1
  for (const name of names) {
    const path = folder === '/' ? `/${name}` : `${folder}/${name}`
    const facts = mounted.has(path) ? undefined : await host.facts(path)
    if (facts?.kind === 'file') walked.files += 1
    if (facts?.kind === 'file' || facts?.kind === 'folder') yield { path, facts }
    walked.why ??= await pace.next()
    if (walked.why !== undefined) return
  }
}
