import { parseHeader, Refusal, toHex } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { isRefusal } from '../error.ts'
import type { Entry, LedgerReader } from './ledger.ts'
import { isSpoiled } from './walk.ts'

/** What of a ledger can be opened. */
export interface Payloads {
  read: number
  /** Payloads that do not open, or are not what the host of the batch signed; the first of them by position. */
  unreadable: number
  first: number[]
}

const mostNamed = 100
/** Read at once. */
const stepBytes = 4_000_000

/** Opens every payload of a ledger and compares it with what its host signed. @param step called with how many were read */
export function openPayloads(reader: LedgerReader, step?: (done: number) => void): Payloads {
  const found: Payloads = { read: 0, unreadable: 0, first: [] }
  const take = (position: number, isGood: boolean) => {
    found.read += 1
    if (isGood) return
    found.unreadable += 1
    if (found.first.length < mostNamed) found.first.push(position)
  }
  const size = reader.size()
  for (let position = 0; position < size; ) {
    const entries = readOrSkip(reader, position)
    // What is not there does not open either: a row may have been removed.
    if (entries.length === 0) take(position++, false)
    for (const { entry, payload } of entries) {
      while (position < entry.position) take(position++, false)
      take(position++, isSigned(entry, payload))
    }
    step?.(found.read)
  }
  return found
}

/** Empty where the one at this position does not open. */
function readOrSkip(reader: LedgerReader, position: number): ReturnType<LedgerReader['read']> {
  try {
    return reader.read(position, stepBytes)
  } catch (error) {
    if ((isRefusal(error) && error.code === 'payload-unreadable') || isSpoiled(error)) return []
    throw error
  }
}

/** A header that is none is told by the walk over the entries. */
function isSigned({ headerBytes }: Entry, payload: Uint8Array): boolean {
  try {
    return toHex(nodePrimitives.sha256(payload)) === parseHeader(headerBytes).payloadSha256
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
