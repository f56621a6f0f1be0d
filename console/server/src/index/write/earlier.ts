import {
  decodePayload,
  findRecord,
  inflatePayload,
  type OpenChunk,
  parseHeader,
  recordBytes,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { LedgerReader } from '../../ledger/ledger.ts'
import type { LedgerBatch } from './indexing.ts'

/** Gives the bytes of a record of a batch that was read before; undefined when it is not there or does not open. */
export type Earlier = (position: number, index: number) => Uint8Array | undefined

const mostOpen = 4

/** Lines that were sealed in parts go on from a batch before: the last few that were asked for stay open. */
export function openEarlier(reader: LedgerReader): Earlier {
  const open = new Map<number, OpenChunk[]>()
  return (position, index) => {
    const chunks = open.get(position) ?? openAt(reader, position)
    if (chunks === undefined) return undefined
    open.delete(position)
    open.set(position, chunks)
    for (const oldest of open.keys()) if (open.size > mostOpen) open.delete(oldest)
    const found = findRecord({ chunks }, index)
    return found === undefined ? undefined : recordBytes(found.chunk, found.at)
  }
}

function openAt(reader: LedgerReader, position: number): OpenChunk[] | undefined {
  const [batch] = reader.read(position, 1)
  return batch?.entry.position === position ? chunksOf(batch) : undefined
}

/** The records of a batch whose root was found right before. */
export function chunksOf({ entry, payload }: LedgerBatch): OpenChunk[] {
  const { rawBytes } = parseHeader(entry.headerBytes)
  return decodePayload(inflatePayload(nodePrimitives, payload, rawBytes)).chunks
}
