import type { Database, Row } from '../database.ts'
import { rowPlace } from '../database-row.ts'
import type { Event } from '../decoder.ts'
import { filePath } from '../file-path.ts'
import { urlFields } from '../url.ts'

const dataset = 'browser-history'
const mostTitle = 1024

export interface Visit {
  row: Row
  browser: 'chromium' | 'firefox' | 'safari'
  at: string | undefined
  url: string | undefined
  title?: string | undefined
  /** Microseconds. */
  duration?: number | undefined
  outcome?: 'success' | 'failure'
  /** Without those that are undefined. */
  more: Fields
}

type Fields = Readonly<Record<string, unknown>>

export function visitEvent(visit: Visit, database: Database): Event {
  const { row, browser, at, url, duration, outcome } = visit
  const title = visit.title?.slice(0, mostTitle)
  const event: Event = {
    event: { kind: 'event', dataset, category: ['web'], type: ['access'], action: 'page-visited' },
    message: `visited ${url === undefined ? 'a page whose address is not there' : url.slice(0, mostTitle)}${title === undefined ? '' : ` (${title})`}`,
    tidewaiter: {
      ...rowPlace(row, database),
      browser,
      visit: given({ id: row.number === undefined ? undefined : Number(row.number), title, ...visit.more }),
    },
  }
  if (at !== undefined) event['@timestamp'] = at
  if (url !== undefined) event.url = urlFields(url)
  if (duration !== undefined && duration > 0) event.event.duration = duration * 1000
  if (outcome !== undefined) event.event.outcome = outcome
  return event
}

export interface Download {
  row: Row
  browser: Visit['browser']
  start: string | undefined
  end?: string | undefined
  /** The address that gave the file. */
  url: string | undefined
  referrer?: string | undefined
  path: string | undefined
  size?: number | undefined
  sha256?: string | undefined
  mimeType?: string | undefined
  outcome: 'success' | 'failure' | 'unknown'
  more: Fields
}

export function downloadEvent(download: Download, database: Database): Event {
  const { row, browser, start, end, url, referrer, outcome, sha256 } = download
  const path = download.path === undefined ? undefined : filePath(download.path)
  const event: Event = {
    event: {
      kind: 'event',
      dataset,
      category: ['web', 'file'],
      type: ['access', 'creation'],
      action: 'file-downloaded',
      outcome,
    },
    message: `${words[outcome]} ${url?.slice(0, mostTitle) ?? 'a file'}${path === undefined ? '' : ` to ${path.path}`}`,
    file: given({
      ...path,
      size: download.size,
      mime_type: download.mimeType,
      hash: sha256 === undefined ? undefined : { sha256 },
      origin_url: url?.slice(0, 8192),
      origin_referrer_url: referrer?.slice(0, 8192),
    }),
    tidewaiter: { ...rowPlace(row, database), browser, download: given(download.more) },
  }
  if (start !== undefined) event['@timestamp'] = start
  if (start !== undefined && end !== undefined) Object.assign(event.event, { start, end })
  if (url !== undefined) event.url = urlFields(url)
  return event
}

const words = { success: 'downloaded', failure: 'began to download', unknown: 'is downloading' } as const

/** Without what is undefined; text is bounded. */
export function given(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, 8192) : value]),
  )
}
