import { randomBytes } from 'node:crypto'
import {
  type Batch,
  type Chunk,
  type Loss,
  type SourceSpan,
  type Statement,
  seal,
  type Tip,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { type HostKey, newHostKey } from './identity.ts'

export const testKey: HostKey = newHostKey()

/** Lines of one log file as one hand-over: positions count its bytes from `offset`. */
export function linesOf(source: string, lines: readonly string[], offset = 0): Chunk {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  const lengths = lines.map((line) => Buffer.byteLength(line))
  return {
    head: { source, start: fileAt(offset), readAt: '2026-11-24T10:00:00.000Z', method: 'file', unit: 'byte', lf: true },
    lengths,
    bytes,
  }
}

export function fileAt(offset: number) {
  return { offset, file: { dev: '1', ino: '2', headSha256: 'ab'.repeat(32) } }
}

interface Wanted {
  key?: HostKey
  chunks?: readonly Chunk[]
  sources?: SourceSpan[]
  lost?: Loss[]
}

/** The batch after `tip`, as an agent seals it. */
export function batchAfter(
  tip: Tip | null,
  { key = testKey, chunks = [], sources = [], lost = [] }: Wanted = {},
): Batch {
  const at = '2026-11-24T10:00:00.000Z'
  const statement: Statement = {
    host: key.host,
    seq: (tip?.seq ?? 0) + 1,
    prev: tip?.headerHash ?? null,
    agent: '0.1.0',
    bootId: 'boot',
    zone: 'UTC',
    utcOffset: 0,
    clockOffset: null,
    from: at,
    to: at,
    sealedAt: at,
    sources,
    lost,
    witness: null,
  }
  const sign = (data: Uint8Array) => nodePrimitives.signP256(key.privateKey, data)
  return seal(nodePrimitives, chunks, { seed: randomBytes(32), statement, sign })
}
