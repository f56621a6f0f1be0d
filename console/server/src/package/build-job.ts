import { setTimeout as wait } from 'node:timers/promises'
import { isRefusal } from '../error.ts'
import { assemble } from './assemble.ts'
import type { PackageChoice } from './cut.ts'
import { type CutState, type PackageDeps, takeCutState } from './cut-state.ts'
import type { PackageFolder } from './folder.ts'
import { endBuild, type Progress, type Row, signedBefore } from './package-rows.ts'

/** A build that waits or runs, or whose end could not be written down. */
export interface Job {
  row: Row
  choice: PackageChoice
  /** The state to build as of; undefined for that of now. */
  state: CutState | undefined
  progress: Progress
  abort: AbortController
}

export interface Runner {
  deps: PackageDeps
  folder: PackageFolder
  /** Tells the screens. */
  changed(job: Job): void
}

/**
 * Runs a build to its end: built, failed or cancelled. Nothing half made stays. It never throws: a build belongs to no
 * request that could tell.
 * @returns true when the end is written down; where not, the job itself goes on saying it
 */
export async function runJob(runner: Runner, job: Job): Promise<boolean> {
  const { deps } = runner
  try {
    job.abort.signal.throwIfAborted()
    await endBuild(deps.store, job.row, { state: 'built', ...(await build(runner, job)) }, now(deps))
    job.progress = { ...job.progress, state: 'built' }
    return true
  } catch (error) {
    return await endInFailure(runner, job, error)
  } finally {
    runner.changed(job)
  }
}

async function endInFailure({ deps, folder }: Runner, job: Job, error: unknown): Promise<boolean> {
  const about = { package: job.row.id }
  const isCancelled = job.abort.signal.aborted
  const end = { state: isCancelled ? 'cancelled' : 'failed', problem: isCancelled ? null : problemOf(error) } as const
  if (!isCancelled && !isRefusal(error)) deps.log.error({ err: error, ...about }, 'package build failed')
  await folder.drop(job.row.id).catch((err) => deps.log.error({ err, ...about }, 'remains of a build stay'))
  const isWritten = await endBuild(deps.store, job.row, end, now(deps)).then(
    () => true,
    (err) => {
      deps.log.error({ err, ...about }, 'the end of a build could not be written')
      return false
    },
  )
  // Only now: whoever sees the end may rely on it.
  job.progress = { ...job.progress, ...end }
  return isWritten
}

async function build({ deps, folder, changed }: Runner, job: Job): Promise<Omit<Partial<Row>, 'state'>> {
  const { row, choice, abort } = job
  const step = (what: string, done: number, of: number) => {
    abort.signal.throwIfAborted()
    const isNews = what !== job.progress.step
    job.progress = { ...job.progress, step: what, done, of }
    if (isNews) changed(job)
  }
  const state = job.state ?? (await newState(deps, row.incident, { step, signal: abort.signal }))
  const cut = JSON.stringify(state.cut)
  job.row = { ...row, cut }
  const { file, stage } = folder.unfinished(row.id)
  const root = row.file.replace(/\.zip$/, '')
  const { incident, number } = row
  const { bytes, sha256, signer, warnings } = await assemble({
    deps,
    signedBefore: await signedBefore(deps.store, row, cut),
    incident,
    number,
    choice,
    state,
    root,
    file,
    folder: stage,
    step,
  })
  abort.signal.throwIfAborted()
  await folder.finish(row.id, state)
  return { cut, bytes, sha256, signer, warnings: JSON.stringify(warnings), built_at: now(deps) }
}

const indexWaitMs = 30_000
const pauseMs = 100

/** The state of now, once the index has read what the ledger held when the build began, or has had its time. */
async function newState(
  deps: PackageDeps,
  incident: string,
  { step, signal }: { step(what: string, done: number, of: number): void; signal: AbortSignal },
): Promise<CutState> {
  const size = deps.ledger.size()
  for (let waited = 0; deps.index.asOf() < size && waited < indexWaitMs; waited += pauseMs) {
    step('index', deps.index.asOf(), size)
    await wait(pauseMs, undefined, { signal })
  }
  step('cut', 0, 1)
  return takeCutState(deps, incident)
}

function now({ now }: PackageDeps): string {
  return new Date(now()).toISOString()
}

const fullDisk = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** What went wrong, in a sentence with the fix. Of a mistake of ours nothing but that it was one. */
function problemOf(error: unknown): string {
  if (isRefusal(error)) return error.says
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return fullDisk.has(code)
    ? 'The volume of the data folder is full. Nothing of the package was kept. Free space and build it again.'
    : 'The console made a mistake; its log says which. Build it again.'
}
