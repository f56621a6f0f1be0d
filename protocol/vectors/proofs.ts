import { type Batch, type Code, limits, openBatch, type Proof, prove, toBase64, toUtf8 } from '@tidewaiter/protocol'
import { nodePrimitives as p } from '@tidewaiter/protocol/node'
import type { Case } from './case.ts'
import { chunkOf, fileHead, fileMark, good, lines, sealed } from './evidence.ts'
import { hostKey, otherKey } from './keys.ts'
import type { ProofInput } from './read.ts'

function proofOf(batch: Batch, index: number): Proof {
  return prove(p, batch, openBatch(p, batch), index)
}

const seven = sealed([
  chunkOf(
    fileHead,
    Array.from({ length: 7 }, (_, i) => toUtf8(`record ${i}`)),
  ),
])
const single = sealed([chunkOf(fileHead, lines.slice(0, 1))])
const part = sealed([
  chunkOf(fileHead, lines),
  chunkOf({ ...fileHead, lf: false, part: 2, last: true }, [toUtf8('the end of a long line')]),
])
const rows = sealed([
  chunkOf(
    { ...fileHead, source: 'event-log:Security', start: { number: 88_001 }, unit: 'row', method: 'Get-WinEvent' },
    ['<Event/>', '<Event/>'].map(toUtf8),
    new Map([
      [0, 88_001],
      [1, 88_010],
    ]),
  ),
])
const empty = sealed([chunkOf(fileHead, [new Uint8Array(0), Uint8Array.of(0, 0xff, 0x0d)])])

const inOrder: Record<string, Proof> = {
  'the only record: no path': proofOf(single, 0),
  ...Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`record ${i} of seven`, proofOf(seven, i)])),
  'a part of a long line': proofOf(part, 3),
  'a record of an event log': proofOf(rows, 1),
  'a record of no bytes': proofOf(empty, 0),
  'a record that is not text': proofOf(empty, 1),
}

const proof = proofOf(seven, 4)
const head = JSON.parse(proof.chunk) as Record<string, unknown>
const chunkWith = (values: Record<string, unknown>) => ({ ...proof, chunk: JSON.stringify({ ...head, ...values }) })
const [first = '', ...others] = proof.path

const malformed: Record<string, unknown> = {
  'no object': [],
  nothing: null,
  'a member more': { ...proof, more: 1 },
  'a member missing': { ...proof, salt: undefined },
  'another version': { ...proof, tw: 'proof/2' },
  'a salt of 15 bytes': { ...proof, salt: proof.salt.slice(2) },
  'a salt in capitals': { ...proof, salt: 'AB'.repeat(16) },
  'a position below 0': { ...proof, position: -1 },
  'a position that is not whole': { ...proof, position: 0.5 },
  'a position beyond 2^53 - 1': { ...proof, position: 2 ** 53 },
  'an index beyond any batch': { ...proof, index: limits.records + 1 },
  'a hash on the path that is too short': { ...proof, path: [first.slice(2), ...others] },
  'a path of 65 hashes': { ...proof, path: Array.from({ length: 65 }, () => first) },
  'a record that is not base64': { ...proof, record: 'cmVj~mQ=' },
  'a record in base64 of another spelling': { ...proof, record: 'cmVjb3JkIDR=' },
  'a record in base64 without its padding': { ...proof, record: 'cmVjb3JkIA' },
  'a signature that is not base64': { ...proof, signature: '!' },
  'a chunk head with a space': { ...proof, chunk: proof.chunk.replace(':', ': ') },
  'a chunk head with a member more': chunkWith({ more: 1 }),
  'a chunk head of half a letter': { ...proof, chunk: `${proof.chunk}\ud800` },
  'a header of half a letter': { ...proof, header: `${proof.header}\ud800` },
}

const wrong: Record<string, unknown> = {
  'another record': { ...proof, record: toBase64(toUtf8('record 5')) },
  'a record with a byte more': { ...proof, record: toBase64(toUtf8('record 4\n')) },
  'no record': { ...proof, record: '' },
  'another salt': { ...proof, salt: proofOf(seven, 5).salt },
  'another position': { ...proof, position: proof.position + 1 },
  'another source': chunkWith({ source: 'log-file:/var/log/secure' }),
  'another time read': chunkWith({ readAt: '2026-11-24T10:00:01.251Z' }),
  'another method': chunkWith({ method: 'by hand' }),
  'another beginning of its chunk': chunkWith({ start: { offset: 0, file: fileMark } }),
  'the index before': { ...proof, index: proof.index - 1 },
  'the index behind': { ...proof, index: proof.index + 1 },
  'the index of the last record': { ...proof, index: 6 },
  'an index behind the last record': { ...proof, index: 7 },
  'a path without its last hash': { ...proof, path: proof.path.slice(0, -1) },
  'a path with a hash more': { ...proof, path: [...proof.path, first] },
  'a path in another order': { ...proof, path: [...proof.path].reverse() },
  'a path with another hash': { ...proof, path: [...proof.path.slice(0, -1), proof.salt.repeat(2)] },
  'no path': { ...proof, path: [] },
  'the header and signature of another batch of this host': {
    ...proof,
    header: proofOf(single, 0).header,
    signature: proofOf(single, 0).signature,
  },
}

const unsigned: Record<string, unknown> = {
  'a header that was changed': { ...proof, header: proof.header.replace('"count":7', '"count":8') },
  'the signature of another batch': { ...proof, signature: toBase64(good.signature) },
  'no signature': { ...proof, signature: '' },
}

const key = toBase64(hostKey.publicKey)

function refusedWith(refused: Code, broken: Record<string, unknown>): Case<ProofInput>[] {
  return Object.entries(broken).map(([name, value]) => ({ name, input: { key, proof: value }, refused }))
}

export const proofs: Case<ProofInput>[] = [
  ...Object.entries(inOrder).map(([name, value]) => ({ name, input: { key, proof: value } })),
  ...refusedWith('proof-malformed', malformed),
  ...refusedWith('header-malformed', {
    'a header with a space': { ...proof, header: proof.header.replace(',', ', ') },
    'a header of another version': { ...proof, header: proof.header.replace('batch/1', 'batch/2') },
  }),
  ...refusedWith('signature-wrong', unsigned),
  { name: 'the key of another host', input: { key: toBase64(otherKey.publicKey), proof }, refused: 'signature-wrong' },
  ...refusedWith('proof-wrong', wrong),
]
