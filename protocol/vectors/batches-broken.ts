import { type Code, concat, encodePayload, limits, toBase64, toHex, toUtf8 } from '@tidewaiter/protocol'
import { nodePrimitives as p } from '@tidewaiter/protocol/node'
import type { Case } from './case.ts'
import { derOf, integer, numbersOf } from './der.ts'
import {
  chunkOf,
  fileHead,
  fileMark,
  good,
  join,
  lines,
  seed,
  withFrame,
  withHeader,
  withRaw,
  withValues,
} from './evidence.ts'
import { bytesOf, hostKey, otherKey, spkiOf } from './keys.ts'
import type { BatchInput } from './read.ts'
import { brokenFrames } from './zstd.ts'

type Broken = Record<string, Uint8Array>

const parts = { header: good.headerBytes, signature: good.signature, payload: good.payload }
const text = new TextDecoder().decode(good.headerBytes)
const headerEnd = 8 + parts.header.length
const signatureEnd = headerEnd + 2 + parts.signature.length

function changed(bytes: Uint8Array, at: number, mask = 1): Uint8Array {
  const copy = bytes.slice()
  copy[at] = (copy[at] ?? 0) ^ mask
  return copy
}

const notBatches: Broken = {
  'nothing at all': new Uint8Array(0),
  'ends before the header': good.bytes.slice(0, 9),
  'another magic': concat(toUtf8('TWB2'), good.bytes.subarray(4)),
  'ends inside the header': good.bytes.slice(0, 8 + 50),
  'ends behind the header': good.bytes.slice(0, headerEnd),
  'ends inside the length of the signature': good.bytes.slice(0, headerEnd + 1),
  'ends inside the signature': good.bytes.slice(0, signatureEnd - 1),
  'has no payload': good.bytes.slice(0, signatureEnd),
  'ends inside the payload': good.bytes.slice(0, -1),
  'has a byte behind the payload': concat(good.bytes, Uint8Array.of(0)),
  'announces another number of bytes of payload': withValues({ payloadBytes: good.payload.length - 1 }),
}

const tooLarge: Broken = {
  'a header over the limit': concat(toUtf8('TWB1'), bytesOf('00040001'), new Uint8Array(16)),
  'a signature over the limit': join({ ...parts, signature: new Uint8Array(limits.signature + 1) }),
}

const brokenHeaders: Broken = {
  'an empty header': withHeader(''),
  'a header that is not JSON': withHeader(text.slice(0, -1)),
  'a header that is no object': withHeader('[]'),
  'a header with a space': withHeader(text.replace('"seq":1', '"seq": 1')),
  'a header that ends with LF': withHeader(`${text}\n`),
  'a header with a byte order mark': withHeader(`\ufeff${text}`),
  'a header that is not UTF-8': withHeader(concat(toUtf8(text.slice(0, -1)), Uint8Array.of(0xff), toUtf8('}'))),
  'a member that stands twice': withHeader(text.replace('"seq":1', '"seq":1,"seq":1')),
  'a member that stands twice with different values': withHeader(text.replace('"seq":1', '"seq":2,"seq":1')),
  'a number in another spelling': withHeader(text.replace('"seq":1,', '"seq":1.0,')),
  'minus zero': withHeader(text.replace('"utcOffset":-300', '"utcOffset":-0')),
  'a letter written as an escape': withHeader(text.replace('"agent"', '"\\u0061gent"')),
  'a slash written as an escape': withHeader(text.replace('America/New_York', 'America\\/New_York')),
  'an escape in capitals': withHeader(JSON.stringify({ ...good.header, zone: '\u001f' }).replace('\\u001f', '\\u001F')),
  'a first member that is not tw': withHeader(
    `{"host":"${good.header.host}",${text.slice(1).replace(`"host":"${good.header.host}",`, '')}`,
  ),
  'another version': withValues({ tw: 'batch/2' }),
  'a member more': withHeader(text.replace(/\}$/, ',"more":1}')),
  'a member that is inherited by every object': withHeader(text.replace(/\}$/, ',"__proto__":null}')),
  'a member missing': withValues({ witness: undefined }),
  'null for a member that is left out when it is not there': withValues({ lineage: null }),
  'a number written as text': withValues({ seq: '1' }),
  'number 0': withValues({ seq: 0 }),
  'a number beyond 2^53 - 1': withHeader(text.replace('"seq":1,', '"seq":9007199254740992,')),
  'a hash in capitals': withValues({ root: good.header.root.toUpperCase() }),
  'a host id that is too short': withValues({ host: good.header.host.slice(2) }),
  'more records than a batch may have': withValues({ count: limits.records + 1 }),
  'more bytes than a batch may have': withValues({ rawBytes: limits.raw + 1 }),
  'more bytes of payload than a batch may have': withValues({ payloadBytes: limits.payload + 1 }),
  'a time that is none': withValues({ sealedAt: '2026-13-24T10:00:06.250Z' }),
  'a time without milliseconds': withValues({ sealedAt: '2026-11-24T10:00:06Z' }),
  'a time in another zone': withValues({ sealedAt: '2026-11-24T10:00:06.250+01:00' }),
  'an offset of more than a day': withValues({ utcOffset: 1441 }),
  'a text of more than 200 characters': withValues({ zone: 'x'.repeat(201) }),
  'a text of 200 letters that are 400 characters': withValues({ zone: 'e\u0301'.repeat(200) }),
  'a source of more than 1,024 characters': withValues({
    sources: [{ ...good.header.sources[0], id: `log-file:/${'\u0301'.repeat(1015)}` }],
  }),
  'a source of no known form': withValues({ sources: [{ ...good.header.sources[0], id: 'Log-File' }] }),
  'a position of no known form': withValues({ sources: [{ ...good.header.sources[0], next: { offset: 1 } }] }),
  'a clock offset beyond 2^53 - 1': withValues({ clockOffset: { ms: 2 ** 53, measuredAt: good.header.sealedAt } }),
}

const { r, s } = numbersOf(good.signature)
const brokenSignatures: Broken = {
  'a signature that is empty': join({ ...parts, signature: new Uint8Array(0) }),
  'a signature with another bit': join({ ...parts, signature: changed(parts.signature, 40) }),
  'a signature of another header': join({ ...parts, signature: hostKey.sign(toUtf8('another')) }),
  'a signature of another key': join({ ...parts, signature: otherKey.sign(parts.header) }),
  'a signature with a byte behind it': join({ ...parts, signature: concat(parts.signature, Uint8Array.of(0)) }),
  'a signature whose length is not in its shortest form': join({
    ...parts,
    signature: concat(Uint8Array.of(0x30, 0x81), parts.signature.subarray(1)),
  }),
  'a signature with a number that has a zero too many': join({ ...parts, signature: derOf(integer(r, 1), integer(s)) }),
  'a signature of two bare numbers': join({ ...parts, signature: bareOf(r, s) }),
  'a signature with r = 0': join({ ...parts, signature: derOf(integer(0n), integer(s)) }),
  'a header with another time': join({ ...parts, header: toUtf8(text.replace('10:00:06', '10:00:07')) }),
}

function bareOf(...values: readonly bigint[]): Uint8Array {
  return bytesOf(values.map((value) => value.toString(16).padStart(64, '0')).join(''))
}

/** Keys that no signature fits. */
const { publicKey } = hostKey
const brokenKeys: Broken = {
  'the key of another host': otherKey.publicKey,
  'a key whose point is not on the curve': changed(publicKey, publicKey.length - 1),
  'a key whose coordinate is over the prime': spkiOf(concat(Uint8Array.of(4), new Uint8Array(64).fill(0xff))),
  'a key with its point at infinity': spkiOf(Uint8Array.of(0)),
  'a key with its point compressed': spkiOf(concat(Uint8Array.of(2), publicKey.subarray(27, 59))),
  'a key with its point in hybrid form': spkiOf(concat(Uint8Array.of(6), publicKey.subarray(27))),
  'a key with a byte behind it': concat(publicKey, Uint8Array.of(0)),
  'no key': new Uint8Array(0),
}

const otherPayload: Broken = {
  'a payload with another byte': join({ ...parts, payload: changed(parts.payload, parts.payload.length - 1) }),
}

const goodRaw = encodePayload(seed, [chunkOf(fileHead, lines)])
const headLine = JSON.stringify(fileHead)
const rawOf = (...pieces: readonly (string | Uint8Array)[]) =>
  withRaw(concat(seed, ...pieces.map((piece) => (typeof piece === 'string' ? toUtf8(piece) : piece))))
const withLengths = (line: string) => rawOf(`${headLine}\n${line}\nab\ncd\n`)
const withHead = (head: string) => rawOf(`${head}\n2\nab\n`)
const headWith = (values: Record<string, unknown>) => withHead(JSON.stringify({ ...fileHead, ...values }))

const brokenPayloads: Broken = {
  'shorter than a seed': withRaw(seed.slice(1), { count: 0 }),
  'a chunk head without its LF': rawOf(headLine),
  'a chunk head over the limit': headWith({ method: 'x'.repeat(limits.chunkHead) }),
  'a chunk head that is not JSON': withHead('{'),
  'a chunk head with a space': withHead(headLine.replace('"lf":', '"lf": ')),
  'a chunk head with a member twice': withHead(headLine.replace('"lf":true', '"lf":false,"lf":true')),
  'a chunk head with a member more': headWith({ more: 1 }),
  'a chunk head with a member missing': headWith({ method: undefined }),
  'a chunk head with a source of no known form': headWith({ source: '../x' }),
  'a chunk head with a position of no known form': headWith({ start: { offset: -1, file: fileMark } }),
  'a chunk head with an unknown unit': headWith({ unit: 'line' }),
  'a chunk head with a time that is none': headWith({ readAt: '2026-02-32T00:00:00.000Z' }),
  'a chunk head with part 0': headWith({ part: 0 }),
  'a chunk head that is not the last part, and says so': headWith({ part: 1, last: false }),
  'a lengths line without its LF': rawOf(`${headLine}\n2`),
  'a length with a zero before it': withLengths('02 2'),
  'two spaces between lengths': withLengths('2  2'),
  'a space before the lengths': withLengths(' 2 2'),
  'a space behind the lengths': withLengths('2 2 '),
  'a tab between lengths': withLengths('2\t2'),
  'a length below 0': withLengths('2 -2'),
  'a length that is no number': withLengths('2 x'),
  'a length of seventeen digits': withLengths('2 00000000000000002'),
  'a length beyond 2^53 - 1': withLengths('2 9007199254740992'),
  'a CR behind the lengths': withLengths('2 2\r'),
  'a jump without a length': withLengths('2 @9'),
  'a jump behind a length, without a space': withLengths('2@9 2'),
  'a jump to nowhere': withLengths('@ 2 2'),
  'two jumps in a row': withLengths('@1 @2 2 2'),
  'a jump with a zero before it': withLengths('@01 2 2'),
  'a jump beyond 2^53 - 1': withLengths('@9007199254740992 2 2'),
  'a position beyond 2^53 - 1 that follows from a jump': withLengths('@9007199254740991 2 2'),
  'records that reach beyond the payload': withLengths('2 3'),
  'a record without its LF': rawOf(`${headLine}\n2 2\nab\ncdx`),
  'a record that ends one byte too early': withLengths('1 2'),
  'a record over the limit': shrunk(`${headLine}\n${limits.record + 1}\n${'x'.repeat(limits.record + 1)}\n`, 1),
  'bytes behind the last chunk': rawOf(`${headLine}\n2\nab\n`, 'x'),
  'more records than the header says': withRaw(goodRaw, { count: 2 }),
  'fewer records than the header says': withRaw(goodRaw, { count: 4 }),
  'lengths of more records than a batch may have': shrunk(
    `${JSON.stringify({ ...fileHead, lf: false })}\n${'0 '.repeat(limits.records)}0\n`,
    limits.records,
  ),
}

/** Compressed, since it says very little at great length. */
function shrunk(chunks: string, count: number): Uint8Array {
  const raw = concat(seed, toUtf8(chunks))
  return withFrame(p.deflate(raw), raw.length, { count })
}

/** The good payload with one thing changed, under the root of the good one. */
const otherRecords: Broken = {
  'a root of other records': withValues({ root: toHex(p.sha256(seed)) }),
  'a record with another byte': withRaw(changed(goodRaw, goodRaw.length - 2)),
  "two records in each other's place": withRaw(encodePayload(seed, [chunkOf(fileHead, [...lines].reverse())])),
  'another position': withRaw(
    encodePayload(seed, [chunkOf({ ...fileHead, start: { offset: 4097, file: fileMark } }, lines)]),
  ),
  'another source': withRaw(encodePayload(seed, [chunkOf({ ...fileHead, source: 'log-file:/var/log/secure' }, lines)])),
  'another time read': withRaw(
    encodePayload(seed, [chunkOf({ ...fileHead, readAt: '2026-11-24T10:00:01.251Z' }, lines)]),
  ),
  'another seed': withRaw(changed(goodRaw, 0)),
  'the same bytes cut into chunks elsewhere': withRaw(
    encodePayload(seed, [chunkOf(fileHead, lines.slice(0, 1)), chunkOf(fileHead, lines.slice(1))]),
  ),
}

const key = toBase64(hostKey.publicKey)

function refusedWith(refused: Code, broken: Broken): Case<BatchInput>[] {
  return Object.entries(broken).map(([name, bytes]) => ({ name, input: { key, batch: toBase64(bytes) }, refused }))
}

export const batchesBroken: Case<BatchInput>[] = [
  ...refusedWith('batch-malformed', notBatches),
  ...refusedWith('batch-too-large', tooLarge),
  ...refusedWith('header-malformed', brokenHeaders),
  ...refusedWith('signature-wrong', brokenSignatures),
  ...Object.entries(brokenKeys).map(([name, bytes]) => ({
    name,
    input: { key: toBase64(bytes), batch: toBase64(good.bytes) },
    refused: 'signature-wrong' as const,
  })),
  ...refusedWith('payload-digest-wrong', otherPayload),
  ...brokenFrames(goodRaw).map(({ name, frame, size, refused }) => ({
    name: `payload with ${name}`,
    input: { key, batch: toBase64(withFrame(frame, size)) },
    refused,
  })),
  ...refusedWith('payload-malformed', brokenPayloads),
  ...refusedWith('root-wrong', otherRecords),
]
