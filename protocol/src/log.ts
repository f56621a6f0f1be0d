import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { SignedHead } from './batch.ts'
import { concat, fromBase64, fromHex, parseCompactJson, toBase64, toHex, toUtf8, writeUint64 } from './bytes.ts'
import { Refusal } from './error.ts'
import type { Primitives } from './primitives.ts'
import { Hash, Time } from './record.ts'

/** What the console promises with every acknowledgement: this many entries, with this root, in this ledger, at this time. */
export const Head = Type.Object(
  {
    tw: Type.Literal('head/1'),
    /** Id of the ledger; a restored one has a new id. */
    ledger: Type.String({ pattern: '^[0-9a-f]{32}$' }),
    size: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    root: Hash,
    time: Time,
  },
  { additionalProperties: false },
)
export type Head = Static<typeof Head>

/** entry = SHA-256(0x00 || position || received at, ms since 1970 || SHA-256(header) || signature); numbers as 8 bytes, big-endian. */
export function entryOf(
  p: Primitives,
  entry: { position: number; receivedAtMs: number; headerHash: string; signature: Uint8Array },
): Uint8Array {
  const numbers = new Uint8Array(16)
  writeUint64(numbers, 0, entry.position)
  writeUint64(numbers, 8, entry.receivedAtMs)
  return p.sha256(concat(Uint8Array.of(0), numbers, fromHex(entry.headerHash) as Uint8Array, entry.signature))
}

export function signHead(
  head: { ledger: string; size: number; root: Uint8Array; time: string },
  sign: (data: Uint8Array) => Uint8Array,
): SignedHead {
  const { ledger, size, root, time } = head
  const text = JSON.stringify({ tw: 'head/1', ledger, size, root: toHex(root), time } satisfies Head)
  return { head: text, signature: toBase64(sign(toUtf8(text))) }
}

/** The head in a signed head, its signature not looked at. Throws `head-malformed`. */
export function parseHead({ head }: Pick<SignedHead, 'head'>): Head {
  const value = parseCompactJson(toUtf8(head))
  if (!Value.Check(Head, value)) throw new Refusal('head-malformed', 'not of the shape head/1')
  return value
}

/** The head, when the ledger key signed it. Throws `head-malformed`, `head-wrong`. */
export function checkHead(p: Primitives, signed: SignedHead, ledgerKey: Uint8Array): Head {
  const head = parseHead(signed)
  const signature = fromBase64(signed.signature)
  if (signature === undefined || !p.verifyP256(ledgerKey, toUtf8(signed.head), signature))
    throw new Refusal('head-wrong', 'the head is not signed by the ledger key')
  return head
}
