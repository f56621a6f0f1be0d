import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expireIndicator, importIndicators } from '../indicators/import.ts'
import { logLines, openTestConsole, span, type TestConsole, type TestHost } from './index.fixture.ts'

let console: TestConsole
let desk: TestHost

beforeEach(async () => {
  console = await openTestConsole({ now: () => Date.parse('2026-11-24T12:10:00Z') })
  desk = await console.host('desk-1')
})

afterEach(() => console.close())

const by = { who: 'analyst', at: '2026-11-24T12:00:00.000Z' }
const failed = (address: string, minute = 10) =>
  `Nov 24 11:${minute}:00 desk-1 sshd[77]: Failed password for admin from ${address} port 4022 ssh2`

describe.each([
  [
    'new evidence meets indicators',
    async (evidence: () => Promise<void>, indicators: () => Promise<void>) => {
      await indicators()
      await evidence()
    },
  ],
  [
    'new indicators meet what is held',
    async (evidence: () => Promise<void>, indicators: () => Promise<void>) => {
      await evidence()
      await indicators()
    },
  ],
] as const)('%s:', (_how, inOrder) => {
  test('an address, a network, a name with what is below it, and an account', async () => {
    await inOrder(
      () =>
        send([
          failed('203.0.113.7'),
          failed('203.0.113.7', 20),
          'Nov 24 11:30:00 desk-1 app[1]: GET http://cdn.evil.example/x',
        ]),
      () => take(['203.0.113.7', '203.0.113.0/24', 'evil.example', '198.51.100.1']),
    )

    expect((await sightings()).sort()).toEqual([
      'cidr 203.0.113.0/24: ip 203.0.113.7 x2 11:10 11:20',
      'domain evil.example: domain cdn.evil.example x1 11:30 11:30',
      'ip 203.0.113.7: ip 203.0.113.7 x2 11:10 11:20',
    ])
    expect(await console.index.sightingsByIndicator()).toHaveProperty('size', 3)
  })

  test('an indicator that had ended before is not met, one that ended later is', async () => {
    await inOrder(
      () => send([failed('203.0.113.7', 10), failed('203.0.113.8', 40)]),
      async () => {
        await take(['203.0.113.7', '203.0.113.8'])
        const rows = await console.store.selectFrom('indicator').select(['id', 'value']).execute()
        for (const { id } of rows)
          await expireIndicator(console.store, id, { who: 'x', at: '2026-11-24T11:30:00.000Z' })
        await console.index.indicatorsChanged()
      },
    )

    expect(await sightings()).toEqual(['ip 203.0.113.7: ip 203.0.113.7 x1 11:10 11:10'])
  })
})

test('a sighting names its records and keeps its id when the index is made again', async () => {
  await take(['203.0.113.7'])
  await send([failed('203.0.113.7'), 'Nov 24 11:11:00 desk-1 app[1]: nothing', failed('203.0.113.7', 12)])
  const before = await console.index.sightings({})
  await console.index.reindex()
  await console.index.indicatorsChanged()
  const after = await console.index.sightings({})

  expect(before.rows[0]).toMatchObject({
    firstRecord: `${desk.id}/1/0`,
    lastRecord: `${desk.id}/1/2`,
    host: { id: desk.id, name: 'desk-1' },
    indicator: { source: 'list' },
  })
  expect(after).toEqual(before)
})

test('sightings come in pages, of one indicator, of one host, and by their ids', async () => {
  await take(['203.0.113.0/24', '198.51.100.0/24'])
  await send(Array.from({ length: 30 }, (_, i) => failed(`203.0.113.${i}`)))
  await send([failed('198.51.100.1')])
  const { rows } = await console.index.sightings({ limit: 1 })

  const seen: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await console.index.sightings({ limit: 8, ...(after !== undefined && { after }) })
    expect(page.total).toBe(31)
    seen.push(...page.rows.map(({ id }) => id))
    if (page.next === undefined) break
    after = page.next
  }
  expect(new Set(seen).size).toBe(31)
  const some = [seen[20], 'f'.repeat(32), seen[3], seen[20]].map((id) => id ?? '')
  expect((await console.index.sightingsById(some)).map(({ id }) => id)).toEqual([seen[20], seen[3]])
  expect(await console.index.sightingsById([])).toEqual([])
  expect((await console.index.sightings({ indicator: rows[0]?.indicator.id ?? '' })).total).toBe(1)
  expect((await console.index.sightings({ host: 'nobody' })).total).toBe(0)
})

test('a sweep is complete only when every source of every host was covered up to now', async () => {
  await take(['203.0.113.7'])
  const at = (minute: number) => `2026-11-24T12:${String(minute).padStart(2, '0')}:00.000Z`
  for (let minute = 0; minute < 10; minute++)
    await desk.send({
      chunks: minute === 3 ? [logLines([failed('203.0.113.7')])] : [],
      statement: {
        from: at(minute),
        to: at(minute),
        sealedAt: at(minute),
        sources: [span(minute * 10, minute * 10 + 10)],
      },
    })
  await console.store
    .updateTable('host')
    .set({ last_seen_at: at(10) })
    .execute()
  await console.caughtUp()

  const complete = await console.index.sweep()
  expect(complete).toMatchObject({ indicators: 1, hosts: 1, complete: true, sightings: [{ count: 1 }] })
  expect(complete.coverage).toEqual([
    {
      host: desk.id,
      source: 'log-file:/var/log/auth.log',
      state: 'covered',
      from: at(0),
      to: at(9),
      records: 10,
      lost: 0,
    },
  ])

  await console.store.updateTable('host').set({ state: 'revoked' }).execute()
  const revoked = await console.index.sweep()
  expect(revoked.complete).toBe(false)
  expect(revoked.coverage.at(-1)).toMatchObject({
    state: 'not-reachable',
    from: at(9),
    to: at(10),
    why: expect.stringContaining('revoked'),
  })
  await console.store.updateTable('host').set({ state: 'active' }).execute()

  await take(['198.51.100.1'])
  const [ended] = await console.store.selectFrom('indicator').select('id').where('value', '=', '198.51.100.1').execute()
  await expireIndicator(console.store, ended?.id ?? '', { ...by, at: at(9) })
  expect(await console.index.sweep()).toMatchObject({ indicators: 1, complete: true, behind: 0 })
  expect((await console.index.sweep([ended?.id ?? ''])).indicators).toBe(1)

  await console.host('never-seen')
  expect((await console.index.sweep()).complete).toBe(false)
  await expect(console.index.sweep(['0'.repeat(32)])).rejects.toMatchObject({ code: 'not-found' })
})

async function take(values: readonly string[]): Promise<void> {
  await importIndicators(console.store, { text: values.join('\n'), source: 'list', format: 'text' }, by)
  await console.index.indicatorsChanged()
}

async function send(lines: readonly string[]): Promise<void> {
  await desk.send({ chunks: [logLines(lines)] })
  await console.caughtUp()
}

async function sightings(): Promise<string[]> {
  const { rows } = await console.index.sightings({})
  return rows.map(({ indicator, observable, count, firstAt, lastAt }) => {
    const time = (at: string) => at.slice(11, 16)
    return `${indicator.type} ${indicator.value}: ${observable.type} ${observable.value} x${count} ${time(firstAt)} ${time(lastAt)}`
  })
}
