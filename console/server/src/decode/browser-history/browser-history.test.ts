import { describe, expect, test } from 'vitest'
import { cpuMs } from '../cpu.fixture.ts'
import { databaseBytes, eventsOfDatabase, rowEvents, withSqlite } from '../database.fixture.ts'
import { isMissing, truthOf } from '../shared-data.fixture.ts'
import { compared, histories } from './accuracy.fixture.ts'

const sample = (name: string) => rowEvents(databaseBytes(`browser_history/${name}`))

describe.skipIf(isMissing('browser_history'))('histories of real browsers (shared data)', () => {
  test.each(histories)('every visit and every download is what SQLite reads in it: %s', (name, ...queries) => {
    const { expected, found } = compared(name, queries)

    expect(expected.length).toBeGreaterThan(0)
    expect(found).toEqual(expected)
  })

  test('times have the microseconds that others found', () => {
    for (const [name, { latest = [] }] of Object.entries<{ latest?: Record<string, string>[] }>(
      truthOf('browser_history').files,
    )) {
      if (!histories.some(([known]) => known === name)) continue
      const seen = new Set(
        sample(name).map(({ '@timestamp': at, url }) => `${at} ${(url as { original: string } | undefined)?.original}`),
      )
      for (const { url, last_visit_utc, visit_utc } of latest)
        expect(seen).toContain(`${last_visit_utc ?? visit_utc} ${url}`)
    }
  })

  test('a visit says how it came about, and a download what the browser thought of it', () => {
    const [visit, download] = sample('chrome__History-59.0.3071.86')

    expect(visit).toMatchObject({
      event: { dataset: 'browser-history', category: ['web'], action: 'page-visited' },
      url: { domain: 'raw.githubusercontent.com', scheme: 'https' },
      tidewaiter: {
        browser: 'chromium',
        visit: { transition: 'start-page', qualifiers: ['chain-start', 'chain-end'], visit_count: 1 },
        database: { wal: 'not-used' },
      },
    })
    expect(download).toMatchObject({
      '@timestamp': '2018-01-21T14:08:51.811123Z',
      event: { action: 'file-downloaded', outcome: 'success', end: '2018-01-21T14:08:52.662377Z' },
      file: {
        path: '/home/ubuntu/Downloads/plaso-20171231.1.win32.msi',
        extension: 'msi',
        size: 3_080_192,
        mime_type: 'application/octet-stream',
      },
      tidewaiter: { download: { danger: 'maybe-dangerous-content', opened: false } },
    })
  })

  test('a redirect is told with where it led from', () => {
    const redirected = sample('bh__edge_History_1').find(({ tidewaiter }) => 'from_url' in (tidewaiter.visit as object))

    expect(redirected?.tidewaiter.visit).toMatchObject({ qualifiers: expect.arrayContaining(['server-redirect']) })
  })

  test('the list of downloads of old Firefox is read', () => {
    expect(sample('firefox__downloads.sqlite')).toMatchObject([
      {
        '@timestamp': '2013-07-18T18:59:59.312000Z',
        event: { outcome: 'success' },
        file: { path: 'D:/plaso-static-1.0.1-win32-vs2008.zip', size: 15_974_599 },
        url: { domain: 'plaso.googlecode.com' },
      },
    ])
  })

  test('what was deleted from a history of Safari is told, without a time that it does not have', () => {
    const deleted = sample('safari__History.db').filter(({ event }) => event.action === 'history-deleted')

    expect(deleted).toHaveLength(6)
    for (const event of deleted) expect(event).not.toHaveProperty('@timestamp')
  })

  test('what is no history of a browser is told as tables', () => {
    const [event, ...others] = eventsOfDatabase(databaseBytes('browser_history/bh__linux_chrome_History'))

    expect(others).toEqual([])
    expect(event).toMatchObject({ event: { dataset: 'sqlite' }, tidewaiter: { table_count: 3 } })
  })

  test('a visit of an address of 800,000 characters is told by its beginning, as often as it was visited', () => {
    const bytes = databaseBytes('browser_history/chrome__History')
    const long = withSqlite(bytes, ({ ask, bytesNow }) => {
      ask(`update urls set url = 'https://a.example/' || hex(zeroblob(400000))`)
      return bytesNow()
    })
    const startedAt = cpuMs()

    for (const { url } of rowEvents(long)) expect(JSON.stringify(url).length).toBeLessThan(30_000)
    expect(cpuMs() - startedAt).toBeLessThan(5000)
  })
})
