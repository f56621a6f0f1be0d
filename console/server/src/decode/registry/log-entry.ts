import { sectorBytes } from './base-block.ts'
import { marvin32 } from './marvin32.ts'

/** Pages of a hive that were written together: of the new format (Suhanov, since Windows 8.1) or of the old one. */
export interface LogEntry {
  /** Its first byte in the log. */
  at: number
  bytes: number
  /** Its number; numbers of entries that follow each other do so too. */
  sequence: number
  /** Bytes of all bins at that time. */
  binsBytes: number
  pages: Page[]
  /** Why it cannot be applied; absent for a sound one. */
  unsound?: string
}

/** Bytes of a hive behind its base block, and where they stand in the log. */
export interface Page {
  offset: number
  bytes: number
  at: number
}

const headBytes = 40
const pageHeadBytes = 8

/** Entries from the first sector on, as long as they follow each other. */
export function logEntriesOf(log: Buffer): LogEntry[] {
  const entries: LogEntry[] = []
  for (let at = sectorBytes; ; ) {
    const entry = logEntryAt(log, at)
    if (entry === undefined) return entries
    entries.push(entry)
    at += entry.bytes
  }
}

/** Undefined where none begins. */
function logEntryAt(log: Buffer, at: number): LogEntry | undefined {
  const bytes = entryBytesAt(log, at)
  if (bytes === undefined) return undefined
  const entry: LogEntry = {
    at,
    bytes,
    sequence: log.readUInt32LE(at + 12),
    binsBytes: log.readUInt32LE(at + 16),
    pages: [],
  }
  const unsound = wrongIn(log, entry) ?? addPages(log, entry)
  if (unsound !== undefined) entry.unsound = unsound
  return entry
}

function wrongIn(log: Buffer, { at, bytes, binsBytes }: LogEntry): string | undefined {
  const end = at + bytes
  if (end > log.length) return 'The log ends before it.'
  if (!isHash(log, { at: at + 32, of: at, end: at + 32 })) return 'The hash of its head is wrong.'
  if (!isHash(log, { at: at + 24, of: at + headBytes, end })) return 'The hash of its pages is wrong.'
  return binsBytes % 4096 === 0 ? undefined : 'No hive has the size that it gives.'
}

/** Size of the entry that begins at `at`, as it says. */
export function entryBytesAt(log: Buffer, at: number): number | undefined {
  if (at + headBytes > log.length || log.toString('latin1', at, at + 4) !== 'HvLE') return undefined
  const bytes = log.readUInt32LE(at + 4)
  return bytes < sectorBytes || bytes % sectorBytes !== 0 ? undefined : bytes
}

function isHash(log: Buffer, { at, of, end }: { at: number; of: number; end: number }): boolean {
  const [low, high] = marvin32(log, of, end)
  return log.readUInt32LE(at) === low && log.readUInt32LE(at + 4) === high
}

/** The places of all pages, then their bytes in the same order. */
function addPages(log: Buffer, { at, bytes, binsBytes, pages }: LogEntry): string | undefined {
  const count = log.readUInt32LE(at + 20)
  const end = at + bytes
  let from = at + headBytes + count * pageHeadBytes
  if (from > end) return 'It has more pages than room for them.'
  for (let i = 0; i < count; i++) {
    const head = at + headBytes + i * pageHeadBytes
    const page = { offset: log.readUInt32LE(head), bytes: log.readUInt32LE(head + 4), at: from }
    if (page.bytes < sectorBytes || page.bytes % sectorBytes !== 0 || page.offset % sectorBytes !== 0)
      return 'A page of it is no page.'
    if (from + page.bytes > end || page.offset + page.bytes > binsBytes) return 'A page of it lies beyond its end.'
    pages.push(page)
    from += page.bytes
  }
  return undefined
}
