import { randomUUID } from 'node:crypto'
import type { PackageRow, Tlp } from '@tidewaiter/protocol/api'
import type { Selectable } from 'kysely'
import { refuse } from '../error.ts'
import { record } from '../people/audit.ts'
import type { Store } from '../store/store.ts'
import type { PackageTable } from '../store/tables.ts'
import { writeAlone } from '../store/write-alone.ts'
import { type Cut, formatCut, type PackageChoice } from './cut.ts'

/** The rows that stand for packages in the store. */
export type Row = Selectable<PackageTable>

export interface By {
  who: string
  at: string
}

type State = PackageRow['state']

/** How far a build is. */
export interface Progress {
  state: State
  step: string
  done: number
  of: number
  problem: string | null
}

export function toPackageRow(row: Row, progress: Progress | undefined): PackageRow {
  const { state, step, done, of, problem } = progress ?? ended(row)
  return {
    id: row.id,
    incident: row.incident,
    number: row.number,
    // The next four were written by `insertBuild` from a checked request.
    profile: row.profile as PackageRow['profile'],
    disclose: row.disclose as PackageRow['disclose'],
    tlp: row.tlp as Tlp,
    state,
    step,
    done,
    of,
    fileName: row.file,
    bytes: row.bytes,
    sha256: row.sha256,
    signerFingerprint: row.signer,
    cut: row.cut === '' ? '' : formatCut(JSON.parse(row.cut) as Cut),
    builtAt: row.built_at,
    builtBy: row.built_by,
    // Our own text, as `runJob` wrote it.
    warnings: JSON.parse(row.warnings) as string[],
    ...(problem !== null && { problem }),
  }
}

function ended({ state, problem }: Row): Progress {
  return { state: state as State, step: state, done: 1, of: 1, problem }
}

/** Throws `not-found`. */
export async function rowOf(store: Store, id: string): Promise<Row> {
  const row = await store.selectFrom('package').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw refuse('not-found', `There is no package ${id}.`)
  return row
}

export function rowsOf(store: Store, incident: string): Promise<Row[]> {
  return (
    store
      .selectFrom('package')
      .selectAll()
      .where('incident', '=', incident)
      .orderBy('number', 'desc')
      // Of one that was built again the newest; one that is being built has no time yet.
      .orderBy('built_at', (order) => order.desc().nullsFirst())
      .execute()
  )
}

/** Fingerprint of the key with which this package, of this cut, was signed last. */
export async function signedBefore(
  store: Store,
  { incident, profile, disclose, tlp }: Row,
  cut: string,
): Promise<string | undefined> {
  const row = await store
    .selectFrom('package')
    .select('signer')
    .where('incident', '=', incident)
    .where('cut', '=', cut)
    .where('profile', '=', profile)
    .where('disclose', '=', disclose)
    .where('tlp', '=', tlp)
    .where('signer', 'is not', null)
    .orderBy('built_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.signer ?? undefined
}

/**
 * Enters a build and the act. A package has the next number of its incident; one of the same cut and choice is the same
 * package built again and keeps its number, and so does one that takes the place of a build that failed.
 */
export async function insertBuild(
  store: Store,
  { incident, choice, cut }: { incident: string; choice: PackageChoice; cut: string },
  { who, at }: By,
): Promise<Row> {
  const { profile, disclose, tlp } = choice
  return store.transaction().execute(async (tx) => {
    // Two at once are entered one after the other: the number is the next one until this is written.
    await writeAlone(tx, 'package')
    const rows = await tx
      .selectFrom('package')
      .selectAll()
      .where('incident', '=', incident)
      .where('state', 'in', ['building', 'built'])
      .execute()
    const same = rows.find((row) => cut !== '' && row.cut === cut && row.profile === profile && row.tlp === tlp)
    const number = same?.number ?? 1 + Math.max(0, ...rows.map((row) => row.number))
    const row: Row = {
      id: randomUUID(),
      incident,
      number,
      profile,
      disclose,
      tlp,
      state: 'building',
      cut,
      file: `${incident}_${profile}_v${number}.zip`,
      bytes: null,
      sha256: null,
      signer: null,
      built_at: null,
      built_by: who,
      problem: null,
      warnings: '[]',
    }
    await tx.insertInto('package').values(row).execute()
    await record(tx, { who, at, act: 'package.build', data: { id: row.id, incident, number, ...choice } })
    return row
  })
}

/** What is known when a build ends; the act stands beside it. */
export async function endBuild(
  store: Store,
  { id, incident, built_by }: Row,
  end: Partial<Row> & { state: State },
  at: string,
): Promise<void> {
  await store.transaction().execute(async (tx) => {
    await tx.updateTable('package').set(end).where('id', '=', id).execute()
    const { state, sha256, problem } = end
    const about = { id, incident, ...(sha256 && { sha256 }), ...(problem && { problem }) }
    await record(tx, { who: built_by, at, act: `package.${state}`, data: about })
  })
}
