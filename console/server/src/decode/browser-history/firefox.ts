import type { Database, Row, Value } from '../database.ts'
import { hasColumns, numberOf, textOf } from '../database-row.ts'
import type { Event } from '../decoder.ts'
import { instantOfMicros } from '../epoch.ts'
import { fileOfAddress } from '../file-path.ts'
import { type Download, downloadEvent, visitEvent } from './event.ts'
import { outcomeOf, stateOf } from './firefox-downloads.ts'
import { rowsByNumber } from './rows.ts'

/** `places.sqlite` of Firefox, LibreWolf, Tor Browser and Thunderbird. */
export function isFirefox(database: Database): boolean {
  return (
    hasColumns(database, 'moz_places', ['url', 'title']) &&
    hasColumns(database, 'moz_historyvisits', ['place_id', 'visit_date', 'visit_type'])
  )
}

/** `visit_type` from 1 (Mozilla, nsINavHistoryService.idl). */
const types = [
  '',
  'link',
  'typed',
  'bookmark',
  'embed',
  'redirect-permanent',
  'redirect-temporary',
  'download',
  'framed-link',
  'reload',
] as const

export function* firefoxEvents(database: Database): Generator<Event> {
  const places = rowsByNumber(database.table('moz_places'))
  const visits = rowsByNumber(database.table('moz_historyvisits'))
  for (const row of database.table('moz_historyvisits')?.rows() ?? []) {
    const { values } = row
    const place = places(values.get('place_id'))
    const from = visits(values.get('from_visit'))
    const type = numberOf(row, 'visit_type')
    yield visitEvent(
      {
        row,
        browser: 'firefox',
        at: instantOfMicros(values.get('visit_date'), 1970),
        url: textOf(place, 'url'),
        title: textOf(place, 'title'),
        more: {
          from_url: textOf(places(from?.values.get('place_id')), 'url'),
          transition: type === undefined ? undefined : (types[type] ?? String(type)),
          visit_count: numberOf(place, 'visit_count'),
          typed: numberOf(place, 'typed') === 1 ? true : undefined,
          hidden: numberOf(place, 'hidden') === 1 ? true : undefined,
        },
      },
      database,
    )
  }
  for (const download of downloads(database, places)) yield downloadEvent(download, database)
}

const names = { file: 'downloads/destinationFileURI', data: 'downloads/metaData' } as const

/**
 * Since version 21 a download is two annotations of its page: where the file was put, and JSON of how it ended
 * (Mozilla, toolkit/components/downloads/DownloadHistory.sys.mjs). They are written over when it is downloaded again.
 */
function* downloads(database: Database, places: (number: Value | undefined) => Row | undefined): Generator<Download> {
  const annotations = database.table('moz_annos')
  const attributes = new Map<Value, string>()
  for (const row of database.table('moz_anno_attributes')?.rows() ?? [])
    attributes.set(row.number ?? null, textOf(row, 'name') ?? '')
  const of = (row: Row) => attributes.get(row.values.get('anno_attribute_id') ?? null)
  const data = new Map<Value, string>()
  for (const row of annotations?.rows() ?? [])
    if (of(row) === names.data)
      data.set(row.values.get('place_id') ?? null, textOf(row, 'content')?.slice(0, 65_536) ?? '')
  for (const row of annotations?.rows() ?? [])
    if (of(row) === names.file) {
      const place = row.values.get('place_id') ?? null
      yield downloadOf(row, { url: textOf(places(place), 'url'), data: parsed(data.get(place)) })
    }
}

interface Facts {
  state?: unknown
  endTime?: unknown
  fileSize?: unknown
  deleted?: unknown
}

function downloadOf(row: Row, { url, data }: { url: string | undefined; data: Facts }): Download {
  const state = typeof data.state === 'number' ? data.state : undefined
  const end = typeof data.endTime === 'number' ? data.endTime * 1000 : undefined
  return {
    row,
    browser: 'firefox',
    start: instantOfMicros(row.values.get('dateadded'), 1970),
    end: instantOfMicros(end, 1970),
    url,
    path: fileOfAddress(textOf(row, 'content')),
    size: typeof data.fileSize === 'number' ? data.fileSize : undefined,
    outcome: outcomeOf(state),
    more: { state: stateOf(state), deleted: data.deleted === true ? true : undefined },
  }
}

function parsed(text: string | undefined): Facts {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
