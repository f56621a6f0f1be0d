import type { Database, Row, Value } from '../database.ts'
import { hasColumns, numberOf, textOf } from '../database-row.ts'
import type { Event } from '../decoder.ts'
import { instantOfMicros } from '../epoch.ts'
import { chromiumDownloads } from './chromium-downloads.ts'
import { given, visitEvent } from './event.ts'
import { rowsByNumber } from './rows.ts'

/** `History` of Chrome, Edge, Brave, Opera and others: which one it was stands in its path alone. */
export function isChromium(database: Database): boolean {
  return (
    hasColumns(database, 'urls', ['url', 'title']) &&
    hasColumns(database, 'visits', ['url', 'visit_time', 'from_visit', 'transition'])
  )
}

export function* chromiumEvents(database: Database): Generator<Event> {
  const pages = rowsByNumber(database.table('urls'))
  const visits = rowsByNumber(database.table('visits'))
  const sources = rowsByNumber(database.table('visit_source'))
  const terms = searchTerms(database)
  for (const row of database.table('visits')?.rows() ?? []) {
    const { values } = row
    const page = pages(values.get('url'))
    const from = visits(values.get('from_visit'))
    yield visitEvent(
      {
        row,
        browser: 'chromium',
        at: instantOfMicros(values.get('visit_time'), 1601),
        url: textOf(page, 'url'),
        title: textOf(page, 'title'),
        duration: numberOf(row, 'visit_duration'),
        more: {
          from_url: textOf(pages(from?.values.get('url')), 'url'),
          ...transitionOf(numberOf(row, 'transition')),
          source: sourceOf(row, sources),
          search_term: terms.get(values.get('url') ?? null),
          ...countsOf(page),
        },
      },
      database,
    )
  }
  yield* chromiumDownloads(database)
}

function countsOf(page: Row | undefined): Record<string, unknown> {
  return given({
    visit_count: numberOf(page, 'visit_count'),
    typed_count: numberOf(page, 'typed_count'),
    hidden: numberOf(page, 'hidden') === 1 ? true : undefined,
  })
}

function searchTerms(database: Database): ReadonlyMap<Value, string> {
  const terms = new Map<Value, string>()
  for (const row of database.table('keyword_search_terms')?.rows() ?? []) {
    const [page, term] = [row.values.get('url_id'), textOf(row, 'term')]
    if (page !== undefined && term !== undefined) terms.set(page, term.slice(0, 1024))
  }
  return terms
}

/** How a visit came about: the low byte of `transition` (Chromium, ui/base/page_transition_types.h). */
const transitions = [
  'link',
  'typed',
  'bookmark',
  'subframe',
  'manual-subframe',
  'generated',
  'start-page',
  'form-submit',
  'reload',
  'keyword',
  'keyword-generated',
] as const

const qualifiers: readonly (readonly [bit: number, name: string])[] = [
  [0x00800000, 'blocked'],
  [0x01000000, 'forward-back'],
  [0x02000000, 'from-address-bar'],
  [0x04000000, 'home-page'],
  [0x08000000, 'from-api'],
  [0x10000000, 'chain-start'],
  [0x20000000, 'chain-end'],
  [0x40000000, 'client-redirect'],
  [0x80000000, 'server-redirect'],
]

function transitionOf(transition: number | undefined): Record<string, unknown> {
  if (transition === undefined) return {}
  // Qualifiers are a mask of 32 bits, of which the highest makes the number negative.
  const mask = Number(BigInt.asUintN(32, BigInt(Math.trunc(transition))))
  return {
    transition: transitions[mask & 0xff] ?? String(mask & 0xff),
    qualifiers: qualifiers.filter(([bit]) => (mask & bit) !== 0).map(([, name]) => name),
  }
}

/** Where it is from, if the browser was not the one that visited (Chromium, history_types.h). */
const sources = ['synced', 'browsed', 'extension', 'firefox-import', 'ie-import', 'safari-import'] as const

function sourceOf(row: Row, table: (number: Value | undefined) => Row | undefined): string | undefined {
  // Since 2022 a visit of another device bears the id of that.
  if (textOf(row, 'originator_cache_guid') !== undefined) return 'synced'
  const source = numberOf(table(row.number), 'source')
  return source === undefined ? undefined : (sources[source] ?? String(source))
}
