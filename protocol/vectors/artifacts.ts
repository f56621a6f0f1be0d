import {
  ChunkMeter,
  checkArtifact,
  chunkCount,
  formatChunk,
  fromHex,
  limits,
  type Offer,
  type Primitives,
  parseChunk,
  toBase64,
  toUtf8,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { Case } from './case.ts'
import { base64 } from './read.ts'

/** Content is `text` again and again, up to `size` bytes. */
export interface ArtifactInput {
  seed: string
  text: string
  size: number
  offered?: Pick<Offer, 'sha256' | 'size' | 'chunkRoot'>
}

export function readArtifact(p: Primitives, { seed, text, size, offered }: ArtifactInput) {
  const meter = new ChunkMeter(p, fromHex(seed) ?? new Uint8Array(0))
  const whole = toUtf8(text.repeat(Math.ceil(size / text.length))).subarray(0, size)
  for (let at = 0; at < size; at += limits.chunk) meter.add(whole.subarray(at, at + limits.chunk))
  const measured = meter.end()
  if (offered !== undefined) checkArtifact(measured, offered)
  return { chunks: chunkCount(size), ...measured }
}

const seed = '5e'.repeat(32)
const one = { seed, text: 'tide', size: 5 }
const { chunks: _, ...offered } = readArtifact(nodePrimitives, one)

export const artifacts: Case<ArtifactInput>[] = [
  { name: 'no bytes', input: { seed, text: 'tide', size: 0 } },
  { name: 'one chunk', input: one },
  { name: 'one full chunk', input: { seed, text: 'tide', size: limits.chunk } },
  { name: 'a full chunk and a byte', input: { seed, text: 'tide', size: limits.chunk + 1 } },
  { name: 'five chunks', input: { seed, text: 'waiter', size: 4 * limits.chunk + 77 } },
  { name: 'the same bytes under another seed', input: { ...one, seed: '00'.repeat(32) } },
  { name: 'what was offered', input: { ...one, offered } },
  ...Object.entries({
    'another byte than was offered': { ...one, text: 'tidf', offered },
    'a byte more than was offered': { ...one, size: 6, offered },
    'another seed than was offered': { ...one, seed: '00'.repeat(32), offered },
    'another root than was offered': { ...one, offered: { ...offered, chunkRoot: offered.sha256 } },
  }).map(([name, input]) => ({ name, input, refused: 'artifact-wrong' as const })),
]

export function readChunk(_: Primitives, { frame }: { frame: string }) {
  const { sha256, number, bytes } = parseChunk(base64(frame))
  return { sha256, number, bytes: toBase64(bytes) }
}

const frame = formatChunk({ sha256: offered.sha256, number: 258, bytes: toUtf8('tide') })
const frameCase = (name: string, bytes: Uint8Array) => ({ name, input: { frame: toBase64(bytes) } })

export const chunks: Case<{ frame: string }>[] = [
  frameCase('a chunk', frame),
  frameCase('the last number there is', formatChunk({ sha256: seed, number: 2 ** 32 - 1, bytes: Uint8Array.of(0) })),
  ...Object.entries({
    nothing: new Uint8Array(0),
    'the magic of a batch': Uint8Array.from([...toUtf8('TWB1'), ...frame.subarray(4)]),
    'cut off in its hash': frame.subarray(0, 20),
    'without a byte': frame.subarray(0, 40),
  }).map(([name, bytes]) => ({ ...frameCase(name, bytes), refused: 'chunk-malformed' as const })),
]
