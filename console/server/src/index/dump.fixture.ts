import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openSqlite } from '../store/sqlite.ts'

/** What must be the same for the same ledger, however it was read. Numbers that only the order of writing gives are left out. */
const content: Record<string, Record<string, string>> = {
  events: {
    cursor: 'select * from event_cursor',
    days: 'select day, min_at, max_at, events from day order by day',
    hosts: 'select * from host order by no',
    sources: 'select * from source order by no',
    states: 'select * from event_state order by host, source',
    datasets: 'select * from dataset order by host, dataset',
    hours: 'select * from hour order by host, hour, day',
    progress: 'select source, next, to_ms, period_ms, pause_ms, owned_up from progress order by source',
    spans: 'select source, state, from_ms, to_ms, records, lost, why from span order by source, from_ms, to_ms, state',
    dirty: 'select host, detector, from_ms, to_ms from dirty order by host, detector, from_ms',
    marks: 'select position, code from event_mark order by position',
  },
  values: {
    cursor: 'select * from value_cursor',
    hosts: 'select * from value_host order by no',
    states: 'select * from value_state order by host, source',
    observables: 'select * from observable order by type, key, host',
    allowance: 'select * from allowance order by host, day',
    indicators: 'select id, type, value, until from indicator order by id',
    sightings: 'select indicator, type, key, host from sighting order by indicator, type, key, host',
  },
  'events-': { events: 'select * from event order by id' },
  'text-': { words: 'select * from words_terms order by term, doc, col, offset' },
}

/** Everything an index holds, read from its files when nobody writes them. */
export async function dumpOf(dir: string): Promise<Record<string, unknown[]>> {
  const dump: Record<string, unknown[]> = {}
  for (const file of readdirSync(dir)
    .filter((name) => name.endsWith('.db'))
    .sort()) {
    const kind = file.replace(/\d.*|\.db$/, '')
    const db = await openSqlite(join(dir, file))
    if (kind === 'text-')
      await db.exec("create virtual table temp.words_terms using fts5vocab('main', 'words', 'instance')")
    for (const [name, sql] of Object.entries(content[kind] ?? {})) dump[`${file} ${name}`] = await db.all(sql)
    await db.close()
  }
  return dump
}
