import type { Database, Row } from '../database.ts'
import { hasColumns, numberOf, rowPlace, textOf } from '../database-row.ts'
import type { Event } from '../decoder.ts'
import { instantOfSeconds } from '../epoch.ts'
import { urlFields } from '../url.ts'
import { given, visitEvent } from './event.ts'
import { rowsByNumber } from './rows.ts'

/** `History.db` of Safari since version 8. */
export function isSafari(database: Database): boolean {
  return (
    hasColumns(database, 'history_items', ['url', 'visit_count']) &&
    hasColumns(database, 'history_visits', ['history_item', 'visit_time'])
  )
}

export function* safariEvents(database: Database): Generator<Event> {
  const items = rowsByNumber(database.table('history_items'))
  const visits = rowsByNumber(database.table('history_visits'))
  const urlOf = (visit: Row | undefined) => textOf(items(visit?.values.get('history_item')), 'url')
  for (const row of database.table('history_visits')?.rows() ?? []) {
    const { values } = row
    yield visitEvent(
      {
        row,
        browser: 'safari',
        at: instantOfSeconds(values.get('visit_time'), 2001),
        url: urlOf(row),
        title: textOf(row, 'title'),
        ...(numberOf(row, 'load_successful') === 0 && { outcome: 'failure' as const }),
        more: {
          redirected_from: urlOf(visits(values.get('redirect_source'))),
          redirected_to: urlOf(visits(values.get('redirect_destination'))),
          visit_count: numberOf(items(values.get('history_item')), 'visit_count'),
          // Of another device of the same account.
          source: numberOf(row, 'origin') === 1 ? 'synced' : undefined,
          is_post: numberOf(row, 'http_non_get') === 1 ? true : undefined,
          synthesized: numberOf(row, 'synthesized') === 1 ? true : undefined,
        },
      },
      database,
    )
  }
  for (const row of database.table('history_tombstones')?.rows() ?? []) yield deletion(row, database)
}

/** What was deleted, for the other devices of the account: a span of visits. When it was done is not told. */
function deletion(row: Row, database: Database): Event {
  const url = textOf(row, 'url')
  const [from, to] = ['start_time', 'end_time'].map((name) => instantOfSeconds(row.values.get(name), 2001))
  const event: Event = {
    event: { kind: 'event', dataset: 'browser-history', category: ['web'], type: ['info'], action: 'history-deleted' },
    message: `visits ${url === undefined ? '' : `of ${url.slice(0, 1024)} `}were deleted from the history`,
    tidewaiter: { ...rowPlace(row, database), browser: 'safari', deleted: given({ from, to }) },
  }
  if (url !== undefined) event.url = urlFields(url)
  return event
}
