import { Value } from 'typebox/value'
import type { SignedHead } from '../batch.ts'
import { equal, fromBase64, fromHex, parseCompactJson, toHex, toUtf8 } from '../bytes.ts'
import { counted } from '../counted.ts'
import { Refusal } from '../error.ts'
import { checkHead, type Head } from '../log.ts'
import { isConsistent } from '../merkle.ts'
import { type Primitives, pointOf } from '../primitives.ts'
import { checkProof, Proof } from '../proof.ts'
import { hostIdOf } from '../record.ts'
import { ActionLine, Citations, HostCard, LedgerCard, readHashes } from './evidence.ts'
import { payloadFiles } from './layout.ts'
import type { Acts, Evidence, HostEvidence, LedgerEvidence } from './state.ts'

/** A document of one line of compact JSON. Throws `package-malformed`. */
function readLine(bytes: Uint8Array): unknown {
  const value = bytes.at(-1) === 0x0a ? parseCompactJson(bytes.subarray(0, -1)) : undefined
  if (value === undefined) throw malformed('not one line of compact JSON')
  return value
}

/** The cut's head, when the newest key in the card signed it. Throws `package-malformed`, `head-malformed`, `head-wrong`. */
export function readLedgerCard(p: Primitives, bytes: Uint8Array): LedgerEvidence {
  const card = readLine(bytes)
  if (!Value.Check(LedgerCard, card)) throw malformed('not of the shape ledger/1')
  const keys = card.keys.map((key) => fromBase64(key) ?? new Uint8Array(0))
  const [newest] = keys
  if (newest === undefined || keys.some((key) => pointOf(key) === undefined))
    throw malformed('a key is not one of P-256')
  const head = checkHead(p, card.head, newest)
  const cut = { size: head.size, root: fromHex(head.root) as Uint8Array }
  const restored = (card.restored ?? []).map(({ head: signed, consistency, refed }) => {
    const older = checkByAny(p, signed, keys)
    if (!isConsistent(p, treeHeadOf(older), cut, readHashes(consistency) ?? []))
      throw new Refusal('head-wrong', `it is said to go on from ${older.ledger}, and does not`)
    return { head: older, refed }
  })
  return { signed: card.head, head, root: cut.root, keys, restored }
}

function treeHeadOf({ size, root }: Head) {
  return { size, root: fromHex(root) as Uint8Array }
}

/** The head, when one of these keys signed it. Throws as `checkHead` does. */
function checkByAny(p: Primitives, signed: SignedHead, keys: readonly Uint8Array[]): Head {
  const text = toUtf8(signed.head)
  const signature = fromBase64(signed.signature) ?? new Uint8Array(0)
  const key = keys.find((known) => p.verifyP256(known, text, signature))
  return checkHead(p, signed, key ?? (keys[0] as Uint8Array))
}

/** The host of a folder, whose id is the hash of the key in its card. Throws `package-malformed`, `host-wrong`. */
export function readHostCard(p: Primitives, bytes: Uint8Array, folder: string): HostEvidence {
  const card = readLine(bytes)
  if (!Value.Check(HostCard, card)) throw malformed('not of the shape host/1')
  const publicKey = fromBase64(card.publicKey)
  if (publicKey === undefined || pointOf(publicKey) === undefined) throw malformed('its key is not one of P-256')
  if (card.id !== folder || hostIdOf(p.sha256(publicKey)) !== card.id)
    throw new Refusal('host-wrong', 'the id of the host is not the hash of its key')
  return { card, publicKey, cited: new Map() }
}

/** Checks a line of `records.ndjson` and keeps what still waits for its header. Throws as `checkProof` does. */
export function checkRecordLine(p: Primitives, host: HostEvidence, bytes: Uint8Array): void {
  const proof = parseCompactJson(bytes)
  const { id } = checkProof(p, proof, host.publicKey)
  if (!id.startsWith(`${host.card.id}/`)) throw new Refusal('host-wrong', 'it is the record of another host')
  // The shape was checked with the proof.
  const header = toHex(p.sha256(toUtf8((proof as Proof).header)))
  const [, seq, index] = id.split('/').map(Number)
  const known = host.cited.get(header) ?? { seq: seq ?? 0, indexes: new Set() }
  if (known.indexes.has(index ?? 0)) throw new Refusal('proof-malformed', 'it stands here twice')
  known.indexes.add(index ?? 0)
  host.cited.set(header, known)
}

/** What a line says it is, for the message about a proof that does not hold; undefined where it cannot be read at all. */
export function recordNamed(bytes: Uint8Array): string | undefined {
  const proof = parseCompactJson(bytes)
  if (!Value.Check(Proof, proof)) return undefined
  const [, host, seq] = /^\{"tw":"batch\/1","host":"([0-9a-f]{32})","seq":([0-9]{1,16}),/.exec(proof.header) ?? []
  return host === undefined ? undefined : `${host}/${seq}/${proof.index}`
}

export const noActs: Acts = { no: 0, hash: '0'.repeat(64), withheld: 0 }

/** Checks a line of `70_actions.ndjson` against the one before. Throws `package-malformed` naming its number. */
export function checkAction(p: Primitives, before: Acts, bytes: Uint8Array): Acts {
  const line = parseCompactJson(bytes)
  if (!Value.Check(ActionLine, line)) throw malformed(`the line after act ${before.no} is not an act`)
  if (line.no !== before.no + 1) throw malformed(`act ${before.no + 1} is missing, or not in its place`)
  if ('withheld' in line) return { no: line.no, hash: line.hash, withheld: before.withheld + 1 }
  const { no, at, who, act, data, prev, hash } = line
  const own = p.sha256(toUtf8(JSON.stringify({ no, at, who, act, data, prev })))
  if (prev !== before.hash || !equal(own, fromHex(hash) as Uint8Array))
    throw malformed(`act ${no} is not the one its hash was made of, or does not follow the one before`)
  return { ...before, no, hash }
}

/**
 * That every record the summary cites is proven, or named as withheld.
 * @returns the time the package speaks from; undefined when its summary cannot be read
 */
export async function checkCitations(
  { report, proven }: Evidence,
  kept: ReadonlyMap<string, Uint8Array>,
): Promise<string | undefined> {
  const bytes = kept.get(payloadFiles.summary)
  if (bytes === undefined) return undefined
  return report.attempt('citations', payloadFiles.summary, () => {
    const summary = readLine(bytes)
    if (!Value.Check(Citations, summary)) throw malformed('not of the shape incident/1')
    const withheld = new Set(summary.withheld.map(({ record }) => record))
    for (const record of summary.cites)
      if (!proven.has(record) && !withheld.has(record))
        report.problem('citations', `${record}: cited, and neither disclosed nor named as withheld`)
    report.passed(
      'citations',
      `${counted(summary.cites.length, 'record is', 'records are')} cited; ${withheld.size} of them named as withheld`,
    )
    return summary.package.at
  })
}

function malformed(says: string): Refusal {
  return new Refusal('package-malformed', says)
}
