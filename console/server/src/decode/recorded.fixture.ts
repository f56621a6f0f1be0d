import { readFileSync } from 'node:fs'
import type { ChunkHead } from '@tidewaiter/protocol'
import type { DecodeContext, DecodeRecord, Decoder, Event } from './decoder.ts'

/** A file of `fixtures/`, recorded from real programs. */
export function recorded(name: string): Buffer {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url))
}

export function recordedLines(name: string): string[] {
  return recorded(name).toString('latin1').split('\n').slice(0, -1)
}

/** Snapshots of the state of a system, in `system.jsonl`. */
const systemSources: readonly string[] = [
  'account',
  'autorun',
  'software',
  'kernel',
  'network-setting',
  'suid',
  'certificate',
]
/** All collectors of snapshots that were recorded. */
export const snapshotSources = [
  'process',
  'socket',
  'interface',
  'inventory',
  'database',
  'memory',
  ...systemSources,
  'file-integrity',
]

function fileOf(source: string): string {
  if (source === 'database') return 'database.jsonl'
  if (source === 'memory') return 'memory.jsonl'
  if (source === 'file-integrity') return 'file-integrity.jsonl'
  return systemSources.includes(source) ? 'system.jsonl' : 'snapshots.jsonl'
}

/** What collectors of snapshots handed over, pass by pass and chunk by chunk. */
export function recordedChunks(source: string): { head: ChunkHead; records: string[] }[] {
  return recorded(fileOf(source))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line): { head: ChunkHead; records: string[] } => JSON.parse(line))
    .filter(({ head }) => head.source === source || head.source.startsWith(`${source}:`))
}

export const fileHead: ChunkHead = {
  source: 'log-file:/var/log/auth.log',
  start: { offset: 0, file: { dev: '1', ino: '2', headSha256: 'ab'.repeat(32) } },
  readAt: '2026-11-25T19:00:00.000Z',
  method: 'file',
  unit: 'byte',
  lf: true,
}

export function recordOf(bytes: string | Uint8Array, head: Partial<ChunkHead> = {}): DecodeRecord {
  const record = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
  return { id: 'host/1/0', bytes: record, head: { ...fileHead, ...head }, position: 0 }
}

/** Events of records that come one after the other. */
export function eventsOf(
  decoder: Decoder,
  records: readonly (string | Uint8Array)[],
  { head = {}, context = {} }: { head?: Partial<ChunkHead>; context?: DecodeContext } = {},
): Event[] {
  const decoding = decoder.start(context)
  return [...records.flatMap((record) => decoding.push(recordOf(record, head))), ...decoding.end()]
}

/** Events of a recorded snapshot with what their chunk held. */
export function snapshotEvents(decoder: Decoder, source: string): { holds: string | undefined; event: Event }[] {
  return recordedChunks(source).flatMap(({ head, records }) =>
    eventsOf(
      decoder,
      records.map((record) => Buffer.from(record)),
      { head, context: { readAt: head.readAt } },
    ).map((event) => ({ holds: head.pass?.holds, event })),
  )
}
