import type { ChunkHead } from '@tidewaiter/protocol'
import type { Event } from './decoder.ts'
import { unreadable } from './document.ts'
import type { Whole } from './join.ts'
import type { FileRecord } from './records.ts'

/** Where a file's records come from, and how they are named. */
export interface Place {
  /** Of record ids: `<prefix>:<byte>`. */
  prefix: string
  /** As messages name it. */
  name: string
  head: ChunkHead
}

/** @param path absolute, or `stdin` */
export function placeOfFile(
  path: string,
  { prefix, name, dev = '0', ino = '0' }: { prefix: string; name: string; dev?: string; ino?: string },
): Place {
  return { prefix, name, head: headOf(path, { dev, ino }) }
}

/** Nothing was sealed with a bare file: its head only says where the records come from. */
function headOf(path: string, { dev, ino }: { dev: string; ino: string }): ChunkHead {
  return {
    source: `log-file:${path}`,
    start: { offset: 0, file: { dev, ino, headSha256: '0'.repeat(64) } },
    readAt: new Date().toISOString(),
    method: 'file',
    unit: 'byte',
    lf: true,
  }
}

const says = {
  first: 'This record is longer than 8 MiB: it goes on in the next one.',
  middle: 'This goes on from the record before, which is longer than 8 MiB.',
  last: 'This goes on from the record before, which is longer than 8 MiB.',
} as const

/** @param openEnd of the decoder */
export function wholeOf({ bytes, offset, piece, open }: FileRecord, { prefix, head }: Place, openEnd?: string): Whole {
  const record = { id: `${prefix}:${offset}`, bytes, head, position: offset }
  if (piece === undefined) return open === true && openEnd !== undefined ? { record, says: openEnd } : { record }
  return piece === 'first' ? { record, says: says.first } : { record, says: says[piece], headless: true }
}

/** An event about the file itself. */
export function remark(
  { prefix, head }: Place,
  { dataset, text, offset }: { dataset: string; text: string; offset: number },
): Event {
  const record = { id: `${prefix}:${offset}`, bytes: new Uint8Array(0), head, position: offset }
  return unreadable(record, dataset, { says: text, text: '' })
}
