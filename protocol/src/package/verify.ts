import type { SignedHead } from '../batch.ts'
import type { Primitives } from '../primitives.ts'
import { checkCitations } from './check-evidence.ts'
import { checkBag, checkFiles, crcThatBelongs } from './check-files.ts'
import { checkSignature, type Signed } from './check-signature.ts'
import { findDifferences } from './container.ts'
import { tagFiles } from './layout.ts'
import { type Bag, openBag } from './open-bag.ts'
import { concludeEvidence } from './read-evidence.ts'
import { type ReadBag, readFiles } from './read-files.ts'
import { type Check, newReport, type Report } from './report.ts'
import { parseFingerprint } from './signer.ts'
import { type RandomAccess, withReadAhead } from './source.ts'
import { newEvidence } from './state.ts'

/** What a verifier says of a package. */
export interface VerifyReport {
  /** True when every check passed: the package is as it was signed and, with a fingerprint, signed by that key. */
  ok: boolean
  checks: Check[]
  /** Whose signature holds. `checked` when a fingerprint was given and it is this one; `name` is what the signer says. */
  signer: { name: string; fingerprint: string; checked: boolean } | null
  /** The time its content is of, as the package says; null when its summary cannot be read. */
  asOf: string | null
  /** The signed head of the ledger it was made from; null when it cannot be read. */
  head: SignedHead | null
  /** Heads that hosts sealed into disclosed headers and that were shown to be beginnings of that ledger. */
  hostHeads: number
  /** Files in the container. */
  files: number
  /** Whole batches disclosed: none, packages of version 1 hold records. */
  batchesComplete: number
  recordsProven: number
}

export interface VerifyOptions {
  /** SHA-256 of the signer's public key in hex, as it was read out; groups, colons and capitals do not matter. */
  fingerprint?: string
  onProgress?: (progress: { doneBytes: number; ofBytes: number }) => void
  signal?: { throwIfAborted(): void }
}

/**
 * Checks a package in one pass over its bytes, in memory that does not grow with its files: `package-format.md` says
 * what is checked against what. It never throws for what is in the package: whatever differs is named in the report.
 */
export async function verifyPackage(
  p: Primitives,
  source: RandomAccess,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const report = newReport()
  const near = withReadAhead(source)
  const bag = await openBag(report, near)
  if (bag === undefined)
    return conclude(
      report,
      { files: 0, recordsProven: 0, signed: undefined, name: '', asOf: undefined, heads: nothing },
      options,
    )
  const evidence = newEvidence(p, report)
  const { files, kept } = await readFiles(evidence, { source, bag }, countBytes(bag, options))
  const changed = await checkFiles(report, files, kept)
  await checkContainer(report, near, { files, changed })
  const info = await checkBag(report, files, kept)
  const signed = await checkSignature(p, report, kept)
  const asOf = await checkCitations(evidence, kept)
  concludeEvidence(evidence)
  const name = info?.get('Source-Organization') ?? ''
  const heads = { head: evidence.ledger?.signed ?? null, hostHeads: evidence.tally.heads }
  return conclude(
    report,
    { files: files.size, recordsProven: evidence.proven.size, signed, name, asOf, heads },
    options,
  )
}

const nothing = { head: null, hostHeads: 0 }

function countBytes(bag: Bag, { onProgress, signal }: VerifyOptions): (bytes: number) => void {
  const ofBytes = [...bag.values()].reduce((sum, { stored }) => sum + stored.bytes, 0)
  let doneBytes = 0
  return (bytes) => {
    signal?.throwIfAborted()
    doneBytes += bytes
    onProgress?.({ doneBytes, ofBytes })
  }
}

async function checkContainer(
  report: Report,
  source: RandomAccess,
  { files, changed }: Pick<ReadBag, 'files'> & { changed: ReadonlySet<string> },
): Promise<void> {
  const stored = [...files.values()]
    .map((file) => ({ ...file.stored, crc32: crcThatBelongs(file, changed.has(file.path)) }))
    .sort((a, b) => a.at - b.at)
  for (const { offset, where } of await findDifferences(source, stored))
    report.problem('container', `container@${offset}: not the byte a package has there, ${where}`)
  report.passed('container', `all ${source.size} bytes are those of the one container these files have`)
}

interface Found {
  files: number
  recordsProven: number
  signed: Signed | undefined
  /** The organisation the bag names. */
  name: string
  asOf: string | undefined
  heads: Pick<VerifyReport, 'head' | 'hostHeads'>
}

function conclude(
  report: Report,
  { files, recordsProven, signed, name, asOf, heads }: Found,
  { fingerprint }: VerifyOptions,
): VerifyReport {
  if (fingerprint !== undefined) checkSigner(report, signed, fingerprint)
  const checks = report.checks()
  const checked = checks.some((check) => check.name === 'signer' && check.ok)
  const signer = signed && { name: name || signed.name, fingerprint: signed.fingerprint, checked }
  const ok = checks.every((check) => check.ok)
  return { ok, checks, signer: signer ?? null, asOf: asOf ?? null, ...heads, files, batchesComplete: 0, recordsProven }
}

function checkSigner(report: Report, signed: Signed | undefined, fingerprint: string): void {
  const wanted = parseFingerprint(fingerprint)
  if (wanted === undefined) report.problem('signer', 'the fingerprint given is not 64 hex digits')
  else if (signed === undefined)
    report.problem('signer', `${tagFiles.signature}: no signature holds, so that nobody is known to have signed`)
  else if (signed.fingerprint !== wanted)
    report.problem('signer', `${tagFiles.publicKey}: signed by the key ${signed.fingerprint}, not by ${wanted}`)
  else report.passed('signer', `signed by the key with the fingerprint given, ${wanted}`)
}
