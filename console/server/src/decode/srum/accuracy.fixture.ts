import type { Accuracy } from '../accuracy.fixture.ts'
import { beginCut } from '../cut.ts'
import type { Event } from '../decoder.ts'
import { exportedTables, unzipped } from '../esedbexport.fixture.ts'
import { recordOf } from '../recorded.fixture.ts'
import { srum } from './index.ts'

export function sample(): Buffer {
  return unzipped('windows_srum/SRUDB.dat.gz')
}

/** Events of a whole file, cut as a bare file is; the id of a record is its place. */
export function eventsOfFile(bytes: Uint8Array): Event[] {
  const [decoding, cut] = [srum.start({}), beginCut(srum.cut)]
  const events: Event[] = []
  let at = 0
  const push = (record: Uint8Array) => decoding.push({ ...recordOf(record), id: `f:${at}`, position: at })
  for (let piece = cut(bytes, at); piece !== undefined; piece = cut(bytes, at)) {
    events.push(...push(bytes.subarray(at, piece.end)))
    at = piece.next
  }
  if (at < bytes.length) events.push(...push(bytes.subarray(at)))
  return [...events, ...decoding.end()]
}

/** Values of all rows as esedbexport reads them. */
export function rowAccuracy(): Accuracy & { differences: string[] } {
  const bytes = sample()
  const tables = exportedTables(bytes)
  const identities = new Map((tables.get('SruDbIdMapTable') ?? []).map((row) => [row.IdIndex, row]))
  const found = new Map(eventsOfFile(bytes).map((event) => [keyOf(event), valuesOf(event)]))
  const cells = [...tables]
    .filter(([table]) => table.startsWith('{'))
    .flatMap(([table, rows]) => rows.map((row) => ({ key: `${table} ${row.AutoIncId}`, row })))
    .flatMap(({ key, row }) => expectedOf(row, identities).map(([name, value]) => ({ key, name, value })))
    .map((cell) => ({ ...cell, ours: found.get(cell.key)?.[cell.name] }))
  const differing = cells.filter(({ value, ours }) => value !== ours)
  const missed = differing.filter(({ ours }) => ours === undefined).length
  return {
    records: cells.length,
    right: cells.length - differing.length,
    wrong: differing.length - missed,
    missed,
    differences: differing.map(({ key, name, value, ours }) => `${key} ${name}: ${value} ${ours}`),
  }
}

interface Srum {
  table: string
  row: number
  application?: string
  values: Record<string, unknown>
}

function keyOf({ tidewaiter }: Event): string {
  const { table, row } = (tidewaiter.srum ?? {}) as Partial<Srum>
  return `${table} ${row}`
}

function valuesOf({ tidewaiter, user, ...event }: Event): Record<string, string> {
  const { application, values } = (tidewaiter.srum ?? {}) as Partial<Srum>
  const all = {
    ...values,
    TimeStamp: event['@timestamp'],
    AppId: application,
    UserId: (user as { id?: string } | undefined)?.id,
  }
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
}

type Identities = ReadonlyMap<string | undefined, Record<string, string>>

/** Cells that say something: room that was not written is filled with 0x2a, and one time is not read by esedbexport. */
function expectedOf(row: Record<string, string>, identities: Identities): [string, string][] {
  return Object.entries(row).flatMap(([name, text]): [string, string][] => {
    if (name === 'AutoIncId' || text === '' || text.startsWith('(')) return []
    if (text === '707406378' || text === '3038287259199220266') return []
    if (name === 'AppId' || name === 'UserId') return identityOf(name, identities.get(text))
    return [[name, name === 'TimeStamp' || name === 'ConnectStartTime' ? timeOf(name, text) : text]]
  })
}

function identityOf(name: string, row: Record<string, string> | undefined): [string, string][] {
  const blob = Buffer.from(row?.IdBlob ?? '', 'hex')
  if (blob.length === 0) return []
  return [[name, row?.IdType === '3' ? sidOf(blob) : blob.toString('utf16le').replace(/\0$/, '')]]
}

function sidOf(blob: Buffer): string {
  const parts = Array.from({ length: blob.readUInt8(1) }, (_, i) => blob.readUInt32LE(8 + i * 4))
  return ['S', blob.readUInt8(0), blob.readUIntBE(2, 6), ...parts].join('-')
}

/**
 * `Oct 07, 2021 08:19:00.000000153`: whole seconds, and what a number of days does not hold. Where that lies a little
 * below a second, esedbexport writes the one before with `.231231...`. A FILETIME is in ticks.
 */
function timeOf(name: string, text: string): string {
  const seconds = Date.parse(`${text.slice(0, 21)} UTC`) / 1000 + (text.slice(22).startsWith('231231') ? 1 : 0)
  if (name === 'TimeStamp') return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
  return String((BigInt(seconds) + 11_644_473_600n) * 10_000_000n + BigInt(text.slice(22, 29)))
}
