import { type Primitives, Refusal, toBase64 } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { artifacts, chunks, readArtifact, readChunk } from './artifacts.ts'
import { batchesBroken } from './batches-broken.ts'
import { batchesInOrder } from './batches-in-order.ts'
import type { Case, Outcome } from './case.ts'
import { ecdsa, entries, heads, places } from './heads.ts'
import { hostKey, ledgerKey, otherKey, packageKey } from './keys.ts'
import { packages } from './packages.ts'
import { proofs } from './proofs.ts'
import {
  packageReader,
  readBatch,
  readConsistency,
  readEntry,
  readFrame,
  readHead,
  readInclusion,
  readPlace,
  readPolicy,
  readProof,
  readSignature,
  readTask,
  readToken,
  readZstd,
} from './read.ts'
import { consistencies, inclusions } from './trees.ts'
import { frames, policies, tasks, tokens } from './wire.ts'
import { zstd } from './zstd.ts'

/** One kind of vectors, in a file of its name. */
interface Kind {
  name: string
  about: string
  cases: readonly Case<never>[]
  read(p: Primitives, input: never): unknown
}

function kind<Input>(
  name: string,
  about: string,
  { cases, read }: { cases: readonly Case<Input>[]; read: (p: Primitives, input: Input) => unknown },
): Kind {
  // Each kind keeps its input to itself: outside, cases are only ever given back to their own reader.
  return { name, about, cases: cases as readonly Case<never>[], read: read as Kind['read'] }
}

export const kinds: readonly Kind[] = [
  kind('batches', 'whole batches, opened to their records', {
    cases: [...batchesInOrder, ...batchesBroken],
    read: readBatch,
  }),
  kind('proofs', 'proofs of one record', { cases: proofs, read: readProof }),
  kind('zstd', 'payloads, inflated to the size their header announces', { cases: zstd, read: readZstd }),
  kind('signatures', 'ECDSA signatures: true or false', { cases: ecdsa, read: readSignature }),
  kind('places', 'where a batch stands in its chain', { cases: places, read: readPlace }),
  kind('entries', 'entry hashes of the ledger', { cases: entries, read: readEntry }),
  kind('heads', 'signed heads of the ledger', { cases: heads, read: readHead }),
  kind('inclusions', 'inclusion proofs: true or false', { cases: inclusions, read: readInclusion }),
  kind('consistencies', 'consistency proofs: true or false', { cases: consistencies, read: readConsistency }),
  kind('artifacts', 'artifacts, from their bytes to hash and root', { cases: artifacts, read: readArtifact }),
  kind('chunks', 'frames that carry a chunk of an artifact', { cases: chunks, read: readChunk }),
  kind('frames', 'control messages', { cases: frames, read: readFrame }),
  kind('tokens', 'enrolment tokens', { cases: tokens, read: readToken }),
  kind('tasks', 'tasks, asked of a host in a given state', { cases: tasks, read: readTask }),
  kind('packages', 'packages, as a verifier reports on them', { cases: packages, read: packageReader(firstPackage) }),
  kind('policies', 'policies of host and console, and what is in force', { cases: policies, read: readPolicy }),
]

function firstPackage(): string {
  const [first] = packages
  return first !== undefined && 'package' in first.input ? first.input.package : ''
}

/** What comes of a vector with these primitives. */
export async function outcomeOf(p: Primitives, { read }: Pick<Kind, 'read'>, input: never): Promise<Outcome> {
  try {
    return { gives: await read(p, input) }
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code }
    throw error
  }
}

/** The files as they must be, by their names. Throws when a vector does not come to what it says. */
export async function filesOfVectors(): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const one of kinds) files.set(`${one.name}.json`, await textOf(one))
  return files.set('index.json', indexText())
}

/** A case on each line, so that a changed case is a changed line. */
async function textOf({ name, cases, read }: Kind): Promise<string> {
  const lines: string[] = []
  for (const one of cases) {
    const outcome = await outcomeOf(nodePrimitives, { read }, one.input)
    if (!isAsSaid(one, outcome)) throw new Error(`${name}: "${one.name}" comes to ${JSON.stringify(outcome)}`)
    lines.push(JSON.stringify({ name: one.name, ...(one.input as object), ...outcome }))
  }
  const names = new Set(cases.map((one) => one.name))
  if (names.size !== cases.length) throw new Error(`${name}: two cases have one name`)
  return `[\n${lines.join(',\n')}\n]\n`
}

function isAsSaid({ refused, gives }: Case<never>, outcome: Outcome): boolean {
  if ('refused' in outcome) return outcome.refused === refused
  return refused === undefined && (gives === undefined || gives === outcome.gives)
}

function indexText(): string {
  const index = {
    tw: 'vectors/1',
    /** Another version of zstd may compress to other bytes; every version reads these. */
    madeWith: { node: process.versions.node, zstd: process.versions.zstd },
    keys: Object.fromEntries(
      [hostKey, otherKey, ledgerKey, packageKey].map(({ name, host, publicKey }) => [
        name,
        { host, publicKey: toBase64(publicKey) },
      ]),
    ),
    files: Object.fromEntries(kinds.map(({ name, about, cases }) => [`${name}.json`, { about, cases: cases.length }])),
  }
  return `${JSON.stringify(index, null, 2)}\n`
}
