import type { Accuracy } from '../accuracy.fixture.ts'
import { databaseBytes, rowEvents, type SqliteRow, withSqlite } from '../database.fixture.ts'
import type { Event } from '../decoder.ts'

/** Microseconds since 1601, 1970 and 2001 as SQLite writes them, to the second: what is finer is held to elsewhere. */
const chromiumTime = (column: string) => `strftime('%Y-%m-%dT%H:%M:%S', ${column} / 1000000 - 11644473600, 'unixepoch')`
const firefoxTime = (column: string) => `strftime('%Y-%m-%dT%H:%M:%S', ${column} / 1000000, 'unixepoch')`

const chromiumVisits = `select 'visit' what, ${chromiumTime('v.visit_time')} at, u.url, u.title, f.url "from" from visits v
  left join urls u on u.id = v.url left join visits p on p.id = v.from_visit left join urls f on f.id = p.url order by v.id`
const oldDownloads = `select 'download' what, strftime('%Y-%m-%dT%H:%M:%S', start_time, 'unixepoch') at, url, full_path path from downloads order by id`
const newDownloads = `select 'download' what, ${chromiumTime('start_time')} at,
  (select url from downloads_url_chains c where c.id = d.id order by chain_index desc limit 1) url, target_path path from downloads d order by id`
const firefoxVisits = `select 'visit' what, ${firefoxTime('v.visit_date')} at, u.url, u.title, f.url "from" from moz_historyvisits v
  left join moz_places u on u.id = v.place_id left join moz_historyvisits p on p.id = v.from_visit
  left join moz_places f on f.id = p.place_id order by v.id`
const safariVisits = `select 'visit' what, strftime('%Y-%m-%dT%H:%M:%S', cast(v.visit_time + 978307200 as integer), 'unixepoch') at, i.url, v.title, null "from"
  from history_visits v left join history_items i on i.id = v.history_item order by v.id`

/** Each sample, and how SQLite is asked for what is in it. */
export const histories: readonly [name: string, ...queries: string[]][] = [
  ['chrome__History', chromiumVisits, oldDownloads],
  ['chrome__History-59.0.3071.86', chromiumVisits, newDownloads],
  ['hindsight__chrome01_History', chromiumVisits, oldDownloads],
  ['hindsight__chrome30_History', chromiumVisits, newDownloads],
  ['bh__edge_History_1', chromiumVisits, newDownloads],
  ['firefox__places.sqlite', firefoxVisits],
  ['bh__librewolf_places.sqlite.gz', firefoxVisits],
  ['bh__win_firefox_places1.sqlite.gz', firefoxVisits],
  ['safari__History.db', safariVisits],
  ['bh__Safari_History.db', safariVisits],
]

/** Visits and downloads of all samples, each field held to what SQLite answers. */
export function historyAccuracy(): Accuracy {
  const sum: Accuracy = { records: 0, right: 0, wrong: 0, missed: 0 }
  for (const [name, ...queries] of histories) {
    const { expected, found } = compared(name, queries)
    const right = expected.filter((row, i) => row === found[i]).length
    sum.records += expected.length
    sum.right += right
    sum.missed += Math.max(0, expected.length - found.length)
    sum.wrong += found.length - right
  }
  return sum
}

export function compared(name: string, queries: readonly string[]): { expected: string[]; found: string[] } {
  const bytes = databaseBytes(`browser_history/${name}`)
  const expected = withSqlite(bytes, ({ ask }) => queries.flatMap((query) => ask(query).map(rowText)))
  const found = rowEvents(bytes).filter(({ event }) => event.action !== 'history-deleted')
  return { expected, found: found.map(eventText) }
}

function rowText({ what, at, url, title, path, from }: SqliteRow): string {
  return [what, at, url, title || path || '', from ?? ''].join(' | ')
}

function eventText(event: Event): string {
  const { '@timestamp': at, event: what, tidewaiter } = event
  // Our own fields, as the decoder gives them.
  const { url, file } = event as { url?: { original: string }; file?: { path?: string } }
  const visit = tidewaiter.visit as { title?: string; from_url?: string } | undefined
  return [
    what.action === 'page-visited' ? 'visit' : 'download',
    at?.slice(0, 19),
    url?.original,
    visit?.title ?? file?.path ?? '',
    visit?.from_url ?? '',
  ].join(' | ')
}
