import { recordId } from '@tidewaiter/protocol'
import type { EventRow } from '@tidewaiter/protocol/api'
import { headerOf, isCut, ordinalOf, recordsOf } from '../../decode/made-of.ts'
import type { Entry, Ledger } from '../../ledger/ledger.ts'
import { parseRecordId } from '../../ledger/record.ts'
import { positionOfRow } from '../layout.ts'
import type { Document, Records } from './documents.ts'
import { type Names, withoutBranch } from './names.ts'

/** A row of table `event` as `query/sql.ts` asks for it. */
export interface IndexRow {
  id: number
  at: number
  host_at: number
  read_at: number
  received_at: number
  position: number
  record: number
  host: number
  source: number
  dataset: string | null
  context: string | null
}

/** A row with the ids of its records. */
export interface KnownRow {
  row: IndexRow
  records: Records
}

/** Finds the records of rows in the ledger. One that the ledger does not hold is left out. */
export async function findRecords(
  ledger: Pick<Ledger, 'entry' | 'find'>,
  rows: readonly IndexRow[],
): Promise<KnownRow[]> {
  const entries = new Map<number, Promise<Entry | undefined>>()
  const entryAt = (position: number) => {
    const entry = entries.get(position) ?? ledger.entry(position)
    entries.set(position, entry)
    return entry
  }
  const positions = new Map<string, Promise<Entry | undefined>>()
  const placeOf = async (id: string, own: Entry) => {
    const ref = parseRecordId(id)
    if (ref === undefined) return []
    if (ref.seq === own.seq) return [{ id, position: own.position, index: ref.index }]
    const key = id.slice(0, id.lastIndexOf('/'))
    const found = positions.get(key) ?? ledger.find(ref)
    positions.set(key, found)
    const entry = await found
    return entry === undefined ? [] : [{ id, position: entry.position, index: ref.index }]
  }
  const all = rows.map(async (row): Promise<KnownRow[]> => {
    const own = await entryAt(positionOfRow(row.id))
    const first = row.position === own?.position ? own : await entryAt(row.position)
    if (own === undefined || first === undefined) return []
    const host = own.branch === null ? own.host : `${own.host}~${own.branch}`
    const ids = recordsOf(recordId(host, first.seq, Math.max(row.record, 0)), row.context)
    const places = await Promise.all(ids.map((id) => placeOf(id, own)))
    const header = headerOf(row.context)
    const how = {
      dataset: row.dataset,
      ordinal: ordinalOf(row.context),
      isCut: isCut(row.context),
      ...(header !== undefined && { header }),
    }
    return [{ row, records: { places: places.flat(), ...how } }]
  })
  return (await Promise.all(all)).flat()
}

export function toEventRow({ row, records }: KnownRow, document: Document, names: Names): EventRow {
  const host = withoutBranch(names.hostOf(row.host) ?? '')
  return {
    record: records.places[0]?.id ?? '',
    host: { id: host, name: names.nameOf(host) },
    source: names.sourceOf(row.source) ?? '',
    at: toTime(row.at),
    hostAt: toTime(row.host_at),
    readAt: toTime(row.read_at),
    receivedAt: toTime(row.received_at),
    position: row.position,
    document,
  }
}

export function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
