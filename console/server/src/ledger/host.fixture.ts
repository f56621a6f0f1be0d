import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { type Batch, type Chunk, hostIdOf, type Statement, seal } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'

/** A host that seals real batches with a key of its own. For tests. */
export interface SealingHost {
  id: string
  /** SPKI, DER. */
  publicKey: Uint8Array
  /** PKCS #8, DER. */
  privateKey: Uint8Array
  /** Seals the next batch of its chain; `wanted` changes what it states, which makes gaps, forks and lies. */
  seal(lines?: readonly string[], wanted?: Partial<Statement>, chunks?: readonly Chunk[]): Batch
}

const at = '2026-11-24T12:00:00.000Z'

export function newSealingHost(): SealingHost {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKey = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }))
  const privateKey = new Uint8Array(pair.privateKey.export({ type: 'pkcs8', format: 'der' }))
  const id = hostIdOf(nodePrimitives.sha256(publicKey))
  let tip: { seq: number; hash: string } | undefined
  return {
    id,
    publicKey,
    privateKey,
    seal(lines = ['a line'], wanted = {}, chunks = [chunkOf(lines)]) {
      const statement: Statement = {
        host: id,
        seq: (tip?.seq ?? 0) + 1,
        prev: tip?.hash ?? null,
        agent: '0.1.0',
        bootId: 'boot',
        zone: 'UTC',
        utcOffset: 0,
        clockOffset: null,
        from: at,
        to: at,
        sealedAt: at,
        sources: [],
        lost: [],
        witness: null,
        ...wanted,
      }
      const sign = (data: Uint8Array) => nodePrimitives.signP256(privateKey, data)
      const batch = seal(nodePrimitives, chunks, { seed: randomBytes(32), statement, sign })
      tip = { seq: batch.header.seq, hash: batch.headerHash }
      return batch
    },
  }
}

function chunkOf(lines: readonly string[]) {
  return {
    head: {
      source: 'log-file:/var/log/auth.log',
      start: { offset: 0, file: { dev: '1', ino: '2', headSha256: 'ab'.repeat(32) } },
      readAt: at,
      method: 'file',
      unit: 'byte' as const,
      lf: true,
    },
    lengths: lines.map((line) => Buffer.byteLength(line)),
    bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')),
  }
}
