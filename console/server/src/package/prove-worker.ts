import { parentPort } from 'node:worker_threads'
import {
  consistencyOf,
  type Header,
  type HeaderLine,
  openBatch,
  type Proof,
  parseHead,
  parseHeader,
  pathOf,
  prove,
  Refusal,
  type Tree,
  toBase64,
  toHex,
  treeOf,
  writeHashes,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'

/** What the thread is asked: one question at a time, each with one answer. */
export type Question =
  | { kind: 'ledger'; sizes: ReadonlyMap<string, number>; leaves: Uint8Array }
  | { kind: 'consistency'; size: number }
  | { kind: 'proofs'; headerBytes: Uint8Array; signature: Uint8Array; payload: Uint8Array; indexes: number[] }
  | { kind: 'headers'; entries: HeaderOfLedger[] }

/** An entry of the ledger whose header is to be disclosed. */
export interface HeaderOfLedger {
  position: number
  receivedAtMs: number
  branch: string | null
  headerBytes: Uint8Array
  signature: Uint8Array
  /** A record of this batch is disclosed: its place in the ledger is proven too. */
  isCited: boolean
}

export type Answer = { value: unknown } | { code: string; says: string }

let ledger: { sizes: ReadonlyMap<string, number>; tree: Tree } | undefined

const answers: { [Kind in Question['kind']]: (question: Extract<Question, { kind: Kind }>) => unknown } = {
  ledger: ({ sizes, leaves }): string => {
    ledger = { sizes, tree: treeOf(nodePrimitives, leaves) }
    return toHex(ledger.tree.root)
  },
  consistency: ({ size }): string => (ledger === undefined ? '' : writeHashes(consistencyOf(ledger.tree, size))),
  proofs: ({ headerBytes, signature, payload, indexes }): (Proof | undefined)[] => {
    const open = openBatch(nodePrimitives, { header: parseHeader(headerBytes), payload })
    return indexes.map((index) =>
      index < open.tree.count ? prove(nodePrimitives, { headerBytes, signature }, open, index) : undefined,
    )
  },
  headers: ({ entries }) => entries.map(lineOf).join(''),
}

function lineOf({ position, receivedAtMs, branch, headerBytes, signature, isCited }: HeaderOfLedger): string {
  const line: HeaderLine = {
    position,
    receivedAtMs,
    branch,
    header: Buffer.from(headerBytes).toString('utf8'),
    signature: toBase64(signature),
    consistency: consistencyFor(parseHeader(headerBytes)),
    inclusion: isCited && ledger !== undefined ? writeHashes(pathOf(ledger.tree, position)) : null,
  }
  return `${JSON.stringify(line)}\n`
}

/** Null also for a head of another ledger, or of one longer than what of it is in the cut: the verifier must see that there is no proof. */
function consistencyFor({ witness }: Header): string | null {
  if (witness === null || ledger === undefined) return null
  try {
    const head = parseHead(witness)
    const isOurs = head.size <= (ledger.sizes.get(head.ledger) ?? -1)
    return isOurs ? writeHashes(consistencyOf(ledger.tree, head.size)) : null
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

function answer(question: Question): Answer {
  try {
    // The kind chooses the function for exactly this question.
    return { value: (answers[question.kind] as (question: Question) => unknown)(question) }
  } catch (error) {
    // An error loses its class on the way to another thread; a refusal is an answer, anything else ends the thread.
    if (!(error instanceof Refusal)) throw error
    return { code: error.code, says: error.says }
  }
}

parentPort?.on('message', (question: Question) => parentPort?.postMessage(answer(question)))
