import { refuse } from '../error.ts'
import { sealUnderPassphrase } from '../keys/passphrase.ts'
import { recordAlone } from '../people/audit.ts'
import type { Store } from '../store/store.ts'
import type { Vault } from '../store/vault.ts'
import { openNumbers } from './facts.ts'
import { countKinds } from './importer-numbers.ts'

/** The compromised importer numbers of an incident in clear, as far as they are known. */
export interface NumberList {
  numbers: string[]
  /** Revision that brought them, and when. */
  rev: number
  at: string
}

/** Undefined while the question is not answered with numbers, as of a revision of the incident. */
export async function numberListOf(
  { store, vault }: { store: Store; vault: Vault },
  incident: string,
  asOfRev = Number.MAX_SAFE_INTEGER,
): Promise<NumberList | undefined> {
  const fact = await store
    .selectFrom('fact')
    .selectAll()
    .where('incident', '=', incident)
    .where('field', '=', 'importerNumbers')
    .where('rev', '<=', asOfRev)
    .orderBy('rev', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (fact?.state !== 'answered') return undefined
  return { numbers: openNumbers(fact, vault), rev: fact.rev, at: fact.at }
}

/**
 * The list that follows the notice "separately, protected": an age file under a passphrase, which goes by another
 * channel. Whoever takes it out is written down before it is given.
 * @throws `not-found` when there is no list, `input-malformed` for a short passphrase
 */
export async function sealNumberList(
  { store, vault }: { store: Store; vault: Vault },
  incident: string,
  { passphrase, who, at }: { passphrase: string; who: string; at: string },
): Promise<{ sealed: Uint8Array; fileName: string; count: number }> {
  const list = await numberListOf({ store, vault }, incident)
  if (list === undefined) throw refuse('not-found', `${incident} has no importer numbers, or is not there.`)
  const sealed = await sealUnderPassphrase(textOf(incident, list), passphrase)
  const { rev, numbers } = list
  const data = { incident, rev, count: numbers.length }
  await recordAlone(store, { who, at, act: 'importer-numbers.export', data })
  return { sealed, fileName: `${incident}_importer-numbers_r${rev}.txt.age`, count: numbers.length }
}

function textOf(incident: string, { numbers, rev, at }: NumberList): string {
  const { ein, ssn, cbp } = countKinds(numbers)
  const about = [
    `Compromised importer identification numbers known in incident ${incident}`,
    `Revision ${rev}, entered ${at}: ${ein} EIN, ${ssn} SSN, ${cbp} CBP-assigned`,
  ]
  return `${[...about, '', ...numbers].join('\n')}\n`
}
