import { view } from '../text.ts'
import { type BaseBlock, baseBlockBytes, isDirty, readBaseBlock, sectorBytes } from './base-block.ts'
import { dirtyVectorOf } from './dirty-vector.ts'
import { type LogEntry, logEntriesOf } from './log-entry.ts'

/** A log of a hive as a file. */
export interface Log {
  name: string
  /** Of record ids, which are `<prefix>:<byte>`. */
  prefix?: string
  bytes: Uint8Array
}

/** A hive as it was after its last write, as far as its logs have that. */
export interface Recovered {
  bytes: Buffer
  base: BaseBlock
  wasDirty: boolean
  applied: Applied[]
  /** Which logs, or what in them, were not applied, and why. */
  remarks: string[]
  /** For each 512 bytes behind the base block that came from a log, the write. */
  sectors: Map<number, Applied>
}

/** A write that a log holds and the hive did not have. */
export interface Applied {
  log: string
  /** Id of its record; undefined where nothing is known of the file. */
  record: string | undefined
  sequence: number
  pages: number
}

/** A hive grows with its logs by no more than they have bytes, and this: a size in a log is only a number. */
const mostGrowth = 64 * 1024 * 1024

/**
 * Applies logs to a hive as Windows does when it loads one whose last write was not ended (Suhanov, "Dirty state of a
 * hive"): a clean hive stays as it is. The bytes given stay as they are.
 * @param base of the hive
 */
export function recover(hive: Uint8Array, base: BaseBlock, logs: readonly Log[]): Recovered {
  const recovered: Recovered = {
    bytes: view(hive),
    base,
    wasDirty: isDirty(base),
    applied: [],
    remarks: [],
    sectors: new Map(),
  }
  if (recovered.wasDirty && logs.length > 0) applyLogs(recovered, logs)
  return recovered
}

function applyLogs(recovered: Recovered, logs: readonly Log[]): void {
  const sound = logs.flatMap((log) => soundLog(recovered, log))
  if (sound.length === 0) return
  const { bytes } = recovered
  // Copied once, with the room that any of the writes needs.
  recovered.bytes = Buffer.alloc(Math.max(bytes.length, roomFor(bytes, sound)))
  bytes.copy(recovered.bytes)
  const inOrder = sound.toSorted((a, b) => a.base.primary - b.base.primary)
  const newest = inOrder.at(-1)
  if (newest !== undefined && !recovered.base.isChecksumRight) takeBase(recovered, newest)
  for (const log of inOrder)
    if (log.base.is === 'new log') applyLog(recovered, log)
    else applyOldLog(recovered, log)
  recovered.bytes = recovered.bytes.subarray(0, Math.max(bytes.length, baseBlockBytes + recovered.base.binsBytes))
}

function roomFor(hive: Buffer, logs: readonly SoundLog[]): number {
  let [room, most] = [0, hive.length + mostGrowth]
  for (const { bytes, writes } of logs) {
    most += bytes.length
    for (const { binsBytes } of writes) room = Math.max(room, baseBlockBytes + binsBytes)
  }
  return Math.min(room, most)
}

interface SoundLog extends Log {
  base: BaseBlock
  bytes: Buffer
  /** One, in a log of the old format. */
  writes: readonly LogEntry[]
}

function soundLog(recovered: Recovered, log: Log): SoundLog[] {
  const base = readBaseBlock(log.bytes)
  const why = base === undefined ? 'it is no log of a hive.' : refusal(base, recovered.base)
  if (base === undefined || why !== undefined) {
    recovered.remarks.push(`${log.name}: ${why}`)
    return []
  }
  const bytes = view(log.bytes)
  return [{ ...log, base, bytes, writes: base.is === 'new log' ? logEntriesOf(bytes) : dirtyVectorOf(bytes, base) }]
}

function refusal(log: BaseBlock, hive: BaseBlock): string | undefined {
  if (log.is === 'hive' || log.is === 'unknown') return 'it is no log of a hive.'
  if (!log.isChecksumRight) return 'the checksum of its head is wrong.'
  if (log.primary !== log.secondary) return 'it was not written to its end.'
  // A damaged base block names no file that one could trust.
  if (hive.isChecksumRight && log.fileName.toLowerCase() !== hive.fileName.toLowerCase())
    return `it is the log of another hive, ${log.fileName}.`
  return undefined
}

/** Writes count on from the last one that was ended; the first that does not, or is not sound, ends the recovery. */
function applyLog(recovered: Recovered, log: SoundLog): void {
  const { applied, remarks } = recovered
  let isBegun = false
  for (const write of log.writes) {
    const { secondary } = recovered.base
    const expected = applied.length === 0 ? secondary : secondary + 1
    if (!isBegun && write.sequence < expected) continue
    const why = write.unsound ?? (write.sequence === expected ? undefined : `write ${expected} is missing before it.`)
    if (why !== undefined) {
      remarks.push(`${log.name}: write ${write.sequence} and what follows are not applied: ${why}`)
      return
    }
    isBegun = true
    applyWrite(recovered, log, write)
  }
  if (!isBegun) remarks.push(`${log.name}: all it holds was written before.`)
}

/** A log of the old format holds the one write that was not ended. Its number is that of the log. */
function applyOldLog(recovered: Recovered, log: SoundLog): void {
  const [write] = log.writes
  const { base, applied, remarks } = recovered
  if (applied.length > 0 || log.base.writtenAt !== base.writtenAt)
    remarks.push(`${log.name}: it was written at another time than the hive.`)
  else if (write === undefined) remarks.push(`${log.name}: it holds no write.`)
  else if (write.unsound !== undefined) remarks.push(`${log.name}: it is not applied: ${write.unsound}`)
  else applyWrite(recovered, log, write)
}

/** A base block that is damaged is taken from the log, which has a copy of it. */
function takeBase(recovered: Recovered, { name, base, bytes }: SoundLog): void {
  bytes.copy(recovered.bytes, 0, 0, sectorBytes)
  recovered.bytes.writeUInt32LE(0, 28)
  recovered.base = { ...base, is: 'hive' }
  recovered.remarks.push(`${name}: the base block of the hive is damaged, and was taken from here.`)
}

function applyWrite(recovered: Recovered, { name, prefix, bytes }: SoundLog, write: LogEntry): void {
  const { sequence, binsBytes, pages, at } = write
  const record = prefix === undefined ? undefined : `${prefix}:${at}`
  const applied: Applied = { log: name, record, sequence, pages: pages.length }
  for (const { offset, bytes: length, at: from } of pages) {
    bytes.copy(recovered.bytes, baseBlockBytes + offset, from, from + length)
    for (let sector = offset; sector < offset + length; sector += sectorBytes)
      recovered.sectors.set(sector / sectorBytes, applied)
  }
  recovered.base = { ...recovered.base, primary: sequence, secondary: sequence, binsBytes }
  recovered.applied.push(applied)
}
