import { type Place, type SignedHead, signHead, toBase64, toHex, toUtf8 } from '@tidewaiter/protocol'
import { nodePrimitives as p } from '@tidewaiter/protocol/node'
import type { Case } from './case.ts'
import { derOf, highS, integer, numbersOf, order } from './der.ts'
import { good } from './evidence.ts'
import { hostKey, ledgerKey, otherKey, spkiOf } from './keys.ts'
import type { EntryInput, HeadInput, PlaceInput, SignatureInput } from './read.ts'

const about = {
  ledger: '0123456789abcdef0123456789abcdef',
  size: 41,
  root: p.sha256(toUtf8('a root')),
  time: '2026-11-24T09:59:59.500Z',
}
const signed = signHead(about, ledgerKey.sign)

/** The head with another text, signed again. */
function withText(head: string): SignedHead {
  return { head, signature: toBase64(ledgerKey.sign(toUtf8(head))) }
}

const withValues = (values: Record<string, unknown>) =>
  withText(JSON.stringify({ ...(JSON.parse(signed.head) as Record<string, unknown>), ...values }))

const headsInOrder: Record<string, SignedHead> = {
  'a head': signed,
  'the head of a ledger without entries': signHead({ ...about, size: 0 }, ledgerKey.sign),
  'the head of the largest ledger': signHead({ ...about, size: Number.MAX_SAFE_INTEGER }, ledgerKey.sign),
}

const malformedHeads: Record<string, SignedHead> = {
  'a head that is not JSON': withText('{'),
  'a head with a space': withText(signed.head.replace(',', ', ')),
  'a head with a member twice': withText(signed.head.replace('"size":41', '"size":40,"size":41')),
  'a head with a member more': withValues({ more: 1 }),
  'a head with a member missing': withValues({ time: undefined }),
  'a head of another version': withValues({ tw: 'head/2' }),
  'a size below 0': withValues({ size: -1 }),
  'a size beyond 2^53 - 1': withText(signed.head.replace('"size":41', '"size":9007199254740992')),
  'a root in capitals': withValues({ root: toHex(about.root).toUpperCase() }),
  'a time that is none': withValues({ time: '2026-11-24T25:00:00.000Z' }),
}

const wrongHeads: Record<string, HeadInput> = {
  'the key of another': { key: toBase64(otherKey.publicKey), signed },
  'another size': { key: toBase64(ledgerKey.publicKey), signed: { ...signed, head: signed.head.replace('41', '42') } },
  'a signature that is not base64': { key: toBase64(ledgerKey.publicKey), signed: { ...signed, signature: '!' } },
  'no signature': { key: toBase64(ledgerKey.publicKey), signed: { ...signed, signature: '' } },
}

const key = toBase64(ledgerKey.publicKey)

export const heads: Case<HeadInput>[] = [
  ...Object.entries(headsInOrder).map(([name, head]) => ({ name, input: { key, signed: head } })),
  ...Object.entries(malformedHeads).map(([name, head]) => ({
    name,
    input: { key, signed: head },
    refused: 'head-malformed' as const,
  })),
  ...Object.entries(wrongHeads).map(([name, input]) => ({ name, input, refused: 'head-wrong' as const })),
]

const entry = {
  position: 0,
  receivedAtMs: 1_795_000_000_123,
  headerHash: good.headerHash,
  signature: toBase64(good.signature),
}

export const entries: Case<EntryInput>[] = [
  { name: 'the first entry', input: entry },
  { name: 'the same batch in another place', input: { ...entry, position: 1 } },
  { name: 'the same batch at another time', input: { ...entry, receivedAtMs: entry.receivedAtMs + 1 } },
  { name: 'a place beyond 32 bits', input: { ...entry, position: 2 ** 40 + 5 } },
]

const hashes = { one: '11'.repeat(32), two: '22'.repeat(32), other: 'ee'.repeat(32) }
const second = { seq: 2, prev: hashes.one, headerHash: hashes.two }
const afterOne = { tip: { seq: 1, headerHash: hashes.one }, held: null }

/** Where a batch stands in its host's chain. */
const standing: Record<Place, Record<string, PlaceInput>> = {
  next: {
    'the first batch of a host': { batch: { seq: 1, prev: null, headerHash: hashes.one }, tip: null, held: null },
    'the one that follows': { batch: second, ...afterOne },
  },
  repeated: {
    'the newest one again': { batch: second, tip: { seq: 2, headerHash: hashes.two }, held: hashes.two },
    'an older one again': { batch: second, tip: { seq: 9, headerHash: hashes.other }, held: hashes.two },
  },
  gap: {
    'one that follows, with batches missing in between': { batch: { ...second, seq: 5 }, ...afterOne },
    'a first one that is not number 1': { batch: second, tip: null, held: null },
  },
  fork: {
    'one that follows another header': { batch: { ...second, prev: hashes.other }, ...afterOne },
    'one that follows none, behind another': { batch: { ...second, prev: null }, ...afterOne },
    'number 1 that names one before it': { batch: { ...second, seq: 1 }, tip: null, held: null },
    'a number that is held with another header': {
      batch: second,
      tip: { seq: 2, headerHash: hashes.other },
      held: hashes.other,
    },
    'an older number that is not held': { batch: second, tip: { seq: 9, headerHash: hashes.other }, held: null },
  },
}

export const places: Case<PlaceInput>[] = Object.entries(standing).flatMap(([gives, inputs]) =>
  Object.entries(inputs).map(([name, input]) => ({ name, input, gives })),
)

const data = toUtf8('what is signed')
const made = hostKey.sign(data)
const { r, s } = numbersOf(made)
const input = { key: toBase64(hostKey.publicKey), data: toBase64(data), signature: toBase64(made) }
const signedBy = (signature: Uint8Array) => ({ ...input, signature: toBase64(signature) })

/** Signatures in every spelling that one decoder or another might take. */
const valid: Record<string, SignatureInput> = {
  'in order': input,
  'a low s': signedBy(derOf(integer(r), integer(s > order / 2n ? order - s : s))),
  'a high s': signedBy(highS(made)),
}

const invalid: Record<string, SignatureInput> = {
  'of other data': { ...input, data: toBase64(toUtf8('what is not signed')) },
  'r = 0': signedBy(derOf(integer(0n), integer(s))),
  's = 0': signedBy(derOf(integer(r), integer(0n))),
  'r over the order': signedBy(derOf(integer(r + order), integer(s))),
  's over the order': signedBy(derOf(integer(r), integer(s + order))),
  'a third number': signedBy(derOf(integer(r), integer(s), integer(1n))),
  'one number': signedBy(derOf(integer(r))),
  'a needless zero': signedBy(derOf(integer(r), integer(s, 1))),
  'a key whose point is at 0, 0': { ...input, key: toBase64(spkiOf(Uint8Array.of(4, ...new Uint8Array(64)))) },
}

export const ecdsa: Case<SignatureInput>[] = [
  ...Object.entries(valid).map(([name, one]) => ({ name, input: one, gives: true })),
  ...Object.entries(invalid).map(([name, one]) => ({ name, input: one, gives: false })),
]
