import {
  type Batch,
  type CollectionEnd,
  type CollectionOpening,
  type CollectionPart,
  readCollection,
} from '@tidewaiter/protocol'
import type { DamagedPart } from '@tidewaiter/protocol/api'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { openCollection, type Unopened } from './open-file.ts'

/** What a collection file holds, and what of it is refused. */
export interface CollectionReport {
  opening: CollectionOpening
  publicKey: Uint8Array
  isEncrypted: boolean
  /** Of the file as it lies there. */
  sha256: string
  bytes: number
  /** Whole ones. */
  batches: number
  records: number
  /** Hash of the header of the last whole batch; null where there is none. */
  newest: string | null
  /** Batches of which the numbers of those around them say that they were there. */
  missing: number
  damaged: DamagedPart[]
  unopened: Unopened[]
  end: { said: CollectionEnd; bytes: Uint8Array } | undefined
}

export interface CollectionReading {
  /** Private key of age, asked for where the file is encrypted. */
  identity(): Promise<string>
  /** Called before the first batch; `bytes` as they were signed. */
  opens?(opening: CollectionOpening, bytes: Uint8Array): Promise<void>
  /** Called with each whole batch. */
  takes?(batch: Batch): Promise<void>
  progress?(doneBytes: number, ofBytes: number): void
}

/**
 * Reads a collection file from front to back, checking every part.
 * @throws `file-unreadable`, `collection-sealed`; `collection-malformed` and `signature-wrong` where its opening is not whole
 */
export async function readCollectionFile(path: string, reading: CollectionReading): Promise<CollectionReport> {
  const file = await openCollection(path, reading.identity)
  try {
    const unopened: Unopened[] = []
    const found = { batches: 0, records: 0, missing: 0, damaged: [] as DamagedPart[], unopened }
    let newest: string | null = null
    let first: Extract<CollectionPart, { is: 'opening' }> | undefined
    let end: CollectionReport['end']
    for await (const part of readCollection(
      nodePrimitives,
      file.pieces((what) => unopened.push(what)),
    )) {
      if (part.is === 'opening') {
        first = part
        await reading.opens?.(part.opening, part.bytes)
      } else if (part.is === 'batch') {
        found.batches += 1
        found.records += part.batch.header.count
        found.missing += part.missing
        newest = part.batch.headerHash
        await reading.takes?.(part.batch)
        reading.progress?.(part.at, file.size)
      } else if (part.is === 'damaged') found.damaged.push(toDamaged(part))
      else if (part.is === 'end') end = { said: part.end, bytes: part.bytes }
    }
    if (first === undefined) throw new Error('a collection was read without its opening')
    const { opening, publicKey } = first
    const { isEncrypted, size: bytes } = file
    return { opening, publicKey, isEncrypted, sha256: file.sha256(), bytes, ...found, newest, end }
  } finally {
    await file.close()
  }
}

function toDamaged({ at, bytes, code, says }: Extract<CollectionPart, { is: 'damaged' }>): DamagedPart {
  return { at, bytes, code, says: says.slice(0, 500) }
}
