import { stat } from 'node:fs/promises'
import type { BuildPackage, PackageRow } from '@tidewaiter/protocol/api'
import { refuse } from '../error.ts'
import { recordAlone } from '../people/audit.ts'
import { type Job, runJob } from './build-job.ts'
import { formatCut, type PackageChoice, parseCut } from './cut.ts'
import type { CutState, PackageDeps } from './cut-state.ts'
import { openPackageFolder, type PackageFolder } from './folder.ts'
import { type By, endBuild, insertBuild, rowOf, rowsOf, toPackageRow } from './package-rows.ts'

/** Packages of incidents: built one after the other as jobs, kept in the data folder. */
export interface Packages {
  /** Starts a build and returns its row. Throws `not-found`, `cut-unknown`, `input-malformed`. */
  build(incident: string, request: BuildPackage, by: By): Promise<PackageRow>
  /** Throws `not-found`. */
  get(id: string): Promise<PackageRow>
  /** Of one incident, newest first. */
  list(incident: string): Promise<PackageRow[]>
  /** Stops a build; one that has ended stays as it is. Throws `not-found`. */
  cancel(id: string, by: By): Promise<PackageRow>
  /** The finished file, for a download, which is recorded. Throws `not-found`. */
  file(id: string, by: By): Promise<{ path: string; fileName: string; bytes: number }>
  /** Stops all builds. */
  close(): Promise<void>
}

/** Opens the packages of a data folder. A build that a killed console left is marked failed, and its remains are removed. */
export async function openPackages(deps: PackageDeps): Promise<Packages> {
  const { store, live } = deps
  const folder = await openPackageFolder(deps.data)
  await settle(deps, folder)
  const jobs = new Map<string, Job>()
  let last = Promise.resolve()

  const changed = ({ row }: Job) => {
    live.changed(`package:${row.id}`)
    live.changed(`incident:${row.incident}`)
  }
  const start = (job: Job) => {
    jobs.set(job.row.id, job)
    last = last.then(async () => {
      if (await runJob({ deps, folder, changed }, job)) jobs.delete(job.row.id)
    })
  }
  const shownRow = async (id: string) => {
    const job = jobs.get(id)
    return toPackageRow(job?.row ?? (await rowOf(store, id)), job?.progress)
  }

  return {
    async build(incident, request, by) {
      const choice = choiceOf(request)
      await checkIncident(deps, incident)
      const state = request.asOf === undefined ? undefined : await stateOf(deps, folder, incident, request.asOf)
      const cut = state === undefined ? '' : JSON.stringify(state.cut)
      const row = await insertBuild(store, { incident, choice, cut }, by)
      const progress = { state: 'building' as const, step: 'waiting', done: 0, of: 1, problem: null }
      start({ row, choice, state, progress, abort: new AbortController() })
      live.changed(`incident:${incident}`)
      return toPackageRow(row, progress)
    },
    get: shownRow,
    async list(incident) {
      const rows = await rowsOf(store, incident)
      return rows.map((row) => toPackageRow(jobs.get(row.id)?.row ?? row, jobs.get(row.id)?.progress))
    },
    async cancel(id, { who, at }) {
      const job = jobs.get(id)
      if (job?.progress.state === 'building' && !job.abort.signal.aborted) {
        job.abort.abort()
        await recordAlone(store, { who, at, act: 'package.cancel', data: { id, incident: job.row.incident } })
      }
      return shownRow(id)
    },
    async file(id, { who, at }) {
      const { state, file, incident } = await rowOf(store, id)
      if (state !== 'built') throw refuse('not-found', `Package ${id} is ${state}: there is no file of it.`)
      const path = folder.file(id)
      const { size } = await stat(path).catch((cause) => {
        throw refuse('not-found', `The file of package ${id} is gone from the data folder.`, { cause })
      })
      await recordAlone(store, { who, at, act: 'package.download', data: { id, incident } })
      return { path, fileName: file, bytes: size }
    },
    async close() {
      for (const { abort } of jobs.values()) abort.abort()
      await last
    },
  }
}

/** What this version can build. Throws `input-malformed` for the rest of what a request may name. */
function choiceOf({ profile, disclose = 'records', tlp = 'AMBER' }: BuildPackage): PackageChoice {
  if (profile !== 'soc')
    throw refuse('input-malformed', 'This version builds packages of the profile soc only: use --profile soc.')
  if (disclose !== 'records')
    throw refuse(
      'input-malformed',
      'Whole batches need a second person to agree, which this version cannot ask for: use --disclose records.',
    )
  return { profile, disclose, tlp }
}

async function checkIncident({ store }: PackageDeps, incident: string): Promise<void> {
  const row = await store.selectFrom('incident').select('id').where('id', '=', incident).executeTakeFirst()
  if (row === undefined) throw refuse('not-found', `There is no incident ${incident}.`)
}

/** The state kept with a package of this cut. Throws `cut-unknown`. */
async function stateOf(
  { store, ledger }: PackageDeps,
  folder: PackageFolder,
  incident: string,
  asOf: string,
): Promise<CutState> {
  const cut = parseCut(asOf)
  if (cut !== undefined && cut.ledger === ledger.id)
    for (const { id, state, cut: kept } of await rowsOf(store, incident)) {
      const held = state === 'built' && kept === JSON.stringify(cut) ? await folder.stateOf(id) : undefined
      if (held !== undefined && formatCut(held.cut) === asOf) return held
    }
  throw refuse('cut-unknown', `No package of ${incident} was built as of ${asOf}.`)
}

async function settle({ store, now }: PackageDeps, folder: PackageFolder): Promise<void> {
  const rows = await store.selectFrom('package').selectAll().execute()
  const problem = 'The console stopped while it was being built. Build it again.'
  for (const row of rows)
    if (row.state === 'building')
      await endBuild(store, row, { state: 'failed', problem }, new Date(now()).toISOString())
  await folder.clean(new Set(rows.filter(({ state }) => state === 'built').map(({ id }) => id)))
}
