import { afterEach, beforeEach, expect, test } from 'vitest'
import { cutTo } from './cut-spans.ts'
import { logLines, openTestConsole, span, type TestConsole } from './index.fixture.ts'

const nowMs = Date.parse('2026-11-24T12:10:00Z')
const auth = 'log-file:/var/log/auth.log'
const past = 'log-file:history:/var/log/auth.log'
let console: TestConsole

beforeEach(async () => {
  console = await openTestConsole({ now: () => nowMs })
})

afterEach(async () => {
  await console.close()
})

/** A log that held lines of November when it was first looked at, and rotated ones of March of which one file is lost. */
async function aHost(): Promise<string> {
  const host = await console.host('desk-1')
  const at = '2026-11-24T12:00:00.000Z'
  const line = (day: string) => `${day} 10:00:00 desk-1 app[1]: hello`
  const lost = [
    { source: past, count: null, cause: 'auth.log.4.xz is compressed in a way that is not read', from: at, to: at },
  ]
  await host.send({
    chunks: [
      logLines([line('Mar 28'), line('Mar 29'), line('Apr 20')], { source: past, at }),
      logLines([line('Nov 20'), 'Nov 24 12:00:30 desk-1 app[1]: after the first look'], { source: auth, at }),
    ],
    statement: {
      from: at,
      to: at,
      sources: [span(0, 100, { id: past, count: 3 }), span(0, 60, { id: auth, count: 2 })],
      lost,
    },
  })
  await console.caughtUp()
  return host.id
}

async function coverageIn(host: string, from: string, to: string): Promise<string[]> {
  const coverage = (await console.index.coverageOfAll()).get(host) ?? []
  const time = { fromMs: Date.parse(from), toMs: Date.parse(to) }
  const readBack = await console.index.readBack(host, { coverage, ...time })
  return cutTo(coverage, { ...time, nowMs, readBack }).map(
    ({ id, state, from, to, records, why }) =>
      `${id} ${state} ${from.slice(0, 10)} ${to.slice(0, 10)} ${records} ${why ?? ''}`,
  )
}

const says = (count: number) =>
  `It was first looked at on 2026-11-24T12:00:00.000Z, and read back then: ${count} of its events have a time in this span. ` +
  'What had been removed or left out before cannot be known.'

test('of a time before its first look a log says how many events of it were read back, and what of its history was lost', async () => {
  const host = await aHost()

  expect(await coverageIn(host, '2026-03-27', '2026-04-08')).toEqual([
    `${auth} not-asked 2026-03-27 2026-04-08 0 ${says(0)}`,
    `${past} not-asked 2026-03-27 2026-04-08 2 ${says(2)}`,
    `${past} lost 2026-03-27 2026-04-08 null auth.log.4.xz is compressed in a way that is not read (of its history: of which time is not known)`,
  ])
  expect(await coverageIn(host, '2026-11-20', '2026-11-21')).toContain(
    `${auth} not-asked 2026-11-20 2026-11-21 1 ${says(1)}`,
  )
})

test('a loss of a history is none of the time behind the first look, and events of then are not read back', async () => {
  const host = await aHost()

  const coverage = await coverageIn(host, '2026-11-24T12:00:00Z', '2026-11-24T12:10:00Z')

  expect(coverage.filter((row) => row.includes('not-asked'))).toEqual([])
  expect(await coverageIn(host, '2026-11-24T12:05:00Z', '2026-11-24T12:10:00Z')).not.toContainEqual(
    expect.stringContaining('lost'),
  )
})
