import {
  admitTask,
  checkHead,
  checkProof,
  concat,
  entryOf,
  fromBase64,
  fromHex,
  inflatePayload,
  isConsistent,
  leafOf,
  narrow,
  notMade,
  type OpenBatch,
  openBatch,
  type Policy,
  type Primitives,
  parseAgentMessage,
  parseConsoleMessage,
  parsePolicy,
  parseTask,
  parseToken,
  placeOf,
  recordBytes,
  recordId,
  rootFromPath,
  type SignedHead,
  saltOf,
  splitBatch,
  type Tip,
  toBase64,
  toHex,
  verifyBatch,
  verifyPackage,
} from '@tidewaiter/protocol'
import type { Edit } from './edits.ts'

/** How a vector of each kind is read: its input in, what it must give out. Bytes are base64, hashes hex, keys SPKI in base64. */

export interface BatchInput {
  key: string
  batch: string
}

/** Records of a larger batch are not listed. */
const mostListed = 20

export function readBatch(p: Primitives, { key, batch: text }: BatchInput) {
  const batch = splitBatch(p, base64(text))
  verifyBatch(p, batch, base64(key))
  const open = openBatch(p, batch)
  const { host, seq, count, root } = batch.header
  const records = count > mostListed ? [] : recordsOf(p, open)
  return { headerHash: batch.headerHash, host, seq, count, root, seed: toHex(open.seed), records }
}

function recordsOf(p: Primitives, { header, seed, chunks }: OpenBatch) {
  return chunks.flatMap((chunk) =>
    Array.from({ length: chunk.count }, (_, i) => {
      const { headLine, first } = chunk
      const salt = saltOf(p, seed, first + i)
      const position = chunk.positions[i] ?? Number.NaN
      const record = recordBytes(chunk, i)
      return {
        id: recordId(header.host, header.seq, first + i),
        source: chunk.head.source,
        position,
        salt: toHex(salt),
        leaf: toHex(leafOf(p, { salt, headLine, position, record })),
        record: toBase64(record),
      }
    }),
  )
}

export interface ProofInput {
  key: string
  proof: unknown
}

export function readProof(p: Primitives, { key, proof }: ProofInput) {
  const { id, head, position, record } = checkProof(p, proof, base64(key))
  return { id, source: head.source, position, record: toBase64(record) }
}

export interface HeadInput {
  key: string
  signed: SignedHead
}

export function readHead(p: Primitives, { key, signed }: HeadInput) {
  return checkHead(p, signed, base64(key))
}

export interface EntryInput {
  position: number
  receivedAtMs: number
  headerHash: string
  signature: string
}

export function readEntry(p: Primitives, { signature, ...entry }: EntryInput) {
  return toHex(entryOf(p, { ...entry, signature: base64(signature) }))
}

export interface InclusionInput {
  leaf: string
  index: number
  count: number
  path: string[]
  root: string
}

export function readInclusion(p: Primitives, { leaf, index, count, path, root }: InclusionInput) {
  const given = rootFromPath(p, hex(leaf), { index, count }, path.map(hex))
  return given !== undefined && toHex(given) === root
}

export interface ConsistencyInput {
  older: { size: number; root: string }
  newer: { size: number; root: string }
  proof: string[]
}

export function readConsistency(p: Primitives, { older, newer, proof }: ConsistencyInput) {
  const head = ({ size, root }: ConsistencyInput['older']) => ({ size, root: hex(root) })
  return isConsistent(p, head(older), head(newer), proof.map(hex))
}

export interface PlaceInput {
  batch: { seq: number; prev: string | null; headerHash: string }
  /** The newest batch held, and the one held under the same number. */
  tip: Tip | null
  held: string | null
}

export function readPlace(_: Primitives, { batch, tip, held }: PlaceInput) {
  const { headerHash, ...header } = batch
  return placeOf({ header, headerHash }, tip, held ?? undefined)
}

export interface SignatureInput {
  key: string
  data: string
  signature: string
}

export function readSignature(p: Primitives, { key, data, signature }: SignatureInput) {
  return p.verifyP256(base64(key), base64(data), base64(signature))
}

export interface FrameInput {
  from: 'agent' | 'console'
  text: string
  /** How often the text stands one after the other; once where it is left out. */
  times?: number
}

export function readFrame(_: Primitives, { from, text, times = 1 }: FrameInput): unknown {
  const whole = text.repeat(times)
  return from === 'agent' ? parseAgentMessage(whole) : parseConsoleMessage(whole)
}

export function readToken(_: Primitives, { token }: { token: string }) {
  return parseToken(token)
}

export interface TaskInput {
  task: unknown
  /** The state of the host that is asked. */
  at: { host: string; counter: number; now: string; policy: Policy }
}

export function readTask(_: Primitives, { task: value, at }: TaskInput) {
  const task = parseTask(value)
  admitTask(task, { ...at, nowMs: Date.parse(at.now) })
  return { admitted: task.id }
}

export interface PolicyInput {
  local: unknown
  remote: unknown
}

export function readPolicy(_: Primitives, { local, remote }: PolicyInput) {
  return narrow(parsePolicy(local), parsePolicy(remote))
}

export interface ZstdInput {
  frame: string
  /** What the header announces. */
  size: number
}

export function readZstd(p: Primitives, { frame, size }: ZstdInput) {
  return { sha256: toHex(p.sha256(inflatePayload(p, base64(frame), size))) }
}

/** The whole file, or how it differs from the one of the first case. */
export type PackageInput = ({ package: string } | { edits: Edit[] }) & { fingerprint?: string }

/** Names of the checks that found something, each once. */
export function packageReader(first: () => string) {
  return async (p: Primitives, { fingerprint, ...input }: PackageInput) => {
    const bytes = 'package' in input ? base64(input.package) : edited(base64(first()), input.edits)
    const source = { size: bytes.length, read: async (at: number, length: number) => bytes.slice(at, at + length) }
    const {
      checks,
      head: _,
      ...report
    } = await verifyPackage(p, source, fingerprint === undefined ? {} : { fingerprint })
    const found = checks.filter(({ ok, detail }) => !ok && detail !== notMade).map(({ name }) => name)
    return { ...report, found: [...new Set(found)] }
  }
}

function edited(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const pieces: Uint8Array[] = []
  let from = 0
  for (const [at, remove, insert] of edits) {
    pieces.push(bytes.subarray(from, at), base64(insert))
    from = at + remove
  }
  return concat(...pieces, bytes.subarray(from))
}

export function base64(text: string): Uint8Array {
  const bytes = fromBase64(text)
  if (bytes === undefined) throw new TypeError('a vector has bytes that are not base64')
  return bytes
}

function hex(text: string): Uint8Array {
  const bytes = fromHex(text)
  if (bytes === undefined) throw new TypeError('a vector has a hash that is not hex')
  return bytes
}
