import {
  type Batch,
  type Chunk,
  type ChunkHead,
  concat,
  type Header,
  type Primitives,
  type Statement,
  seal,
  toHex,
  toUtf8,
} from '@tidewaiter/protocol'
import { nodePrimitives as p } from '@tidewaiter/protocol/node'
import { hostKey, type TestKey } from './keys.ts'
import { storedFrame } from './zstd-frames.ts'

/** Evidence to make vectors of: invented lines of an invented host. */

export const seed = p.sha256(toUtf8('tidewaiter vectors: seed'))

export const fileMark = { dev: '2049', ino: '131077', headSha256: toHex(p.sha256(toUtf8('the first 1024 bytes'))) }

export const fileHead: ChunkHead = {
  source: 'log-file:/var/log/auth.log',
  start: { offset: 4096, file: fileMark },
  readAt: '2026-11-24T10:00:01.250Z',
  method: 'file',
  unit: 'byte',
  lf: true,
}

export const lines = [
  'Nov 24 10:00:00 gate sshd[811]: Failed password for root from 203.0.113.77 port 40022 ssh2',
  'Nov 24 10:00:00 gate sshd[811]: Failed password for root from 203.0.113.77 port 40022 ssh2',
  'Nov 24 10:00:01 gate sshd[811]: Connection closed by authenticating user root 203.0.113.77 port 40022 [preauth]',
].map(toUtf8)

/** Records of one chunk, each followed by its LF where the head says so. */
export function chunkOf(head: ChunkHead, records: readonly Uint8Array[], jumps?: Chunk['jumps']): Chunk {
  const end = head.lf ? Uint8Array.of(0x0a) : new Uint8Array(0)
  return {
    head,
    lengths: records.map(({ length }) => length),
    bytes: concat(...records.flatMap((record) => [record, end])),
    ...(jumps !== undefined && { jumps }),
  }
}

const statement: Statement = {
  host: hostKey.host,
  seq: 1,
  prev: null,
  agent: '0.1.0',
  bootId: 'f3a1c2de-0000-4000-8000-000000000001',
  zone: 'America/New_York',
  utcOffset: -300,
  clockOffset: { ms: -1520, measuredAt: '2026-11-24T09:59:58.000Z' },
  from: '2026-11-24T10:00:01.250Z',
  to: '2026-11-24T10:00:03.000Z',
  sealedAt: '2026-11-24T10:00:06.250Z',
  sources: [
    {
      id: 'log-file:/var/log/auth.log',
      first: { offset: 4096, file: fileMark },
      next: { offset: 4390, file: fileMark },
      count: 3,
    },
  ],
  lost: [],
  witness: null,
}

/** Primitives whose compressed form is the same with every version of zstd. */
const storing: Primitives = { ...p, deflate: storedFrame }

export function sealed(chunks: readonly Chunk[], about: Partial<Statement> = {}, key: TestKey = hostKey): Batch {
  return seal(storing, chunks, { seed, statement: { ...statement, ...about }, sign: key.sign })
}

/** The same, compressed as an agent does it. */
export function sealedSmall(chunks: readonly Chunk[], about: Partial<Statement> = {}): Batch {
  return seal(p, chunks, { seed, statement: { ...statement, ...about }, sign: hostKey.sign })
}

/** The batch most broken ones are made of: three lines of a log. */
export const good = sealed([chunkOf(fileHead, lines)])

const magic = toUtf8('TWB1')

/** Bytes of a batch from its parts, whatever they are. */
export function join({ header, signature, payload }: Record<'header' | 'signature' | 'payload', Uint8Array>) {
  const lengths = new DataView(new ArrayBuffer(6))
  lengths.setUint32(0, header.length)
  lengths.setUint16(4, signature.length)
  const [four, two] = [new Uint8Array(lengths.buffer, 0, 4), new Uint8Array(lengths.buffer, 4, 2)]
  return concat(magic, four, header, two, signature, payload)
}

/** The good batch with another header line, signed again. */
export function withHeader(header: string | Uint8Array, payload = good.payload): Uint8Array {
  const bytes = typeof header === 'string' ? toUtf8(header) : header
  return join({ header: bytes, signature: hostKey.sign(bytes), payload })
}

/** The good batch with other values in its header, signed again. */
export function withValues(values: Partial<Record<keyof Header, unknown>>, payload = good.payload): Uint8Array {
  return withHeader(JSON.stringify({ ...good.header, ...values }), payload)
}

/** The good batch with another payload that its header announces rightly. */
export function withFrame(frame: Uint8Array, rawBytes: number, values: Partial<Header> = {}): Uint8Array {
  const payloadSha256 = toHex(p.sha256(frame))
  return withValues({ rawBytes, payloadBytes: frame.length, payloadSha256, ...values }, frame)
}

/** The good batch with these bytes as what its payload inflates to. */
export function withRaw(raw: Uint8Array, values: Partial<Header> = {}): Uint8Array {
  return withFrame(storedFrame(raw), raw.length, values)
}
