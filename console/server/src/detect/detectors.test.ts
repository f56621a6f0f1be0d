import { readdirSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { cbpRows } from '../cbp.ts'
import { columns } from '../index/columns.ts'
import { openStore } from '../store/store.ts'
import { detectorCards } from './cards.ts'
import { inWords } from './detector.ts'
import { openEventTable } from './event-table.ts'
import { eventsOf, findingsIn } from './events.fixture.ts'
import { detectors } from './index.ts'

const folder = readdirSync(new URL('./ioc', import.meta.url))

test('the list holds every detector of the folder: one that has an attack is one', () => {
  const fixtures = readdirSync(new URL('./ioc/fixtures', import.meta.url))
  const attacked = fixtures.flatMap((name) => /^(.+)\.attack\.jsonl$/.exec(name)?.[1] ?? [])

  expect(detectors.map(({ id }) => id).sort()).toEqual(attacked.sort())
  expect(folder).toEqual(expect.arrayContaining(detectors.map(({ id }) => `${id}.ts`)))
})

describe.each(detectors)('$id', (detector) => {
  const findingsOf = async (fixture: string) =>
    (await findingsIn(eventsOf(`${detector.id}.${fixture}`))).filter((finding) => finding.detector === detector.id)

  test('fires on its attack, and what it says can be opened back to records', async () => {
    const findings = await findingsOf('attack')

    expect(findings).not.toEqual([])
    const records = new Set(eventsOf(`${detector.id}.attack`).map(({ tidewaiter }) => tidewaiter.record))
    for (const finding of findings) {
      expect(finding.title).toMatch(/\d/)
      expect(finding.why).not.toEqual([])
      expect(finding.records).not.toEqual([])
      expect(finding.records.every((record) => records.has(record))).toBe(true)
      expect(finding.records.length).toBeLessThanOrEqual(200)
    }
  })

  test('stays silent on a clean day', async () => {
    expect(await findingsOf('clean')).toEqual([])
  })

  test('tells what it looks for, what to doubt, what to do next and what it cannot see', () => {
    expect(detector.row === undefined || cbpRows.includes(detector.row)).toBe(true)
    for (const words of [detector.title, detector.knownGap, ...detector.falsePositives, ...detector.nextSteps])
      expect(words.length).toBeGreaterThan(20)
    for (const setting of Object.values(detector.settings)) expect(inWords(setting)).toContain(String(setting.value))
  })

  test('is blind on a host from which nothing it reads arrived, which is not the same as clear', async () => {
    const store = await openStore({ file: ':memory:' })
    await store
      .insertInto('host')
      .values(['sees', 'blind'].map((id) => ({ ...host, id, name: id })))
      .execute()

    const cards = await detectorCards(store, {
      datasetsOf: async (id) => (id === 'sees' ? ['something-else', detector.reads[0] ?? ''] : ['something-else']),
    })

    expect(cards.find(({ id }) => id === detector.id)).toMatchObject({ sees: ['sees'], blind: ['blind'] })
    await store.destroy()
  })

  test('takes no longer in a flood because nothing told the planner of it', () => {
    const db = new DatabaseSync(':memory:')
    const names = Object.keys(columns)
    // As the days of the index: an index on host and time, no statistics, and a view that names hosts and times.
    db.exec(`create table day (${names.join(', ')}); create index day_host_at on day (host, at)`)
    db.exec('create temp view event as select * from day where host in (1, 2) and at >= 0 and at < 3600000')
    const insert = db.prepare(`insert into day (${names.join(', ')}) values (${names.map((name) => `$${name}`)})`)
    const none = Object.fromEntries(names.map((name) => [name, null]))
    for (let n = 0; n < flood; n++) {
      const place = { at: n * (3_600_000 / flood), position: n, record: 0, host: 1 }
      const who = { user: `user${n % 2000}`, source_ip: `203.0.113.${n % 100}` }
      const what = { dataset: detector.reads[0] ?? '', category: ' authentication ', outcome: 'failure' }
      insert.run({ ...none, ...place, ...who, ...what })
    }
    const from = process.cpuUsage()

    const rows = db.prepare(detector.measure).all()

    expect(rows.length).toBeLessThanOrEqual(1000)
    // About one; to compare each with each takes twelve, and grows with the square.
    expect(process.cpuUsage(from).user / 1e6).toBeLessThan(5)
    db.close()
  })

  test('counts the same of the same events, in whatever order they came in', () => {
    const events = eventsOf(`${detector.id}.attack`)

    expect(measured(events.toReversed())).toEqual(measured(events))

    function measured(order: typeof events) {
      const table = openEventTable()
      for (const event of order) {
        const at = Date.parse(event['@timestamp'] ?? '')
        table.add(event, { host: 1, at, position: 0, record: events.indexOf(event) })
      }
      const { windowMs, measure } = detector
      const rows = table.windowsOf(1, windowMs).map((fromMs) => {
        return table.measure(measure, { host: 1, fromMs, toMs: fromMs + windowMs })
      })
      table.close()
      return rows
    }
  })
})

const flood = 30_000

const host = {
  kind: 'agent',
  os: 'Debian 12',
  platform: 'linux',
  public_key: Buffer.alloc(1),
  agent: '0.1.0',
  state: 'active',
  enrolled_at: '2026-10-01T00:00:00.000Z',
} as const
