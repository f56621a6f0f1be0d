import type { Database, Row, Value } from '../database.ts'
import { numberOf, textOf } from '../database-row.ts'
import type { Event } from '../decoder.ts'
import { instantOfMicros, instantOfSeconds } from '../epoch.ts'
import { type Download, downloadEvent } from './event.ts'

const mostInChain = 100

export function* chromiumDownloads(database: Database): Generator<Event> {
  const chains = urlChains(database)
  for (const row of database.table('downloads')?.rows() ?? [])
    yield downloadEvent(downloadOf(row, chains.get(row.number ?? null) ?? []), database)
}

function downloadOf(row: Row, chain: readonly string[]): Download {
  const { values } = row
  const state = numberOf(row, 'state')
  return {
    row,
    browser: 'chromium',
    start: timeOf(values.get('start_time')),
    end: timeOf(values.get('end_time')),
    // Before version 26 there was no chain.
    url: chain.at(-1) ?? textOf(row, 'url'),
    referrer: textOf(row, 'referrer'),
    path: textOf(row, 'target_path') ?? textOf(row, 'current_path') ?? textOf(row, 'full_path'),
    size: numberOf(row, 'received_bytes'),
    sha256: sha256Of(values.get('hash')),
    mimeType: textOf(row, 'mime_type') ?? textOf(row, 'original_mime_type'),
    outcome: state === 1 ? 'success' : state === 2 || state === 3 || state === 4 ? 'failure' : 'unknown',
    more: {
      id: row.number === undefined ? undefined : Number(row.number),
      guid: textOf(row, 'guid'),
      url_chain: chain.length > 1 ? chain : undefined,
      state: state === undefined ? undefined : (states[state] ?? String(state)),
      danger: nameOf(dangers, numberOf(row, 'danger_type')),
      interrupt_reason: numberOf(row, 'interrupt_reason') || undefined,
      opened: numberOf(row, 'opened') === undefined ? undefined : numberOf(row, 'opened') === 1,
      last_opened: timeOf(values.get('last_access_time')),
      total_bytes: numberOf(row, 'total_bytes'),
      current_path: textOf(row, 'current_path'),
      site_url: textOf(row, 'site_url'),
      tab_url: textOf(row, 'tab_url'),
      tab_referrer_url: textOf(row, 'tab_referrer_url'),
      by_extension: textOf(row, 'by_ext_name') ?? textOf(row, 'by_ext_id'),
      etag: textOf(row, 'etag'),
      last_modified: textOf(row, 'last_modified'),
    },
  }
}

/** Before version 26 the times of downloads were seconds since 1970. */
function timeOf(value: Value | undefined): string | undefined {
  const isOld = (typeof value === 'number' || typeof value === 'bigint') && value > 0 && value < 100_000_000_000
  return isOld ? instantOfSeconds(value, 1970) : instantOfMicros(value, 1601)
}

/** Addresses a download was led through, the first one first. */
function urlChains(database: Database): ReadonlyMap<Value, string[]> {
  const chains = new Map<Value, string[]>()
  for (const row of database.table('downloads_url_chains')?.rows() ?? []) {
    const [id, index, url] = [row.values.get('id') ?? null, numberOf(row, 'chain_index'), textOf(row, 'url')]
    const chain = chains.get(id) ?? []
    chains.set(id, chain)
    if (url !== undefined && index !== undefined && index >= 0 && index < mostInChain) chain[index] = url.slice(0, 8192)
  }
  for (const [id, chain] of chains)
    chains.set(
      id,
      chain.filter((url) => url !== undefined),
    )
  return chains
}

function sha256Of(value: Value | undefined): string | undefined {
  return value instanceof Uint8Array && value.length === 32 ? Buffer.from(value).toString('hex') : undefined
}

const states = ['in-progress', 'complete', 'cancelled', 'interrupted', 'interrupted'] as const

/** What the browser thought of the file (Chromium, components/download/public/common/download_danger_type.h). */
const dangers = [
  'not-dangerous',
  'dangerous-file',
  'dangerous-url',
  'dangerous-content',
  'maybe-dangerous-content',
  'uncommon-content',
  'user-validated',
  'dangerous-host',
  'potentially-unwanted',
  'allowed-by-policy',
  'scanning',
  'blocked-password-protected',
  'blocked-too-large',
  'sensitive-content-warning',
  'sensitive-content-block',
  'scanned-safe',
  'scanned-opened-dangerous',
  'prompt-for-scanning',
  'blocked-unsupported-filetype',
  'dangerous-account-compromise',
  'scan-failed',
  'prompt-for-local-password-scanning',
  'local-password-scanning',
  'blocked-scan-failed',
] as const

function nameOf(names: readonly string[], number: number | undefined): string | undefined {
  return number === undefined ? undefined : (names[number] ?? String(number))
}
