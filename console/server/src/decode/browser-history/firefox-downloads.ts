import type { Database } from '../database.ts'
import { hasColumns, numberOf, textOf } from '../database-row.ts'
import type { Event } from '../decoder.ts'
import { instantOfMicros } from '../epoch.ts'
import { fileOfAddress } from '../file-path.ts'
import { downloadEvent } from './event.ts'

/** `downloads.sqlite` of Firefox up to version 20. */
export function isOldDownloads(database: Database): boolean {
  return hasColumns(database, 'moz_downloads', ['source', 'target', 'starttime', 'state'])
}

/** From 0 (Mozilla, nsIDownloadManager.idl, and DownloadHistory.sys.mjs for those from 6 on). */
const states = [
  'in-progress',
  'complete',
  'failed',
  'cancelled',
  'paused',
  'queued',
  'blocked-parental',
  'scanning',
  'blocked-reputation',
  'blocked-policy',
  'blocked-content-analysis',
] as const

export function stateOf(state: number | undefined): string | undefined {
  return state === undefined ? undefined : (states[state] ?? String(state))
}

export function outcomeOf(state: number | undefined): 'success' | 'failure' | 'unknown' {
  if (state === 1) return 'success'
  return state === 2 || state === 3 || state === 6 || (state !== undefined && state >= 8) ? 'failure' : 'unknown'
}

export function* oldDownloadEvents(database: Database): Generator<Event> {
  for (const row of database.table('moz_downloads')?.rows() ?? []) {
    const state = numberOf(row, 'state')
    yield downloadEvent(
      {
        row,
        browser: 'firefox',
        start: instantOfMicros(row.values.get('starttime'), 1970),
        end: instantOfMicros(row.values.get('endtime'), 1970),
        url: textOf(row, 'source'),
        referrer: textOf(row, 'referrer'),
        path: fileOfAddress(textOf(row, 'target')),
        size: numberOf(row, 'currbytes'),
        mimeType: textOf(row, 'mimetype'),
        outcome: outcomeOf(state),
        more: { state: stateOf(state), total_bytes: numberOf(row, 'maxbytes'), name: textOf(row, 'name') },
      },
      database,
    )
  }
}
