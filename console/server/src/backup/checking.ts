import {
  append,
  checkHead,
  emptyFrontier,
  entryOf,
  type Frontier,
  fromBase64,
  fromHex,
  frontierRoot,
  type Header,
  parseHead,
  parseHeader,
  Refusal,
  type SignedHead,
  toHex,
  toUtf8,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { refuse } from '../error.ts'
import type { Loaded } from '../keys/material.ts'
import { openPayload, unwrapSegmentKey } from '../ledger/cipher.ts'
import { consoleHostOf, originIn } from '../ledger/origin.ts'
import type { SealedEntry } from './entries.ts'
import type { BackupHeader, BackupSegment } from './shapes.ts'

/** An entry whose place in the tree was checked. */
export interface CheckedEntry extends SealedEntry {
  host: string
  seq: number
  headerHash: string
  headerBytes: Uint8Array
  signatureBytes: Uint8Array
  leaf: Uint8Array
}

/** Follows a ledger from its first entry: hashes everything, opens every payload, and compares with what was signed. */
export interface LedgerCheck {
  /** Throws `backup-damaged`. */
  segment(segment: BackupSegment): void
  entry(entry: SealedEntry): CheckedEntry
  end(header: BackupHeader): void
  /** Positions of entries whose payload does not open, or is not the one the host signed. */
  unreadable: number[]
}

export function checkLedger(keys: Loaded): LedgerCheck {
  const ledgerKeys = [
    keys.ledger.publicKey,
    ...keys.index.retired
      .filter(({ name }) => name === 'ledger')
      .map(({ publicKey }) => Buffer.from(publicKey, 'base64')),
  ]
  const consoleHost = consoleHostOf({ publicKey: () => keys.intake.publicKey })
  let frontier: Frontier = emptyFrontier
  let segment: BackupSegment | undefined
  let segmentKey: Uint8Array | undefined
  let head: SignedHead | undefined
  const unreadable: number[] = []

  const checkNewest = () => {
    if (head === undefined) return
    const signed = head
    const isSigned = ledgerKeys.some((key) => isRight(() => checkHead(nodePrimitives, signed, key)))
    if (!isSigned) throw damaged(`the head of ${parseHead(signed).size} entries is not signed by a ledger key`)
  }
  const checkOrigin = (entry: CheckedEntry) => {
    if (segment === undefined || entry.position !== segment.first || head === undefined) return
    const before = parseHead(head).ledger
    if (before === segment.ledger) return
    const origin = originIn(entry, { consoleHost, ledger: segment.ledger })
    if (origin?.before?.head !== head.head)
      throw damaged(`ledger ${segment.ledger} does not say that it goes on from ${before}`)
  }
  return {
    unreadable,
    segment(next) {
      checkNewest()
      if (next.number !== (segment?.number ?? 0) + 1) throw damaged(`segment ${next.number} is not in its place`)
      const roots = next.frontier.map((hex) => fromHex(hex) ?? new Uint8Array(0))
      const begin = frontierRootOf({ size: next.first, roots })
      if (next.first !== frontier.size || begin !== frontierRootOf(frontier))
        throw damaged(`segment ${next.number} does not begin where the one before ended`)
      segment = next
      segmentKey = openKey(keys.masterKey, next)
    },
    entry(entry) {
      if (segment === undefined || entry.position !== frontier.size)
        throw damaged(`entry ${entry.position} is not in its place`)
      const checked = readEntry(entry)
      checkOrigin(checked)
      frontier = append(nodePrimitives, frontier, checked.leaf)
      if (entry.head !== undefined) {
        const { ledger, size, root } = readHead(entry.head)
        if (ledger !== segment.ledger || size !== frontier.size || root !== frontierRootOf(frontier))
          throw damaged(`the first ${frontier.size} entries do not give the head that was signed`)
        head = entry.head
      }
      const place = { ledger: segment.ledger, position: entry.position, headerHash: checked.headerHash }
      if (!isReadable(checked, segmentKey, place)) unreadable.push(entry.position)
      return checked
    },
    end(header) {
      checkNewest()
      if (head !== undefined && parseHead(head).ledger !== header.ledger)
        throw damaged(`the ledger is not ${header.ledger}`)
      if (frontier.size !== header.size || frontierRootOf(frontier) !== header.root || head?.head !== header.head?.head)
        throw damaged(`it holds ${frontier.size} entries that do not give the head it is said to hold`)
    },
  }
}

function frontierRootOf(frontier: Frontier): string {
  return toHex(frontierRoot(nodePrimitives, frontier))
}

function openKey(masterKey: Uint8Array, { ledger, number, key }: BackupSegment): Uint8Array | undefined {
  try {
    return unwrapSegmentKey(masterKey, fromBase64(key) ?? new Uint8Array(0), { ledger, number })
  } catch {
    // What lies under it cannot be read: it could not be in the ledger either.
    return undefined
  }
}

/** Throws `backup-damaged`. */
function readEntry(entry: SealedEntry): CheckedEntry {
  const headerBytes = toUtf8(entry.header)
  const signatureBytes = fromBase64(entry.signature) ?? new Uint8Array(0)
  const headerHash = toHex(nodePrimitives.sha256(headerBytes))
  const { position, receivedAtMs } = entry
  const { host, seq } = readHeader(headerBytes, position)
  const leaf = entryOf(nodePrimitives, { position, receivedAtMs, headerHash, signature: signatureBytes })
  return { ...entry, host, seq, headerHash, headerBytes, signatureBytes, leaf }
}

function readHeader(bytes: Uint8Array, position: number): Header {
  try {
    return parseHeader(bytes)
  } catch (cause) {
    throw refuse('backup-damaged', `The header of entry ${position} in the backup cannot be read.`, { cause })
  }
}

function readHead(signed: SignedHead) {
  try {
    return parseHead(signed)
  } catch (cause) {
    throw refuse('backup-damaged', 'A head in the backup cannot be read.', { cause })
  }
}

function isReadable(
  { payload, headerBytes }: CheckedEntry,
  key: Uint8Array | undefined,
  place: { ledger: string; position: number; headerHash: string },
): boolean {
  if (key === undefined) return false
  return isRight(
    () => toHex(nodePrimitives.sha256(openPayload(key, payload, place))) === parseHeader(headerBytes).payloadSha256,
  )
}

/** False for what is refused. */
function isRight(check: () => unknown): boolean {
  try {
    return check() !== false
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

function damaged(what: string) {
  return refuse('backup-damaged', `In the backup ${what}.`)
}
