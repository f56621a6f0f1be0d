import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { addItem, createIncident } from '../incidents/incidents.ts'
import { decide, findingsOf, getFinding, listFindings } from './decide.ts'
import { openTestConsole, type TestConsole } from './engine.fixture.ts'
import { eventsOf, series, signIn } from './events.fixture.ts'
import { detectors } from './index.ts'

const by = { who: 'analyst@halyard-customs.example', at: '2026-11-24T12:00:00.000Z' }
const from = '203.0.113.77'
let console: TestConsole

beforeEach(async () => {
  console = await openTestConsole()
  return () => console.close()
})

const bout = (at: string, count = 8) => series(count, 4, { at, from, user: 'root' })
const titles = async () => (await listFindings(console.store, {})).rows.map(({ title }) => title)
const only = async () => {
  const { rows } = await listFindings(console.store, {})
  expect(rows).toHaveLength(1)
  return rows[0]!
}

test('what comes in is judged, published with its records, and told to the screens', async () => {
  await console.take(eventsOf('login-red-flags.attack'))

  const { rows } = await listFindings(console.store, {})
  expect(rows).toHaveLength(4)
  expect(rows.at(-1)).toMatchObject({
    row: 'Other login red flags',
    host: { id: 'host-1', name: 'host-1' },
    subject: { type: 'address', value: from },
    count: 46,
    verdict: 'open',
  })
  expect(rows[0]?.records[0]).toMatch(/^host-1\/\d+\/0$/)
  expect(console.topics()).toEqual(['findings', 'overview'])
})

test('the same evidence a second time changes nothing, and nobody is told', async () => {
  const events = eventsOf('login-red-flags.attack')
  await console.take(events)
  const before = await console.store.selectFrom('finding').selectAll().execute()
  console.topics()

  await console.reindex(events)

  expect(await console.store.selectFrom('finding').selectAll().execute()).toEqual(before)
  expect(console.topics()).toEqual([])
})

test('however the evidence comes in, the findings are the same', async () => {
  const events = eventsOf('login-red-flags.attack').filter(({ event }) => event.category?.includes('authentication'))
  const parts = Array.from({ length: 5 }, (_, n) => events.filter((_event, at) => at % 5 === n))
  await console.take(events)
  const expected = (await listFindings(console.store, {})).rows.map(({ id: _, records, ...rest }) => rest)

  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(parts, { minLength: 5 }), async (order) => {
      const other = await openTestConsole()
      for (const part of order) await other.take(part)
      const found = (await listFindings(other.store, {})).rows.map(({ id: _, records, ...rest }) => rest)
      await other.close()
      expect(found).toEqual(expected)
    }),
    { numRuns: 6 },
  )
})

test('hosts are judged apart', async () => {
  await console.take(bout('2026-10-27T02:00:00Z', 4), 'host-1')
  await console.take(bout('2026-10-27T02:00:00Z', 4), 'host-2')

  expect(await titles()).toEqual([])
})

test('what comes in a burst is judged when the index has caught up with it', async () => {
  console.fallBehind(1000)
  await console.take(bout('2026-10-27T02:00:00Z'))
  expect(await titles()).toEqual([])

  console.fallBehind(0)
  await console.advance(1)
  expect(await titles()).toHaveLength(1)
})

test('a burst that does not end is judged, too', async () => {
  console.fallBehind(1000)
  await console.take(bout('2026-10-27T02:00:00Z'))
  await console.advance(10_000)
  expect(await titles()).toHaveLength(1)
})

test('a finding grows with its evidence and keeps its id and what was decided', async () => {
  await console.take(bout('2026-10-27T02:10:00Z'))
  const { id } = await only()
  await decide(console.store, id, { verdict: 'confirmed', reason: '' }, by)

  await console.take(bout('2026-10-27T03:10:00Z'))
  await console.take(bout('2026-10-27T00:10:00Z'))

  expect(await only()).toMatchObject({ id, count: 24, verdict: 'confirmed', firstAt: '2026-10-27T00:10:00.000Z' })
})

test('late evidence that joins two findings keeps the older id, and the other leads to it', async () => {
  await console.take(bout('2026-10-27T14:00:00Z'))
  const older = await only()
  await console.advance(60_000)
  await console.take(bout('2026-10-27T02:00:00Z'))
  const younger = (await listFindings(console.store, {})).rows.find(({ id }) => id !== older.id)
  await decide(console.store, older.id, { verdict: 'benign', reason: 'ordered test' }, by)

  await console.take(bout('2026-10-27T08:00:00Z', 1))

  expect(await only()).toMatchObject({ id: older.id, count: 17, verdict: 'benign', reason: 'ordered test' })
  expect(await getFinding(console.store, younger?.id ?? '')).toMatchObject({ id: older.id })
  expect(await findingsOf(console.store, [younger?.id ?? '', older.id])).toHaveLength(1)
})

test('a part that was confirmed confirms the whole when nobody decided on the rest', async () => {
  await console.take(bout('2026-10-27T14:00:00Z'))
  const older = await only()
  await console.advance(60_000)
  await console.take(bout('2026-10-27T02:00:00Z'))
  const younger = (await listFindings(console.store, {})).rows.find(({ id }) => id !== older.id)
  await decide(console.store, younger?.id ?? '', { verdict: 'confirmed', reason: 'seen on the firewall' }, by)

  await console.take(bout('2026-10-27T08:00:00Z', 1))

  expect(await only()).toMatchObject({ id: older.id, verdict: 'confirmed', decidedBy: by.who })
})

test('what a better reading shows no more goes out of sight, and comes back under its id', async () => {
  const attack = bout('2026-10-27T02:00:00Z')
  await console.take(attack)
  const { id } = await only()
  console.topics()

  await console.reindex(attack.slice(0, 3))
  expect(await titles()).toEqual([])
  expect(console.topics()).toEqual(['findings', 'overview'])

  await console.reindex(attack)
  expect(await only()).toMatchObject({ id, count: 8 })
})

test.each(['decided', 'in an incident'])(
  'what is %s stays when nothing shows it any more, and says so',
  async (kept) => {
    const attack = bout('2026-10-27T02:00:00Z')
    await console.take(attack)
    const { id } = await only()
    if (kept === 'decided') await decide(console.store, id, { verdict: 'confirmed', reason: '' }, by)
    else
      await addItem(console.store, await createIncident(console.store, 'Norfolk', by), { kind: 'finding', ref: id }, by)

    await console.reindex(attack.slice(0, 3))
    expect((await only()).why[0]).toContain('does not show this')

    await console.reindex(attack)
    expect(await only()).toMatchObject({ id, count: 8, why: [expect.not.stringContaining('does not show this')] })
  },
)

test('one finding that falls apart keeps its id on the older part', async () => {
  const [first, between, last] = [
    bout('2026-10-27T02:00:00Z'),
    bout('2026-10-27T08:00:00Z', 1),
    bout('2026-10-27T14:00:00Z'),
  ]
  await console.take([...first, ...between, ...last])
  const { id } = await only()

  await console.reindex([...first, ...last])

  const { rows } = await listFindings(console.store, {})
  expect(rows.map(({ count }) => count)).toEqual([8, 8])
  expect(rows[1]?.id).toBe(id)
  expect(rows[0]?.id).not.toBe(id)
})

test('a success hours after the guessing belongs to it, whichever of them came in first', async () => {
  const success = signIn({ at: '2026-10-27T05:40:00Z', from, user: 'root', outcome: 'success' })
  const guessing = bout('2026-10-27T02:10:00Z', 12)

  await console.take([success])
  await console.take(guessing)

  expect(await only()).toMatchObject({ severity: 'high', lastAt: '2026-10-27T05:40:00.000Z' })
})

test('a detector that fails is logged and tried again later, and the others go on', async () => {
  let isBroken = true
  const [good] = detectors
  const bad = {
    ...good!,
    id: 'bad',
    judge: () => {
      if (isBroken) throw new Error('broken')
      return undefined
    },
  }
  const both = await openTestConsole([bad, good!])

  await both.take(bout('2026-10-27T02:00:00Z'))
  expect((await listFindings(both.store, {})).rows.map(({ detector }) => detector)).toEqual([good!.id])
  expect(both.log).toMatchObject([{ msg: 'a detector failed on a window', detector: 'bad' }])

  isBroken = false
  await both.advance(600_000)
  expect(await both.store.selectFrom('tally').select('detector').where('detector', '=', 'bad').execute()).toHaveLength(
    1,
  )
  expect(both.log).toHaveLength(1)
  await both.close()
})

test('what was counted long ago and shows nothing is forgotten; what a finding stands on is kept', async () => {
  await console.take(bout('2026-10-27T02:00:00Z', 2))
  await console.take(series(8, 4, { at: '2026-10-27T02:00:00Z', from: '198.51.100.7', user: 'root' }))

  await console.advance(40 * 86_400_000)

  expect(await console.store.selectFrom('tally').select('subject').execute()).toEqual([
    { subject: 'address 198.51.100.7' },
  ])
})

test('a finding cites at most 200 records and counts all', async () => {
  await console.take(bout('2026-10-27T02:00:00Z', 500))

  const { count, records } = await only()
  expect({ count, records: records.length }).toEqual({ count: 500, records: 200 })
})
