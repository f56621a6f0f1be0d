import type { EventRow } from '@tidewaiter/protocol/api'
import { parseRecordId } from '../../ledger/record.ts'
import { dayOf, rowIdOf } from '../layout.ts'
import { rowColumns } from '../query/sql.ts'
import { daysOf } from './days.ts'
import { findRecords, type IndexRow, toEventRow } from './rows.ts'
import type { Searching } from './search.ts'

/** Days after the one of a record that are looked through for an event that a later batch completed. */
const mostDays = 30

/** Events that were made of this record, the ones it begins first. Their documents show everything. */
export async function eventsOfRecord(searching: Searching, record: string, asOf: number): Promise<EventRow[]> {
  const { handles, ledger, documents, names } = searching
  const ref = parseRecordId(record)
  const entry = ref === undefined ? undefined : await ledger.find(ref)
  if (ref === undefined || entry === undefined || entry.position >= asOf) return []
  const { position, receivedAtMs } = entry
  const first = dayOf(receivedAtMs)
  const days = (await daysOf(handles, { asOf })).filter(({ name }) => name >= first).slice(0, mostDays)
  const list = rowColumns.map((column) => `"${column}"`).join(', ')
  const own = `id >= ? and id < ? and ((position = ? and record = ?) or context like ?)`
  const carried = 'position <> id / 1048576 and position = ? and record = ? and id < ?'
  const member = `%"${ref.seq}/${ref.index}"%`
  let rows: IndexRow[] = []
  for (const { name } of days) {
    rows = await handles.day(name, (db) =>
      db.all<IndexRow>(
        `select ${list} from event where ${own} union select ${list} from event where ${carried} order by id`,
        [
          rowIdOf(position, 0),
          rowIdOf(position + 1, 0),
          position,
          ref.index,
          member,
          position,
          ref.index,
          rowIdOf(asOf, 0),
        ],
      ),
    )
    if (rows.length > 0) break
  }
  const known = await findRecords(ledger, rows)
  const shown = await documents.of(
    known.map(({ records }) => records),
    true,
  )
  return known.map((row, i) => toEventRow(row, shown[i] ?? {}, names))
}
