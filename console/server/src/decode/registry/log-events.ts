import type { Event } from '../decoder.ts'
import type { BaseBlock } from './base-block.ts'
import { dirtyVectorOf } from './dirty-vector.ts'
import { keyEvents } from './key-event.ts'
import { type LogEntry, logEntriesOf } from './log-entry.ts'
import { loggedOf } from './logged.ts'
import { dataset, type Told } from './told.ts'

/**
 * What a log says without its hive: which writes it holds and whether they are sound, and the keys in them. Of those the
 * path is only known as far as the keys above are in the log too.
 */
export function* logEvents(log: Buffer, base: BaseBlock, recordAt: (at: number) => string): Generator<Event> {
  const writes = base.is === 'new log' ? logEntriesOf(log) : dirtyVectorOf(log, base)
  for (const write of writes) yield writeEvent(write, base, recordAt(write.at))
  yield* keyEventsOf(log, base, { writes, recordAt })
  const event = eventOf(base, { record: recordAt(0), offset: 0 })
  const unsound = writes.filter((write) => write.unsound !== undefined).length
  event.event.action = 'hive-log-read'
  event.message = `Log of hive ${base.fileName} (${base.is === 'new log' ? 'Windows 8.1 and later' : 'before Windows 8.1'}): ${writes.length} writes, ${unsound} of them damaged.`
  if (base.writtenAt !== undefined) {
    event['@timestamp'] = base.writtenAt
    event.tidewaiter.time_is = 'hive last written'
  }
  if (!base.isChecksumRight) event.error = { code: 'checksum-wrong', message: 'The checksum of its head is wrong.' }
  event.tidewaiter.hive_log = {
    format: base.is === 'new log' ? 'HvLE' : 'DIRT',
    version: base.version,
    sequence: [base.primary, base.secondary],
    writes: writes.length,
    unsound,
  }
  yield event
}

function* keyEventsOf(
  log: Buffer,
  base: BaseBlock,
  { writes, recordAt }: { writes: readonly LogEntry[]; recordAt: (at: number) => string },
): Generator<Event> {
  const { hive, sectors, keys } = loggedOf(log, base, { writes, recordAt })
  const told: Told = {
    mount: { hive: '', root: [] },
    hive: { name: 'unknown', file: base.fileName },
    recordAt,
    sectors,
  }
  for (const { node, values, path } of keys) yield* keyEvents(hive, told, { node, path, values, left: 'in a log' })
}

function writeEvent(write: LogEntry, base: BaseBlock, record: string): Event {
  const { at, bytes, sequence, pages, binsBytes, unsound } = write
  const event = eventOf(base, { record, offset: at })
  event.event.action = 'hive-write-logged'
  event.message = `Write ${sequence} of hive ${base.fileName}: ${pages.length} pages of ${sumOf(pages)} bytes.`
  event.tidewaiter.hive_write = { sequence, bytes, pages: pages.length, bins_bytes: binsBytes }
  if (unsound !== undefined) event.error = { code: 'checksum-wrong', message: unsound }
  return event
}

function eventOf(base: BaseBlock, { record, offset }: { record: string; offset: number }): Event {
  return {
    event: { kind: 'state', dataset, category: ['configuration'], type: ['info'] },
    message: '',
    tidewaiter: {
      record,
      offset,
      encoding: 'binary',
      hive: { file: base.fileName },
    },
  }
}

function sumOf(pages: LogEntry['pages']): number {
  return pages.reduce((sum, { bytes }) => sum + bytes, 0)
}
