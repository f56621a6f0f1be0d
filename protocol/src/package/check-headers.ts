import { Value } from 'typebox/value'
import { type Header, parseHeader, type SignedHead, verifyHeader } from '../batch.ts'
import { equal, fromBase64, fromHex, parseCompactJson, toHex, toUtf8 } from '../bytes.ts'
import { Refusal } from '../error.ts'
import { checkHead, entryOf, type Head, parseHead } from '../log.ts'
import { isConsistent, rootFromPath } from '../merkle.ts'
import type { Primitives } from '../primitives.ts'
import { HeaderLine, readHashes } from './evidence.ts'
import type { HostEvidence, LedgerEvidence, Tally } from './state.ts'

/** One header as read from its line, signed by its host. */
export interface ReadHeader {
  line: HeaderLine
  header: Header
  hash: string
  signature: Uint8Array
}

/** Where a host's own line stands, branches of forks aside. */
export interface Chain {
  seq: number
  /** Hash of the newest header; undefined before the first. */
  hash: string | undefined
  /** Ledger position of the line before, whatever it was. */
  position: number
  /** Gaps of the host's card that were met. */
  gaps: number
}

export interface HeaderCheck {
  p: Primitives
  host: HostEvidence
  ledger: LedgerEvidence | undefined
  tally: Tally
}

/** Reads a line of `headers.ndjson`. Throws `header-malformed`, `signature-wrong`, `host-wrong`. */
export function readHeaderLine({ p, host }: HeaderCheck, bytes: Uint8Array): ReadHeader {
  const line = parseCompactJson(bytes)
  if (!Value.Check(HeaderLine, line) || !line.header.isWellFormed()) throw malformed('not a line of headers.ndjson')
  const headerBytes = toUtf8(line.header)
  const signature = fromBase64(line.signature)
  if (signature === undefined) throw malformed('its signature is not base64')
  const header = parseHeader(headerBytes)
  verifyHeader(p, { headerBytes, signature }, host.publicKey)
  if (header.host !== host.card.id) throw new Refusal('host-wrong', 'it is the header of another host')
  const hash = toHex(p.sha256(headerBytes))
  if (line.branch !== null && !hash.startsWith(line.branch)) throw malformed('its branch is not that of its hash')
  return { line, header, hash, signature }
}

export function beginChain({ card }: HostEvidence): Chain {
  return { seq: card.span.from - 1, hash: undefined, position: -1, gaps: 0 }
}

/**
 * Where the chain stands after this header. Lines follow the ledger; batches in between must be named as a gap in the
 * host's card, and a header that follows directly must name the one before. Throws `chain-gap`, `chain-fork`.
 */
export function follow({ card }: HostEvidence, chain: Chain, { line, header, hash }: ReadHeader): Chain {
  const { seq, prev } = header
  const { position, branch } = line
  if (position <= chain.position) throw new Refusal('chain-fork', 'it is not in the order of the ledger')
  if (seq < card.span.from || seq > card.span.to) throw new Refusal('chain-gap', 'it is outside the span of host.json')
  if (branch !== null) return { ...chain, position }
  if (seq <= chain.seq) throw new Refusal('chain-fork', 'its number stands twice, or behind a later one')
  const gaps = chain.gaps + countGap(card, chain.seq + 1, seq - 1)
  if (seq === chain.seq + 1 && chain.hash !== undefined && prev !== chain.hash)
    throw new Refusal('chain-fork', 'it does not follow the header before it')
  return { seq, hash, position, gaps }
}

/** That the line reaches the end of the span, and that every gap that is named is one. Throws `chain-gap`. */
export function endChain({ card }: HostEvidence, chain: Chain): void {
  if (chain.gaps + countGap(card, chain.seq + 1, card.span.to) !== card.gaps.length)
    throw new Refusal('chain-gap', 'host.json names gaps that are none')
}

/** 1 when batches are missing and named, 0 when none is missing. */
function countGap({ gaps }: HostEvidence['card'], from: number, to: number): number {
  if (from > to) return 0
  if (gaps.some((gap) => gap.from === from && gap.to === to)) return 1
  throw new Refusal('chain-gap', `the batches ${from} to ${to} are missing, and host.json does not say so`)
}

/**
 * That the batch is in the ledger of the cut, where that must be shown, and that the head it witnesses is a beginning
 * of that ledger. Throws `head-wrong`.
 */
export function checkInLedger(check: HeaderCheck, { line, header, hash, signature }: ReadHeader): void {
  const { p, host, ledger, tally } = check
  if (ledger === undefined) throw new Refusal('head-wrong', 'there is no ledger head it could be checked against')
  const { position, receivedAtMs } = line
  if (position >= ledger.head.size) throw new Refusal('head-wrong', 'it came after the cut')
  const isCited = host.cited.has(hash)
  if (isCited !== (line.inclusion !== null))
    throw new Refusal('head-wrong', `it has ${isCited ? 'no' : 'a'} proof of its place in the ledger`)
  if (line.inclusion !== null) {
    const entry = entryOf(p, { position, receivedAtMs, headerHash: hash, signature })
    const path = readHashes(line.inclusion)
    const root = path && rootFromPath(p, entry, { index: position, count: ledger.head.size }, path)
    if (root === undefined || !equal(root, ledger.root))
      throw new Refusal('head-wrong', 'its proof does not lead to the head of the cut')
    tally.inclusions++
  }
  const { witness } = header
  if (witness !== null) checkWitness(check, ledger, { witness, consistency: line.consistency })
  else if (line.consistency !== null) throw malformed('it witnesses nothing, and has a proof for it')
}

/**
 * A head that is a beginning of the ledger of the cut is in order, whoever made it. One that is not shows that the past
 * was changed, if the ledger key signed it; if not, it is a claim of the host alone.
 */
function checkWitness(
  { p, tally }: HeaderCheck,
  ledger: LedgerEvidence,
  { witness, consistency }: { witness: SignedHead; consistency: string | null },
): void {
  const head = readHead(() => parseHead(witness))
  const proof = consistency === null ? undefined : readHashes(consistency)
  const most = head === undefined ? undefined : sizeIn(ledger, head.ledger)
  if (head !== undefined && most !== undefined && proof !== undefined && isBeginning(p, ledger, head, proof))
    tally.heads++
  else if (head === undefined || most === undefined || !isSigned(p, ledger, witness)) tally.strangeHeads++
  else if (head.ledger !== ledger.head.ledger && head.size > most)
    tally.beyond.set(head.ledger, Math.max(head.size, tally.beyond.get(head.ledger) ?? 0))
  else
    throw new Refusal(
      'head-wrong',
      `it witnesses a ledger of ${head.size} entries that is not shown to be a beginning of the one of the cut (${ledger.head.size})`,
    )
}

function isSigned(p: Primitives, { keys }: LedgerEvidence, witness: SignedHead): boolean {
  return keys.some((key) => readHead(() => checkHead(p, witness, key)))
}

/** How many entries of a ledger are those of the cut: of the ledger itself, or of one it was restored from. */
function sizeIn({ head, restored }: LedgerEvidence, ledger: string): number | undefined {
  if (ledger === head.ledger) return head.size
  return restored.findLast((older) => older.head.ledger === ledger)?.head.size
}

function isBeginning(p: Primitives, { head: cut, root }: LedgerEvidence, head: Head, proof: Uint8Array[]): boolean {
  const older = { size: head.size, root: fromHex(head.root) as Uint8Array }
  return isConsistent(p, older, { size: cut.size, root }, proof)
}

/** Undefined for a head that is refused. */
function readHead(read: () => Head): Head | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function malformed(says: string): Refusal {
  return new Refusal('header-malformed', says)
}
