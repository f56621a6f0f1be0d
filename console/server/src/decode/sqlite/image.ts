import { Damaged } from '../damaged.ts'
import type { Beside } from '../decoder.ts'
import { type Head, readHead } from './head.ts'
import { frameHeadBytes, readWal, type Wal } from './wal.ts'

/** The bytes of a database file, and the records they came in. */
export interface Source {
  bytes: Buffer
  /** Id of the record in which a byte lies. */
  recordAt(offset: number): string
}

/** The pages of a database as of its last commit. */
export interface Image extends Head {
  /** Throws `Damaged` for a page that is not there. Pages count from 1. */
  page(number: number): Buffer
  recordOf(number: number): string
  /** What became of the write-ahead log, and of a rollback journal that was left. */
  about: Record<string, unknown>
}

/** Undefined for bytes that are no database, with or without their log. */
export function imageOf(source: Source, beside: readonly Beside[] | undefined): Image | undefined {
  const written = readHead(source.bytes)
  if (written === undefined) return undefined
  const log = beside?.find(({ name }) => name.endsWith('-wal'))
  const read = log && readWal(log.bytes)
  const wal = read !== undefined && read.pageBytes === written.pageBytes && read.commits > 0 ? read : undefined
  // The first page may stand in the log as well, and with it the head.
  const first = wal?.pages.get(1)
  const head = (first === undefined || log === undefined ? undefined : readHead(log.bytes.subarray(first))) ?? written
  const held = Math.ceil(source.bytes.length / head.pageBytes)
  const pages = wal?.databasePages ?? (head.pages === 0 ? held : head.pages)
  const { pageBytes } = written

  /** Where the newest content of a page is: a byte of the log or of the file. */
  function placeOf(number: number): { bytes: Uint8Array; at: number; record: string } {
    const inLog = wal?.pages.get(number)
    if (inLog !== undefined && log !== undefined)
      return { bytes: log.bytes, at: inLog, record: `${log.prefix}:${inLog - frameHeadBytes}` }
    const at = (number - 1) * pageBytes
    return { bytes: source.bytes, at, record: source.recordAt(Math.min(at, Math.max(0, source.bytes.length - 1))) }
  }

  return {
    ...head,
    pageBytes,
    pages,
    page(number) {
      const { bytes, at } = number >= 1 && number <= pages ? placeOf(number) : { bytes: source.bytes, at: Infinity }
      if (at === Infinity) throw new Damaged('place-impossible', `There is no page ${number} in ${pages} pages.`)
      if (at + pageBytes > bytes.length)
        throw new Damaged('ends-early', `The file ends before the end of page ${number}.`)
      return Buffer.from(bytes.buffer, bytes.byteOffset + at, pageBytes)
    },
    recordOf: (number) => placeOf(Math.min(Math.max(1, number), Math.max(1, pages))).record,
    about: {
      wal: walState(head, { beside, log, read, wal }),
      ...(wal !== undefined && { wal_commits: wal.commits, wal_frames: wal.frames }),
      ...(read !== undefined && read.uncommitted > 0 && { wal_uncommitted_frames: read.uncommitted }),
      ...(isHot(beside) && { journal: 'left' }),
    },
  }
}

interface Log {
  beside: readonly Beside[] | undefined
  log: Beside | undefined
  /** As it lies there, and as it is applied. */
  read: Wal | undefined
  wal: Wal | undefined
}

/**
 * `applied`; `empty`: nothing in it was committed, or it was checkpointed and cut; `unreadable`: it is none, or none of
 * this file; `missing`: the file is written with one, and none lies beside it, as after a clean end; `not-looked-for`: it
 * was read where files have no neighbours; `not-used`: the file is written without one.
 */
function walState({ isWal }: Head, { beside, log, read, wal }: Log): string {
  if (wal !== undefined) return 'applied'
  if (log !== undefined)
    return log.bytes.length === 0 || (read !== undefined && read.commits === 0) ? 'empty' : 'unreadable'
  if (!isWal) return 'not-used'
  return beside === undefined ? 'not-looked-for' : 'missing'
}

/** A rollback journal with a head tells of a transaction that was under way: the file may hold half of it. */
function isHot(beside: readonly Beside[] | undefined): boolean {
  const journal = beside?.find(({ name }) => name.endsWith('-journal'))
  return journal !== undefined && Buffer.from(journal.bytes.subarray(0, 8)).toString('hex') === 'd9d505f920a163d7'
}
