import { hash } from 'node:crypto'
import { join } from 'node:path'
import {
  bagDeclaration,
  formatBagInfo,
  formatManifest,
  type LedgerCard,
  laterFiles,
  oxumOf,
  packageFormat,
  packageFormatLabel,
  parseHead,
  payloadFiles,
  tagFiles,
} from '@tidewaiter/protocol'
import { refuse } from '../error.ts'
import { countKinds } from '../incidents/importer-numbers.ts'
import { itemsOf, readIncident } from '../incidents/incidents.ts'
import { numberListOf } from '../incidents/number-list.ts'
import type { PackageSigner } from '../keys/keys.ts'
import { actionLines } from './actions.ts'
import { citationsOf } from './citations.ts'
import type { PackageContent } from './content.ts'
import { formatCut, type PackageChoice } from './cut.ts'
import type { CutState, PackageDeps } from './cut-state.ts'
import { disclose } from './disclose.ts'
import { letterOf } from './letter.ts'
import { letterHtml } from './letter-html.ts'
import { letterText } from './letter-text.ts'
import { type Packed, packInto, type TagFile, toTagFile } from './pack.ts'
import { openProver, type Prover } from './prover.ts'
import { readmeOf } from './readme.ts'
import { visible } from './shown.ts'
import { signatureFiles } from './sign.ts'
import { openStage, type Stage, type StagedFile } from './stage.ts'
import { stixBundle } from './stix.ts'
import { summaryOf } from './summary.ts'
import { coverageTable, custodyTable, indicatorTable, resourceTable, timelineTable } from './tables.ts'
import { forwardable } from './tlp.ts'
import { warningsOf } from './warnings.ts'

export interface Assembling {
  deps: PackageDeps
  incident: string
  number: number
  choice: PackageChoice
  state: CutState
  /** Fingerprint of the key that signed this package before, if it was built before. */
  signedBefore: string | undefined
  /** Name of the folder inside the container. */
  root: string
  /** Where the payload waits, and where the container is written. */
  folder: string
  file: string
  /** Called often; throws when the build was cancelled. */
  step(what: string, done: number, of: number): void
}

export interface Assembled extends Packed {
  /** Fingerprint of the key it is signed with. */
  signer: string
  /** What whoever built it should know before it is sent. */
  warnings: string[]
}

/**
 * Writes the package of a cut. Which key signs it is settled first, since its documents name that key: the one that
 * signed the same package before, where its signature is still there for what is written now, else the key of now.
 * @throws `ledger-damaged`, `not-found`, what the file system throws, and what `step` throws
 */
export async function assemble(assembling: Assembling): Promise<Assembled> {
  const signer = assembling.deps.keys.packageSigner()
  const before = assembling.signedBefore ?? signer.fingerprint
  const again = before === signer.fingerprint ? undefined : await assembleFor(assembling, { fingerprint: before })
  if (again !== undefined) return again
  const packed = await assembleFor(assembling, signer)
  if (packed === undefined) throw new Error('a package was not signed by the key there is')
  return packed
}

/** Who signs: a key that is there, or one that left nothing but its signatures. */
type Signer = PackageSigner | Pick<PackageSigner, 'fingerprint'>

/** Undefined when there is no signature by that key. */
async function assembleFor(assembling: Assembling, signer: Signer): Promise<Assembled | undefined> {
  const stage = await openStage(join(assembling.folder, signer.fingerprint))
  try {
    const warnings = await writePayload(assembling, stage, signer.fingerprint)
    const payload = stage.files()
    const tags = await tagFilesOf(assembling, payload, signer)
    if (tags === undefined) return undefined
    const bytes = payload.reduce((sum, file) => sum + file.bytes, 0)
    let written = 0
    const packed = await packInto(assembling.file, { root: assembling.root, payload, tags }, (more) => {
      written += more
      assembling.step('packing', Math.min(written, bytes), bytes)
    })
    return { ...packed, signer: signer.fingerprint, warnings }
  } finally {
    await stage.close()
  }
}

/** Returns the warnings. */
async function writePayload(assembling: Assembling, stage: Stage, signer: string): Promise<string[]> {
  const { deps, number, choice, step } = assembling
  const { state, notForwarded } = forwardable(assembling.state, choice.tlp)
  const known = await readKnown(assembling)
  const { citations, strange } = citationsOf({ ...known, ...state })
  const prover = openProver()
  try {
    const root = await prover.useLedger(sizesOf(state), await deps.ledger.leaves(state.cut.size))
    checkRoot(state, root)
    const card = await ledgerCard(state, prover)
    const { ledger } = deps
    const disclosed = await disclose(
      { ledger, stage, prover, hosts: state.hosts, size: state.cut.size, step },
      citations,
    )
    const disclosure = { ...disclosed, strange }
    await writeDocuments(assembling, stage, { ...known, number, choice, signer, state, notForwarded, disclosure, card })
    return warningsOf({ state, disclosure })
  } finally {
    await prover.close()
  }
}

/** Throws `ledger-damaged` when the entries do not give the head that was signed: nothing may be packed from them. */
function checkRoot({ head, cut }: CutState, root: string): void {
  if (root !== parseHead(head).root)
    throw refuse('ledger-damaged', `The first ${cut.size} entries of the ledger do not give the head that was signed.`)
}

type Known = Pick<PackageContent, 'incident' | 'facts' | 'clocks' | 'items' | 'importerNumbers'>

/** What people recorded, as of the cut. */
async function readKnown({ deps, incident, state }: Assembling): Promise<Known> {
  const { store, vault } = deps
  const { incidentRev } = state.cut
  const at = { vault, nowMs: Date.parse(state.at), asOfRev: incidentRev, zone: state.zone }
  const { row, facts, clocks } = await readIncident(store, incident, at)
  const numbers = await numberListOf(deps, incident, incidentRev)
  return {
    incident: { id: row.id, name: row.name, openedAt: row.openedAt, openedBy: row.openedBy },
    facts,
    clocks,
    items: await itemsOf(store, incident, incidentRev),
    importerNumbers: numbers === undefined ? null : countKinds(numbers.numbers),
  }
}

/** How many entries of each ledger are in the cut. */
function sizesOf({ cut, restored = [] }: CutState): Map<string, number> {
  const older = restored.map(({ head }) => parseHead(head)).map(({ ledger, size }) => [ledger, size] as const)
  return new Map([...older, [cut.ledger, cut.size]])
}

async function ledgerCard({ ledgerKeys, head, restored = [] }: CutState, prover: Prover): Promise<LedgerCard> {
  const older: NonNullable<LedgerCard['restored']> = []
  for (const { head: before, refed } of restored)
    older.push({ head: before, consistency: await prover.consistencyOf(parseHead(before).size), refed })
  return { tw: 'ledger/1', keys: ledgerKeys, head, ...(older.length > 0 && { restored: older }) }
}

async function writeDocuments(
  { deps, step }: Assembling,
  stage: Stage,
  { card, ...content }: PackageContent & { card: LedgerCard },
): Promise<void> {
  const letter = letterOf(content)
  const documents: [path: string, pieces: Iterable<string> | AsyncIterable<string>][] = [
    [payloadFiles.readme, [readmeOf(content)]],
    [payloadFiles.letterHtml, [letterHtml(letter)]],
    [payloadFiles.letterText, [letterText(letter)]],
    [payloadFiles.summary, [summaryOf(content)]],
    [payloadFiles.indicatorsCsv, indicatorTable(content)],
    [payloadFiles.indicatorsStix, stixBundle(content)],
    [payloadFiles.timeline, timelineTable(content)],
    [payloadFiles.ledger, [`${JSON.stringify(card)}\n`]],
    [payloadFiles.actions, actionLines(deps.store, content)],
    [payloadFiles.custody, custodyTable(content)],
    [payloadFiles.coverage, coverageTable(content)],
    [laterFiles.resources, resourceTable(content)],
  ]
  for (const [i, [path, pieces]] of documents.entries()) {
    step('documents', i, documents.length)
    await stage.put(path, pieces)
  }
}

async function tagFilesOf(
  { deps, incident, number, choice, state }: Assembling,
  payload: readonly StagedFile[],
  signer: Signer,
): Promise<TagFile[] | undefined> {
  const info = formatBagInfo([
    ['Source-Organization', visible(state.broker.name)],
    ['External-Identifier', `${incident} / P-${number}`],
    ['External-Description', `Evidence package, profile ${choice.profile}, TLP:${choice.tlp}`],
    ['Bagging-Date', state.at.slice(0, 10)],
    ['Payload-Oxum', oxumOf(payload.map(({ bytes }) => bytes))],
    ['Bag-Software-Agent', state.software],
    [packageFormatLabel, packageFormat],
    ['Tidewaiter-Cut', formatCut(state.cut)],
  ])
  const listed = [
    toTagFile(tagFiles.info, info),
    toTagFile(tagFiles.declaration, bagDeclaration),
    toTagFile(tagFiles.manifest, formatManifest(new Map(payload.map(({ path, sha256 }) => [path, sha256])))),
  ]
  const digests = listed.map(({ path, data }) => [path, hash('sha256', data)] as const)
  const tagManifest = toTagFile(tagFiles.tagManifest, formatManifest(new Map(digests)))
  const signed = await signatureFiles(tagManifest.data, {
    store: deps.store,
    signer: 'sign' in signer ? signer : undefined,
    at: new Date(deps.now()).toISOString(),
  })
  return signed && [...listed, tagManifest, ...signed]
}
